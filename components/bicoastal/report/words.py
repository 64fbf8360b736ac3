"""Figures as people read them. None is rounded up to what was not reached."""

import math

from .latency import Quantile

_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def percent(share: float | None, missing: str = "no data") -> str:
    """`99.953 %`, cut after three digits: what is under 100 % never reads as that."""
    if share is None:
        return missing
    cut = math.floor(round(share * 100_000, 6)) / 1000
    return f"{cut:.3f}".rstrip("0").rstrip(".") + " %"


def length(seconds: float | None, missing: str = "no data") -> str:
    """`43 min 12 s`: the two largest units."""
    if seconds is None:
        return missing
    if seconds < 1:
        return f"{seconds:.2f} s" if seconds else "0 s"
    left = round(seconds)
    parts: list[str] = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count or parts:
            parts.append(f"{count} {unit}" if count else "")
    return " ".join(part for part in parts[:2] if part)


def latency(quantile: Quantile) -> str:
    """`48 ms`, or `over 5000 ms` where the last bound says no more."""
    return f"{'over ' if quantile.is_over else ''}{quantile.seconds * 1000:.0f} ms"


def count(number: float) -> str:
    """`12,345`: events are whole, though Prometheus reckons at the ends of a span."""
    return f"{number:,.0f}"
