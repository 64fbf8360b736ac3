"""What drills showed, for people and programs: a page, the figures, and a picture for each run."""

import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...templates import render
from .picture import picture
from .series import Series

FOLDER = "reports"


@dataclass(frozen=True)
class Report:
    """All drills of one command."""

    command: str
    """What prints such a report again."""
    series: Sequence[Series]

    @property
    def passed(self) -> bool:
        """Whether every run of every drill did."""
        return all(series.passed for series in self.series)

    def as_json(self) -> dict[str, object]:
        """For `--json` and `report.json`."""
        return {
            "command": self.command,
            "machine": dict(_machine()),
            "passed": self.passed,
            "drills": [series.as_json() for series in self.series],
        }

    def write(self, project_folder: Path) -> Path:
        """Write `reports/<date-time>/report.md`, `report.json` and one SVG per run; the page's path."""
        folder = project_folder / FOLDER / time.strftime("%Y-%m-%d-%H%M%S")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.json").write_text(json.dumps(self.as_json(), indent=1) + "\n")
        page = folder / "report.md"
        page.write_text(
            render(
                "bicoastal.twin",
                "drill_report.md.j2",
                report=self,
                machine=_machine(),
                written=time.strftime("%Y-%m-%d %H:%M:%S %Z"),
            )
        )
        for series in self.series:
            for outcome in series.outcomes:
                (folder / f"{outcome.drill}-{outcome.run}.svg").write_text(picture(outcome))
        return page


def _machine() -> Mapping[str, object]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30),
        "kernel": platform.release(),
    }
