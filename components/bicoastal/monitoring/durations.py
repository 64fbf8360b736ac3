"""Durations as Prometheus and Alertmanager write them."""

UNITS = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def duration(seconds: int) -> str:
    """`5m` for 300: the largest unit that divides it, so that equal durations are equal texts."""
    if seconds <= 0:
        return "0s"
    unit, size = next((unit, size) for unit, size in UNITS if seconds % size == 0)
    return f"{seconds // size}{unit}"
