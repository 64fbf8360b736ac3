"""May this region have traffic? Traffic follows the database, by health."""

from enum import Enum


class PrimaryIs(Enum):
    """Where the writable primary is, as this region sees it."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    NOWHERE = "nowhere"


def region_health(primary: PrimaryIs) -> tuple[int, str]:
    """Status and body of `/region-health` of an API that is up. When none is up, the balancer in front
    answers 503 `api` itself."""
    return {
        PrimaryIs.HERE: (200, "primary"),
        PrimaryIs.ELSEWHERE: (503, "secondary"),
        PrimaryIs.NOWHERE: (503, "no primary"),
    }[primary]
