"""What a command refuses with one message instead of a stack trace."""

import pulumi

from ..operations.refusal import Refused
from .apply import ApplyFailed
from .base_image import NoBaseImage
from .choices import NotASetting
from .credentials import CredentialsExposed
from .drills.region_loss import DrillImpossible
from .engine import EngineUnavailable
from .health import NotHealthy
from .images import ImageBuildFailed
from .layout import NotATwinName
from .occupancy import PortTaken, RangeTaken
from .place import PlaceFailed
from .project import NoProject

REFUSALS: tuple[type[Exception], ...] = (
    ApplyFailed,
    CredentialsExposed,
    DrillImpossible,
    EngineUnavailable,
    ImageBuildFailed,
    NoBaseImage,
    NoProject,
    NotASetting,
    NotATwinName,
    NotHealthy,
    PlaceFailed,
    PortTaken,
    RangeTaken,
    Refused,
    pulumi.InputPropertiesError,
)
