"""What is left out of a rule, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ....checks.problem import Problem, shown
from .finding import Finding


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """Findings of a rule that are right as they are. The patterns are those of file names."""

    rule: str
    reason: str
    """Why it does not hold here; never empty."""
    dashboard: str = "*"
    panel: str = "*"
    series: str = "*"
    """The metric that the finding is about."""

    def __post_init__(self) -> None:
        for problem in self.problems():
            raise ValueError(str(problem))

    def problems(self) -> Iterator[Problem]:
        """What is wrong with it."""
        if not self.reason.strip():
            yield Problem(
                "reason", f"{self.rule} is excluded without one", shown(self.reason), "a sentence", "say why"
            )

    def excuses(self, finding: Finding) -> bool:
        """Whether the finding is one of those."""
        return self.rule == finding.rule and all(
            fnmatchcase(value, pattern)
            for value, pattern in (
                (finding.dashboard, self.dashboard),
                (finding.panel, self.panel),
                (finding.series, self.series),
            )
        )
