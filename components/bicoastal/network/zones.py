"""Which availability zones a region has, without asking it."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

USUAL = "abc"


def default_zones(region: str) -> list[str] | None:
    """Three zones of the region: a, b and c, unless `zones.json` knows it to be otherwise. None where the
    zones differ between accounts."""
    letters = _exceptions().get(region, USUAL)
    return None if letters is None else [f"{region}{letter}" for letter in letters]


@cache
def _exceptions() -> Mapping[str, str | None]:
    known: Mapping[str, str | None] = json.loads(files(__package__).joinpath("zones.json").read_text())[
        "letters"
    ]
    return known
