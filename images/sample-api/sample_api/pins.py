"""Pins: what a client may send, and what a store must do with it."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from .region import PrimaryIs

LONGEST_LABEL = 200
LONGEST_CLIENT = 100
MOST_PINS = 1000


class Invalid(Exception):
    """A value that cannot be used: which, what it was, what is allowed."""

    def __init__(self, field: str, given: object, allowed: str) -> None:
        super().__init__(field)
        self.error = {"field": field, "given": repr(given)[:100], "allowed": allowed}


class NoPrimary(Exception):
    """No writable primary could be reached, or it did not confirm in time."""


@dataclass(frozen=True)
class NewPin:
    """A pin to be stored. Client and sequence name the write, so that it can be sent again."""

    client: str
    sequence: int
    latitude: float
    longitude: float
    label: str

    @classmethod
    def of(cls, body: object) -> "NewPin":
        """The pin that a request's JSON body describes. Raises `Invalid`."""
        if not isinstance(body, Mapping):
            raise Invalid("body", body, "a JSON object")
        return cls(
            client=_text(body, "client", LONGEST_CLIENT, "anonymous"),
            sequence=_sequence(body),
            latitude=_degrees(body, "latitude", 90),
            longitude=_degrees(body, "longitude", 180),
            label=_text(body, "label", LONGEST_LABEL, ""),
        )


@dataclass(frozen=True)
class Pin:
    """A stored pin."""

    id: int
    latitude: float
    longitude: float
    label: str

    def as_json(self) -> dict[str, Any]:
        """For a response."""
        return asdict(self)


@dataclass(frozen=True)
class Box:
    """A part of the map, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of(cls, text: str) -> "Box":
        """The box that `west,south,east,north` describes. Raises `Invalid`."""
        allowed = "west,south,east,north in degrees, south <= north"
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            raise Invalid("bbox", text, allowed) from None
        ordered = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90
        if not ordered:
            raise Invalid("bbox", text, allowed)
        return cls(west, south, east, north)


class Store(Protocol):
    """Where pins are kept. Every method raises `NoPrimary` within seconds rather than hang."""

    async def open(self) -> None:
        """Begin to connect; returns at once."""

    async def close(self) -> None:
        """Give the connections back."""

    async def add(self, pin: NewPin) -> tuple[int, bool]:
        """Store the pin; its id, and whether it is new. Returns only after the commit."""

    async def get(self, number: int) -> Pin | None:
        """The pin of this id."""

    async def within(self, box: Box, limit: int) -> list[Pin]:
        """Pins in the box, the newest first."""

    async def primary_is(self, region: str) -> PrimaryIs:
        """Where the writable primary is; never raises."""


def _text(body: Mapping[str, Any], name: str, longest: int, default: str) -> str:
    value = body.get(name, default)
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise Invalid(name, value, f"text of at most {longest} characters")
    return value


def _degrees(body: Mapping[str, Any], name: str, most: int) -> float:
    value = body.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not -most <= value <= most:
        raise Invalid(name, value, f"a number from -{most} to {most}")
    return float(value)


def _sequence(body: Mapping[str, Any]) -> int:
    value = body.get("sequence", secrets.randbits(62))
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise Invalid("sequence", value, "a whole number from 0 to 2^63 - 1")
    return value
