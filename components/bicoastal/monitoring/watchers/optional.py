"""What watches beside Prometheus, Alertmanager and the exporters: each part only where its group is declared
in `monitoring`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ...checks.problem import Problem


@dataclass(frozen=True, kw_only=True)
class OptionalPart:
    """What a part needs, and what is told of it."""

    images: tuple[str, ...]
    """The images that it is made of: without one of them there is no such part."""
    causes: tuple[str, ...]
    """The groups of rules on causes that only make sense where it runs."""
    credentials: tuple[str, ...] = ()
    """The secrets that it asks for."""


OPTIONAL_PARTS: Mapping[str, OptionalPart] = {
    "grafana": OptionalPart(
        images=("grafana",),
        causes=("grafana",),
        credentials=("grafana_admin_password", "grafana_secret_key"),
    ),
    "logs": OptionalPart(images=("loki", "alloy"), causes=("logs", "collector")),
    "tracing": OptionalPart(images=("jaeger",), causes=("tracing",)),
}
"""By the name of its group in `monitoring`."""
OPTIONAL_CREDENTIALS = tuple(name for part in OPTIONAL_PARTS.values() for name in part.credentials)


def missing_images(had: Iterable[str]) -> dict[str, list[str]]:
    """Each part with those of its images that are not among these; complete parts are left out."""
    there = set(had)
    lacking = {
        name: [image for image in part.images if image not in there] for name, part in OPTIONAL_PARTS.items()
    }
    return {name: images for name, images in lacking.items() if images}


def undeclared_causes(declared: Iterable[str]) -> set[str]:
    """The groups of rules that no declared part asks for: each would miss what is not there, for ever."""
    parts = set(declared)
    wanted = {cause for name in parts & OPTIONAL_PARTS.keys() for cause in OPTIONAL_PARTS[name].causes}
    return {cause for part in OPTIONAL_PARTS.values() for cause in part.causes} - wanted


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
