"""What an objective is measured by: events, of which some failed.

Each indicator gives the rate of all and the rate of what failed, over a window, in PromQL.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NotRequired, Protocol, TypedDict

from ...checks import monitoring as checks
from ...checks.problem import Problem
from ...settings import setting
from ..durations import duration
from .burn import decimal, text
from .course import Course
from .selector import Matcher, MatchOp, Selector


class CountersArgs(TypedDict):
    """Requests that are counted, and those of them that failed or went well."""

    total: str
    """The selector of the counters of all requests, such as `http_requests_total{job="api"}`."""
    bad: NotRequired[str]
    """The selector of the counters of those that failed. Either this or `good`."""
    good: NotRequired[str]
    """The selector of the counters of those that went well."""


class LatencyArgs(TypedDict):
    """Requests whose duration a histogram counts; good are those that took no longer than a threshold."""

    histogram: str
    """The selector of the histogram, without `_bucket`, such as
    `http_request_duration_seconds{job="api", status!~"5.."}`."""
    threshold_s: float
    """The longest that is good, in seconds: one of `buckets`."""
    buckets: list[float]
    """The upper bounds of the histogram's buckets, in seconds."""


class ProbesArgs(TypedDict):
    """A gauge that is 1 where a probe went well and else 0; every sample counts as a request."""

    gauge: str
    """The selector of the gauge, such as `probe_success{job="probe"}`."""


class Indicator(Protocol):
    """What all of them give."""

    @property
    def measured(self) -> Selector:
        """The series whose absence means that nothing is measured."""

    def total(self, group_by: Sequence[str], window_s: int) -> str:
        """The rate of all events."""

    def errors(self, group_by: Sequence[str], window_s: int) -> str:
        """The rate of those that failed; 0 where none has ever failed."""

    def series(self, known: Mapping[str, str], wanted: Sequence[str], course: Course) -> dict[str, str]:
        """Series with a course of events, with the labels that are wanted. Raises `NoExample`."""


@dataclass(frozen=True)
class Events:
    """Counters of all, and of those that failed or of those that went well."""

    all: Selector
    counted: Selector
    counts_good: bool
    always_counted: bool = False
    """Whether what is counted is there whenever all is: its absence is no failure then, and not measured."""

    @property
    def measured(self) -> Selector:
        """See `Indicator`."""
        return self.counted if self.always_counted else self.all

    def total(self, group_by: Sequence[str], window_s: int) -> str:
        """See `Indicator`."""
        return f"{_sum(group_by)}(rate({self.all}[{duration(window_s)}]))"

    def errors(self, group_by: Sequence[str], window_s: int) -> str:
        """See `Indicator`."""
        total = self.total(group_by, window_s)
        counted = f"{_sum(group_by)}(rate({self.counted}[{duration(window_s)}]))"
        if not self.always_counted:
            # A counter that has never counted need not exist.
            counted += f" or 0 * {total}"
        return f"clamp_min({total} - ({counted}), 0)" if self.counts_good else counted

    def series(self, known: Mapping[str, str], wanted: Sequence[str], course: Course) -> dict[str, str]:
        """See `Indicator`."""
        failed, passed = course.counter(failed=True, passed=False), course.counter(failed=False, passed=True)
        part, rest = (passed, failed) if self.counts_good else (failed, passed)
        if self.all.metric == self.counted.metric:
            both = Selector(self.all.metric, (*self.all.matchers, *self.counted.matchers))
            inside = both.example(known, wanted)
            outside = self.counted.counterexample(inside, self.all)
            return {self.all.series(inside): part, self.all.series(outside): rest}
        labels = self.all.example(known, wanted)
        counted = self.counted.example({**known, **labels}, wanted)
        whole = course.counter(failed=True, passed=True)
        return {self.all.series(labels): whole, self.counted.series(counted): part}


@dataclass(frozen=True, kw_only=True)
class Counters:
    """See `CountersArgs`, checked."""

    total: str = setting(checks.SELECTOR)
    bad: str | None = setting(checks.SELECTOR, default=None)
    good: str | None = setting(checks.SELECTOR, default=None)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from checks.one_side_is_counted(self.bad, self.good)

    @cached_property
    def indicator(self) -> Events:
        """What is counted."""
        counted = self.good if self.bad is None else self.bad
        assert counted is not None
        return Events(Selector.of(self.total), Selector.of(counted), counts_good=self.bad is None)


@dataclass(frozen=True, kw_only=True)
class Latency:
    """See `LatencyArgs`, checked."""

    histogram: str = setting(checks.SELECTOR)
    threshold_s: float = setting(checks.SECONDS)
    buckets: list[float] = setting(checks.SECONDS)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        bounds = [decimal(bound) for bound in self.buckets]
        yield from checks.is_a_bound(decimal(self.threshold_s), bounds)

    @cached_property
    def indicator(self) -> Events:
        """All that the histogram counted, and what is at or below the threshold."""
        histogram = Selector.of(self.histogram)
        good = histogram.named("_bucket", self._bucket)
        return Events(histogram.named("_count"), good, counts_good=True, always_counted=True)

    @property
    def _bucket(self) -> Matcher:
        """A whole bound is `1` to some clients and `1.0` to others, and so it is to Prometheus before 3. One
        below 0.0001 has an exponent."""
        bound, other = text(decimal(self.threshold_s)), repr(float(self.threshold_s))
        if bound == other:
            return Matcher("le", MatchOp.EQUAL, bound)
        return Matcher("le", MatchOp.LIKE, f"{bound}|{other}".replace(".", r"\."))


@dataclass(frozen=True, kw_only=True)
class Probes:
    """See `ProbesArgs`, checked."""

    gauge: str = setting(checks.SELECTOR)

    @property
    def indicator(self) -> "Probes":
        """Itself."""
        return self

    @property
    def measured(self) -> Selector:
        """See `Indicator`."""
        return Selector.of(self.gauge)

    def total(self, group_by: Sequence[str], window_s: int) -> str:
        """See `Indicator`."""
        return f"{_sum(group_by)}(count_over_time({self.measured}[{duration(window_s)}])) / {window_s}"

    def errors(self, group_by: Sequence[str], window_s: int) -> str:
        """See `Indicator`."""
        samples = f"{self.measured}[{duration(window_s)}]"
        failed = f"count_over_time({samples}) - sum_over_time({samples})"
        return f"{_sum(group_by)}({failed}) / {window_s}"

    def series(self, known: Mapping[str, str], wanted: Sequence[str], course: Course) -> dict[str, str]:
        """See `Indicator`."""
        return {self.measured.series(self.measured.example(known, wanted)): course.gauge()}


def _sum(group_by: Sequence[str]) -> str:
    return f"sum by ({', '.join(group_by)}) " if group_by else "sum"
