"""A day of one Prometheus in the east, as series that promtool reads: a value each minute."""

from collections.abc import Iterator, Mapping

MINUTES = 24 * 60
PLACES = ("east", "west", "witness")
REGIONS = ("east", "west")
DAY = 86400

Series = dict[str, str]


def name(metric: str, **labels: object) -> str:
    """The series as promtool writes it."""
    listed = ", ".join(f'{key.rstrip("_")}="{value}"' for key, value in sorted(labels.items()))
    return f"{metric}{{{listed}}}"


def steady(value: float) -> str:
    """A gauge that stays."""
    return f"{value}x{MINUTES}"


def growing(per_s: float) -> str:
    """A counter, a value each minute."""
    return f"0+{per_s * 60:g}x{MINUTES}"


def target(job: str, place: str, number: int = 1, **more: str) -> dict[str, str]:
    """The labels of a target; members of clusters carry their name."""
    member = {} if job in ("node", "haproxy", "api") else {"member": f"{place}-{job}-{number}"}
    return {"job": job, "place": place, "instance": f"{place}-{number}:{len(job)}000", **member, **more}


def gauges(values: Mapping[str, float], labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Gauges with the same labels, that stay."""
    for metric, value in values.items():
        yield name(metric, **labels), steady(value)


def up(job: str, places: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """A target in each of these places, that answers."""
    for place in places:
        yield name("up", **target(job, place)), steady(1)
