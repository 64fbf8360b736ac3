"""Selectors of series, and examples of what they select."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from typing import cast

import promql_parser
from promql_parser import MatchOp as Parsed


class MatchOp(Enum):
    """How a matcher compares, as PromQL writes it."""

    EQUAL = "="
    UNEQUAL = "!="
    LIKE = "=~"
    UNLIKE = "!~"

    @classmethod
    def of(cls, parsed: Parsed) -> "MatchOp":
        """The parser's own, which is no key of a dictionary."""
        both = ((Parsed.Equal, cls.EQUAL), (Parsed.NotEqual, cls.UNEQUAL), (Parsed.Re, cls.LIKE))
        return next((own for theirs, own in both if parsed == theirs), cls.UNLIKE)


POSITIVE = (MatchOp.EQUAL, MatchOp.LIKE)


class NoExample(Exception):
    """No value can be read off a matcher; the text names the label."""


@dataclass(frozen=True)
class Matcher:
    """A condition on one label; a label that is not there counts as empty."""

    label: str
    op: MatchOp
    value: str

    def holds(self, value: str) -> bool:
        """Whether a label's value meets it."""
        if self.op in (MatchOp.EQUAL, MatchOp.UNEQUAL):
            met = value == self.value
        else:
            met = re.fullmatch(self.value, value) is not None
        return met == (self.op in POSITIVE)

    @property
    def examples(self) -> Iterator[str]:
        """Values that its text suggests, whether they meet it or not."""
        if self.op in (MatchOp.EQUAL, MatchOp.UNEQUAL):
            yield self.value
            return
        for way in self.value.strip("()").split("|"):
            yield re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)\.", "0", re.sub(r"(?<!\\)\.[*+]", "example", way)))

    def __str__(self) -> str:
        escaped = self.value.replace("\\", "\\\\").replace('"', '\\"')
        return f'{self.label}{self.op.value}"{escaped}"'


@dataclass(frozen=True)
class Selector:
    """A metric with matchers."""

    metric: str
    matchers: tuple[Matcher, ...]

    @classmethod
    @cache
    def of(cls, text: str) -> "Selector":
        """The selector that a text writes. Raises `ValueError` where it is none."""
        parsed = cast(promql_parser.VectorSelector, promql_parser.parse(text))
        found = (Matcher(one.name, MatchOp.of(one.op), one.value) for one in parsed.matchers.matchers)
        return cls(str(parsed.name), tuple(found))

    def named(self, suffix: str, *more: Matcher) -> "Selector":
        """The same of the metric with this suffix, with further matchers."""
        return replace(self, metric=self.metric + suffix, matchers=(*self.matchers, *more))

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether a series of this metric with these labels is selected."""
        return all(matcher.holds(labels.get(matcher.label, "")) for matcher in self.matchers)

    @property
    def fixed(self) -> dict[str, str]:
        """The labels whose value is known, as `absent` gives them to its answer."""
        return {one.label: one.value for one in self.matchers if one.op is MatchOp.EQUAL}

    def example(self, known: Mapping[str, str], wanted: Iterable[str] = ()) -> dict[str, str]:
        """The labels of a series that is selected, those that are `wanted` among them. Raises `NoExample`."""
        names = dict.fromkeys([*(one.label for one in self.matchers), *wanted])
        found = {}
        for label in names:
            own = [one for one in self.matchers if one.label == label]
            suggested = (text for one in own if one.op in POSITIVE for text in one.examples)
            tried = [known[label]] if label in known else [*suggested, "example", ""]
            value = next((text for text in tried if all(one.holds(text) for one in own)), None)
            if value is None:
                raise NoExample(label)
            found[label] = value
        return {label: value for label, value in found.items() if value}

    def counterexample(self, labels: Mapping[str, str], whole: "Selector") -> dict[str, str]:
        """Labels beside these that `whole` selects and this does not. Raises `NoExample`."""
        for matcher in self.matchers:
            suggested = ("",) if matcher.op in POSITIVE else matcher.examples
            for value in (*suggested, "example"):
                changed = {**labels, matcher.label: value}
                if whole.holds(changed) and not self.holds(changed):
                    return {label: value for label, value in changed.items() if value}
        raise NoExample(", ".join(one.label for one in self.matchers) or self.metric)

    def series(self, labels: Mapping[str, str]) -> str:
        """One series of this metric, as promtool's tests write it."""
        return str(Selector(self.metric, tuple(Matcher(k, MatchOp.EQUAL, v) for k, v in labels.items())))

    def __str__(self) -> str:
        return f"{self.metric}{{{', '.join(map(str, self.matchers))}}}" if self.matchers else self.metric
