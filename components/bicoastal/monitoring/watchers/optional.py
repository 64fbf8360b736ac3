"""What watches beside Prometheus, Alertmanager and the exporters: each part only where its group is declared
in `monitoring`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ...checks.problem import Problem
from ..logs.collector import Collector


@dataclass(frozen=True, kw_only=True)
class OptionalPart:
    """What a part needs."""

    images: tuple[str, ...]
    """The images that it is made of: without one of them there is no such part."""
    credentials: tuple[str, ...] = ()
    """The secrets that it asks for."""


OPTIONAL_PARTS: Mapping[str, OptionalPart] = {
    "grafana": OptionalPart(
        images=("grafana",),
        credentials=("grafana_admin_password", "grafana_monitor_password", "grafana_secret_key"),
    ),
    "logs": OptionalPart(images=("loki", "alloy")),
    "tracing": OptionalPart(images=("jaeger",)),
    "replications": OptionalPart(images=("alloy",)),
}
"""By the name of its group in `monitoring`, as it is unless the group says otherwise."""
OPTIONAL_CREDENTIALS = tuple(name for part in OPTIONAL_PARTS.values() for name in part.credentials)


def as_declared(part: str, group: object) -> OptionalPart:
    """What a part needs as its group declares it: logs may have another collector."""
    if part != "logs":
        return OPTIONAL_PARTS[part]
    said: Mapping[str, object] = group if isinstance(group, Mapping) else getattr(group, "__dict__", {})
    collector = said.get("collector") or Collector.ALLOY
    if collector not in (Collector.ALLOY, Collector.ALLOY.value):
        return OptionalPart(images=("loki", Collector.PROMTAIL.value))
    return OPTIONAL_PARTS[part]


def declared_parts(monitoring: Mapping[str, object]) -> dict[str, OptionalPart]:
    """The optional watchers that a group `monitoring` declares, each with what it needs."""
    groups = {part: monitoring.get(part) for part in OPTIONAL_PARTS}
    return {part: as_declared(part, group) for part, group in groups.items() if group is not None}


def missing_images(monitoring: Mapping[str, object], had: Iterable[str]) -> dict[str, list[str]]:
    """Each declared part with those of its images that are not among these; complete parts are left out."""
    there = set(had)
    lacking = {
        name: [image for image in part.images if image not in there]
        for name, part in declared_parts(monitoring).items()
    }
    return {name: images for name, images in lacking.items() if images}


def part_has_what_it_needs(part: str, given: Mapping[str, object]) -> Iterator[Problem]:
    """A declared part has its images and its secrets: each by its path."""
    for path, value in given.items():
        if value is None:
            yield Problem(
                path,
                "missing",
                "nothing",
                f"a value wherever there is 'monitoring.{part}'",
                f"give it, or leave out 'monitoring.{part}'",
            )
