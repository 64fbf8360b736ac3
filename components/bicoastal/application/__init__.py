"""The API behind the balancer."""

from .api import Api, ApiArgs
from .blue_green import BlueGreenApi, BlueGreenApiArgs
from .route import Colour, api_route
from .tracing import ApiTracingArgs

__all__ = ["Api", "ApiArgs", "ApiTracingArgs", "BlueGreenApi", "BlueGreenApiArgs", "Colour", "api_route"]
