"""The edge's networks as its vendor publishes them now."""

import time
from typing import Any

import httpx

from ..checks.network import EDGE_RANGE, edge_ranges_fit
from .edge_ranges import EdgeRanges

URL = "https://api.cloudflare.com/client/v4/ips"
VENDOR = "Cloudflare"
TIMEOUT_S = 10


class BadAnswer(Exception):
    """The vendor's answer is no list of ranges that could be used."""


def published_ranges(url: str = URL) -> EdgeRanges:
    """The ranges that the vendor's API answers with, dated today.

    Raises `BadAnswer` for any answer that is not a complete list of public ranges of both families, and
    where there is none.
    """
    try:
        answer = httpx.get(url, timeout=TIMEOUT_S)
        if answer.status_code != httpx.codes.OK:
            raise ValueError(f"the status is {answer.status_code}")
        ranges = _ranges(answer.json())
    except (httpx.HTTPError, ValueError) as error:
        raise BadAnswer(f"{url}: {error or type(error).__name__}") from error
    for one in ranges:
        if problem := EDGE_RANGE.problem("range", one):
            raise BadAnswer(f"{url}: {problem}")
    for problem in edge_ranges_fit(ranges):
        raise BadAnswer(f"{url}: {problem}")
    found = EdgeRanges.of(VENDOR, time.strftime("%Y-%m-%d", time.gmtime()), ranges)
    if not found.ipv4 or not found.ipv6:
        raise BadAnswer(f"{url}: no range of {'IPv6' if found.ipv4 else 'IPv4'}")
    return found


def _ranges(answer: Any) -> list[Any]:
    if not isinstance(answer, dict) or answer.get("success") is not True:
        raise ValueError("the API does not say `success`")
    result = answer.get("result")
    ranges: list[Any] = []
    for key in ("ipv4_cidrs", "ipv6_cidrs"):
        found = result.get(key) if isinstance(result, dict) else None
        if not isinstance(found, list):
            raise ValueError(f"there is no list `{key}` in it")
        ranges += found
    return ranges
