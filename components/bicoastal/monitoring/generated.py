"""The files that are made of a project's monitoring: committed, so that a change of one is reviewed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .dashboards.outline import outline
from .promtool import trials_file
from .rules import Alert, RuleGroup, rules_file
from .runbooks import section

RULES = "monitoring/rules"
TRIALS = "monitoring/tests"
DASHBOARDS = "monitoring/dashboards"
OUTLINE = "docs/dashboards.md"
RUNBOOKS = "docs/runbooks"
ALERTS = "docs/alerts.md"


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """What a project watches, as data."""

    runbooks: str
    """The address that the pages of runbooks stand under."""
    rules: Mapping[str, Sequence[RuleGroup]]
    """The groups of each file of rules, by its name without `.yaml`."""
    page_heads: Mapping[str, str] = field(default_factory=dict)
    """What a page of runbooks begins with, its title first, by its part. Default: the part as the title."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """The text of each page of runbooks that belongs to no alert, by its file's name."""
    overview: str | None = None
    """The text of the page that lists alerts. Default: there is none."""
    dashboards: Mapping[str, str] = field(default_factory=dict)
    """The text of each dashboard, by its file's name."""

    @property
    def alerts(self) -> list[Alert]:
        """Every alert, in the order of the files."""
        return [alert for groups in self.rules.values() for group in groups for alert in group.alerts]


def files(monitoring: Monitoring) -> dict[str, str]:
    """The text of each file, by its path from the project's folder: the same for the same data."""
    made = {}
    for name, groups in monitoring.rules.items():
        made[f"{RULES}/{name}.yaml"] = rules_file(groups, monitoring.runbooks)
        if any(group.alerts for group in groups):
            made[f"{TRIALS}/{name}.yaml"] = trials_file(groups, [f"../rules/{name}.yaml"])
    made |= {f"{DASHBOARDS}/{name}": text for name, text in monitoring.dashboards.items()}
    if monitoring.dashboards:
        made[OUTLINE] = outline(monitoring.dashboards)
    made |= {f"{RUNBOOKS}/{name}": text for name, text in monitoring.pages.items()}
    if monitoring.overview:
        made[ALERTS] = monitoring.overview
    parts = dict.fromkeys(alert.part for alert in monitoring.alerts)
    return made | {f"{RUNBOOKS}/{part}.md": _page(monitoring, part) for part in parts}


def _page(monitoring: Monitoring, part: str) -> str:
    head = monitoring.page_heads.get(part, f"# {part.capitalize()}\n")
    sections = (
        section(alert.name, alert.severity.value, alert.runbook)
        for alert in monitoring.alerts
        if alert.part == part
    )
    return "\n".join([head, *sections])


def differences(monitoring: Monitoring, folder: Path) -> Iterator[str]:
    """The paths whose file is not what is made of the data now, or is made no more."""
    made = files(monitoring)
    for path, text in made.items():
        file = folder / path
        if not file.is_file() or file.read_text() != text:
            yield path
    for path in _there(folder):
        if path not in made:
            yield path


def write(monitoring: Monitoring, folder: Path) -> list[str]:
    """Write what differs and remove what is made no more; the paths of both."""
    made, changed = files(monitoring), list(differences(monitoring, folder))
    for path in changed:
        file = folder / path
        if path in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(made[path])
        else:
            file.unlink()
    return changed


def _there(folder: Path) -> Iterator[str]:
    for place in (RULES, TRIALS, DASHBOARDS, RUNBOOKS):
        for file in sorted((folder / place).glob("*")):
            yield file.relative_to(folder).as_posix()
    if (folder / ALERTS).is_file():
        yield ALERTS
