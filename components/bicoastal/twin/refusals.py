"""What a command refuses with one message instead of a stack trace."""

import httpx
import psycopg
import pulumi
from docker.errors import DockerException
from requests.exceptions import RequestException

from ..operations.refusal import Refused
from .apply import ApplyFailed, WrongWay
from .base_image import NoBaseImage
from .choices import NotASetting
from .credentials import CredentialsExposed
from .engine import EngineUnavailable
from .health import NotHealthy
from .images import ImageBuildFailed
from .layout import NotATwinName
from .occupancy import PortTaken, RangeTaken
from .ownership import NotOurTwin
from .place import PlaceFailed
from .project import NoProject
from .wan import CutFailed

REFUSALS: tuple[type[Exception], ...] = (
    ApplyFailed,
    CredentialsExposed,
    CutFailed,
    EngineUnavailable,
    ImageBuildFailed,
    NoBaseImage,
    NoProject,
    NotASetting,
    NotATwinName,
    NotHealthy,
    NotOurTwin,
    PlaceFailed,
    PortTaken,
    RangeTaken,
    Refused,
    DockerException,
    RequestException,
    httpx.HTTPError,
    psycopg.OperationalError,
    WrongWay,
    pulumi.InputPropertiesError,
)
