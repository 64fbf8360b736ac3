"""The verdict over what would happen in an environment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from .change import Change, Comparison, Kind
from .weight import Weight, holds_data, turns_over, weight

_FAILING = ("critical", "high")
_NAMED = 3
"""So many names are said where more would fill the line."""


class Verdict(Enum):
    """What to do with it, the worst first."""

    STOP = "stop"
    """Data would be lost, the run would fail, or something critical or high is new."""
    LOOK = "look"
    """Security, data's keeping, a budget or what goes: for a person to see."""
    FINE = "fine"
    NOTHING = "nothing changes"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Verdict).index(self)


@dataclass(frozen=True)
class Reason:
    """A part of why: words with the names that they are about."""

    words: str
    names: Sequence[str] = ()
    more: int = 0
    """How many names are not said."""


@dataclass(frozen=True)
class Judgement:
    """An environment's changes, weighed."""

    comparison: Comparison

    @cached_property
    def weights(self) -> dict[Weight, list[Change]]:
        """The changes by what they weigh, each list in its order."""
        made = {change.urn for change in self.comparison.of(Kind.MADE)}
        found: dict[Weight, list[Change]] = {one: [] for one in Weight}
        for change in self.comparison.changes:
            found[weight(change, made)].append(change)
        return found

    @cached_property
    def verdict(self) -> Verdict:
        """The worst that any reason gives."""
        return self._judged[0]

    @property
    def reasons(self) -> list[Reason]:
        """Why, in the order of weight."""
        return self._judged[1]

    @cached_property
    def _judged(self) -> tuple[Verdict, list[Reason]]:
        if reasons := list(self._stops()):
            return Verdict.STOP, reasons
        if reasons := list(self._looks()):
            return Verdict.LOOK, reasons
        if self.comparison.changes or self.comparison.exports or self.comparison.mended:
            return Verdict.FINE, [Reason("no data goes, and nothing security-relevant is seen")]
        return Verdict.NOTHING, [Reason("it is declared as it was")]

    def _stops(self) -> Sequence[Reason]:
        it, lost = self.comparison, self.weights[Weight.LOST]
        bad = [found.check for found in it.found if found.severity in _FAILING]
        return _said(
            ("the engine ended with an error: {}", it.failures[:1]),
            ("data would be lost: {}", _names(lost, lambda c: holds_data(c) and not c.blocked)),
            ("the run would fail, as it is protected: {}", _names(lost, lambda c: c.blocked)),
            ("critical or high is found that was not: {}", bad),
            ("a failover budget is over its limit: {}", it.over_limit),
        )

    def _looks(self) -> Sequence[Reason]:
        it = self.comparison
        goes = [
            *_names(self.weights[Weight.REST], lambda c: c.kind is Kind.REPLACED and not turns_over(c)),
            *_names(self.weights[Weight.REST], lambda c: c.kind is Kind.REMOVED and not turns_over(c)),
        ]
        return _said(
            ("what keeps data changes: {}", _names(self.weights[Weight.GUARD])),
            ("security-relevant: {}", _names(self.weights[Weight.SECURITY])),
            ("found that was not: {}", [found.check for found in it.found]),
            ("suppressed that was not: {}", [found.check for found in it.suppressed]),
            ("a failover budget is another one: {}", changed_budgets(it)),
            ("replaced or removed: {}", goes),
        )


def judgement(comparison: Comparison) -> Judgement:
    """The changes weighed."""
    return Judgement(comparison)


def changed_budgets(comparison: Comparison) -> list[str]:
    """The failover budgets that differ."""
    before, after = comparison.budgets
    return sorted(name for name in {**before, **after} if before.get(name) != after.get(name))


def _names(changes: Sequence[Change], which: Callable[[Change], bool] = lambda _: True) -> list[str]:
    return [change.name for change in changes if which(change)]


def _said(*reasons: tuple[str, Sequence[str]]) -> list[Reason]:
    said = []
    for words, names in reasons:
        if names:
            distinct = list(dict.fromkeys(name for name in names if name))
            said.append(Reason(words.removesuffix(" {}"), distinct[:_NAMED], max(0, len(distinct) - _NAMED)))
    return said
