"""The rules that requests pass at the edge."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NotRequired, TypedDict

from ..checks import edge as checks
from ..checks.problem import Problem
from ..checks.rules import NAME, between
from ..settings import setting
from .plan import CountBy

_TTL = between(0, 31536000, "seconds")


class RuleAction(Enum):
    """What happens to a request that a rule meets."""

    BLOCK = "block"
    """It is refused. Default."""
    MANAGED_CHALLENGE = "managed_challenge"
    """The client must show that it is no machine, in whatever way the edge finds enough."""
    JS_CHALLENGE = "js_challenge"
    """The client must run a script."""
    LOG = "log"
    """It is noted and passes. On the plan `enterprise` alone."""


class OwaspThreshold(Enum):
    """How suspicious a request may be: the sum of its points from which it is stopped."""

    LOW = 60
    """From 60 points on."""
    MEDIUM = 40
    """From 40 points on. Default."""
    HIGH = 25
    """From 25 points on."""


class ManagedRulesArgs(TypedDict):
    """The rules that the vendor keeps."""

    vendor: NotRequired[bool]
    """Whether the vendor's own rules run. Default: where the plan has them, from `pro` on."""
    owasp: NotRequired[bool]
    """Whether its OWASP rules run. Default: where the plan has them, from `pro` on."""
    owasp_threshold: NotRequired[OwaspThreshold]
    """From how many points on the OWASP rules act: 60, 40 or 25. Default: 40."""
    owasp_paranoia: NotRequired[int]
    """Which OWASP rules run, 1 (the surest alone) to 4 (all). Default: 1."""
    owasp_action: NotRequired[RuleAction]
    """What the OWASP rules do then. Default: `block`."""


class CustomRuleArgs(TypedDict):
    """A rule of your own."""

    key: str
    """Its name among the custom rules, which the edge knows it by. A change makes another rule."""
    expression: str
    """Which requests it meets, in the edge's rule language, such as
    `starts_with(http.request.uri.path, "/admin")`."""
    action: NotRequired[RuleAction]
    """What happens to them. Default: `block`."""
    description: NotRequired[str]
    """A note for people. Default: its key."""
    enabled: NotRequired[bool]
    """Whether it acts. Default: true."""


class RateLimitArgs(TypedDict):
    """How often a client may ask for an endpoint."""

    key: str
    """Its name among the rate limits, which the edge knows it by. A change makes another one."""
    path: str
    """The endpoint's path, such as `/api/login`; with a `*` at its end everything below it."""
    requests: int
    """How many requests a client has in a period, 1 to 1000000."""
    period_s: NotRequired[int]
    """Over how many seconds is counted; the plan says which. Default: 10."""
    block_s: NotRequired[int]
    """For how many seconds a client is blocked then; the plan says which. Default: the shortest of the plan.
    A challenge has none: it lasts until it is met."""
    action: NotRequired[RuleAction]
    """What happens then. Default: `block`."""
    methods: NotRequired[list[str]]
    """The methods that count, such as `POST`; from the plan `business` on. Default: all."""
    count_by: NotRequired[CountBy]
    """Who is one client: `ip.src` or, from the plan `business` on, `cf.unique_visitor_id`. Default:
    `ip.src`."""


class CacheRuleArgs(TypedDict):
    """What the edge keeps of the answers."""

    key: str
    """Its name among the cache rules, which the edge knows it by. A change makes another one."""
    expression: str
    """Which requests it meets, in the edge's rule language. Of several that meet one, the last wins."""
    cached: NotRequired[bool]
    """Whether their answers are kept. Default: true."""
    edge_ttl_s: NotRequired[int]
    """Seconds that the edge keeps them; the plan says from where on. Default: as the answer says."""
    browser_ttl_s: NotRequired[int]
    """Seconds that browsers keep them, 0 to one year. Default: as the answer says."""


@dataclass(frozen=True, kw_only=True)
class ManagedRules:
    """The rules that the vendor keeps, checked."""

    vendor: bool | None = None
    owasp: bool | None = None
    owasp_threshold: OwaspThreshold = OwaspThreshold.MEDIUM
    owasp_paranoia: int = setting(between(1, 4, "(a paranoia level)"), default=1)
    owasp_action: RuleAction = RuleAction.BLOCK


@dataclass(frozen=True, kw_only=True)
class CustomRule:
    """A rule of one's own, checked."""

    key: str = setting(NAME)
    expression: str
    action: RuleAction = RuleAction.BLOCK
    description: str | None = None
    enabled: bool = True


@dataclass(frozen=True, kw_only=True)
class RateLimit:
    """How often a client may ask for an endpoint, checked."""

    key: str = setting(NAME)
    path: str = setting(checks.ENDPOINT)
    requests: int = setting(between(1, 1000000, "requests"))
    period_s: int = 10
    block_s: int | None = None
    action: RuleAction = RuleAction.BLOCK
    methods: list[str] = setting(checks.METHOD, factory=list)
    count_by: CountBy = CountBy.ADDRESS

    @property
    def challenges(self) -> bool:
        """Whether the client is challenged and not blocked."""
        return self.action in (RuleAction.MANAGED_CHALLENGE, RuleAction.JS_CHALLENGE)

    @property
    def expression(self) -> str:
        """The requests that count, in the edge's rule language."""
        if self.path.endswith("*"):
            where = f'starts_with(http.request.uri.path, "{self.path[:-1]}")'
        else:
            where = f'http.request.uri.path eq "{self.path}"'
        if not self.methods:
            return where
        methods = " ".join(f'"{method}"' for method in self.methods)
        return f"{where} and http.request.method in {{{methods}}}"

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.challenges and self.block_s is not None:
            yield Problem(
                "block_s",
                "a challenge lasts until it is met",
                f"{self.block_s} s with {self.action.value}",
                "none with a challenge",
                "remove it, or use the action block",
            )


@dataclass(frozen=True, kw_only=True)
class CacheRule:
    """What the edge keeps of the answers, checked."""

    key: str = setting(NAME)
    expression: str
    cached: bool = True
    edge_ttl_s: int | None = setting(_TTL, default=None)
    browser_ttl_s: int | None = setting(_TTL, default=None)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if not self.cached and self.edge_ttl_s is not None:
            yield Problem(
                "edge_ttl_s",
                "what is not kept has no time to be kept",
                f"{self.edge_ttl_s} s with cached false",
                "none with cached false",
                "remove it, or let the answers be kept",
            )
