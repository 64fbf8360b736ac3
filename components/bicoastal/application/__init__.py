"""The API behind the balancer."""

from .api import Api, ApiArgs
from .route import api_route

__all__ = ["Api", "ApiArgs", "api_route"]
