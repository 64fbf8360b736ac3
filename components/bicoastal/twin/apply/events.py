"""What the Pulumi engine tells while it is at work: its stream of events, one JSON object a line."""

import json
from collections.abc import Mapping
from typing import Any

from ..places import Progress
from .changes import Changes

SERVICE = "docker:index/service:Service"
_STEPS = {
    "create": ("creating", "created", "created"),
    "update": ("updating", "updated", "updated"),
    "delete": ("removing", "removed", "removed"),
    "create-replacement": ("replacing", "replaced", "updated"),
    "delete-replaced": ("removing the old one", "old one removed", None),
}
"""By the engine's word for a step: what is said at its begin and its end, and what it does to a service."""


class Run:
    """One run of the engine, told event by event. `places` is the place by the logical name of its provider;
    `progress` is told of each resource that changes."""

    def __init__(self, places: Mapping[str, str], progress: Progress) -> None:
        self._places, self._progress = places, progress
        self._services: dict[str, set[str]] = {"created": set(), "updated": set(), "removed": set()}
        self._counted: Mapping[str, int] = {}
        self._errors: dict[str, str] = {}
        self._said: list[str] = []

    def tell(self, line: str) -> None:
        """One line of the stream; what is no event is kept as something said."""
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if not isinstance(event, dict):
            self._said.append(line.rstrip())
            return
        if started := event.get("resourcePreEvent"):
            self._step(started["metadata"], begun=True)
        elif ended := event.get("resOutputsEvent"):
            self._step(ended["metadata"], begun=False)
        elif failed := event.get("resOpFailedEvent"):
            self._report(failed["metadata"], "failed")
        elif told := event.get("diagnosticEvent"):
            if told["severity"] == "error":  # of several for one resource the last is the engine's own
                self._errors[told.get("urn", "")] = told["message"].strip()
        elif summary := event.get("summaryEvent"):
            self._counted = summary["resourceChanges"] or {}

    @property
    def changes(self) -> Changes:
        """What changed: services by name, everything by the engine's own count."""
        return Changes(
            **{did: tuple(sorted(names)) for did, names in self._services.items()},
            counted={what: count for what, count in self._counted.items() if what not in ("same", "read")},
        )

    @property
    def diagnostic(self) -> str:
        """The engine's own words for what went wrong, by resource; else the last lines that it said."""
        about = {urn: text for urn, text in self._errors.items() if urn} or self._errors
        told = [f"{_logical_name(urn)}: {text}" if urn else text for urn, text in about.items()]
        return "\n".join(told or self._said[-10:])

    def _step(self, metadata: Mapping[str, Any], *, begun: bool) -> None:
        if metadata["op"] not in _STEPS or self._place(metadata) is None:
            return
        doing, done, did = _STEPS[metadata["op"]]
        self._report(metadata, doing if begun else done)
        if metadata["type"] == SERVICE and did and not begun:
            self._services[did].add(self._name(metadata))

    def _report(self, metadata: Mapping[str, Any], state: str) -> None:
        place = self._place(metadata)
        if place is None:
            return
        if metadata["type"] == SERVICE:
            self._progress(self._name(metadata), state)
        else:
            self._progress(place, f"{self._name(metadata).partition('/')[2]} {state}")

    def _place(self, metadata: Mapping[str, Any]) -> str | None:
        """A provider's reference is its URN, which ends with its logical name, and its id."""
        parts = str(metadata.get("provider") or "").split("::")
        return self._places.get(parts[-2]) if len(parts) > 2 else None

    def _name(self, metadata: Mapping[str, Any]) -> str:
        inputs = ((metadata.get("new") or metadata.get("old") or {}).get("inputs")) or {}
        return f"{self._place(metadata)}/{inputs.get('name') or _logical_name(metadata['urn'])}"


def _logical_name(urn: str) -> str:
    return urn.rpartition("::")[2]
