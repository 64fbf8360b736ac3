"""Values for a declaration: valid ones, by its type and its rule, and ones that its rule refuses."""

from collections.abc import Callable
from functools import cache
from math import ceil
from typing import Any

from hypothesis import strategies as st

from bicoastal.checks import alerting, rules, storage
from bicoastal.checks.placeholders import PREFIX
from bicoastal.checks.rules import Between, Matches, Rule
from bicoastal.checks.stand_ins import is_stand_in
from infra.groups import Record

from .declared import Declared

Condition = Callable[[object], bool]
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=20)
WORD = st.from_regex(r"[a-z_][a-z0-9_]{0,11}", fullmatch=True)
PRINTABLE = st.characters(min_codepoint=33, max_codepoint=126)


def _network(first: st.SearchStrategy[str], *prefixes: int) -> st.SearchStrategy[str]:
    return st.builds("{}/{}".format, first, st.sampled_from(prefixes))


RECORDS = st.one_of(
    st.fixed_dictionaries({"type": st.just(kind), "name": name, "content": content})
    for kind, content in (
        ("A", st.sampled_from(["192.0.2.1", "198.51.100.7"])),
        ("AAAA", st.just("2001:db8::1")),
        ("TXT", TEXT),
    )
    for name in (st.just("@"), st.from_regex(r"_?[a-z0-9]{1,9}", fullmatch=True))
)
"""Of a zone: what its content must be like is its type's to say."""
VALID: dict[Condition, st.SearchStrategy[Any]] = {
    rules.PEM.holds: st.just(PEM),
    rules.NOT_EMPTY.holds: TEXT.filter(rules.NOT_EMPTY.holds),
    rules.PASSWORD.holds: st.text(PRINTABLE, min_size=16, max_size=512),
    rules.PLAIN_PASSWORD.holds: st.text(PRINTABLE, min_size=16, max_size=512).filter(
        rules.PLAIN_PASSWORD.holds
    ),
    alerting.LABEL.holds: TEXT.filter(alerting.LABEL.holds),
    rules.NETWORK.holds: _network(st.sampled_from(["173.245.0.0", "10.0.0.0", "192.0.0.0"]), 16, 20, 24)
    | st.sampled_from(["192.0.2.7/32", "2001:db8::/32", "::/0"]),
    rules.PRIVATE_NETWORK.holds: _network(st.builds("10.{}.0.0".format, st.integers(1, 255)), 16, 20, 24),
    storage.BUCKET_NAME.holds: st.from_regex(r"[a-z][a-z0-9]{2,30}", fullmatch=True),
    rules.DOCKER_HOST.holds: st.sampled_from(
        ["ssh://admin@east", "unix:///run/docker.sock", "tcp://10.1.0.10:2376"]
    ),
}
"""What a rule takes that says so by a function of its own."""
REFUSED: dict[Condition, st.SearchStrategy[Any]] = {
    rules.PEM.holds: st.sampled_from(["", "MIIB", "-----BEGIN CERTIFICATE-----"]) | TEXT,
    rules.NOT_EMPTY.holds: st.sampled_from(["", " ", "\t"]),
    rules.PASSWORD.holds: st.text(PRINTABLE, max_size=15)
    | st.text(PRINTABLE, min_size=513, max_size=600)
    | st.just("a password with spaces in it"),
    rules.PLAIN_PASSWORD.holds: st.text(PRINTABLE, max_size=15)
    | st.sampled_from(["${HOME}-and-sixteen-more", "100%-sixteen-characters"]),
    alerting.LABEL.holds: st.sampled_from(["", "\n", "a\tb"]),
    rules.NETWORK.holds: st.sampled_from(["", "10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "fe80::1/10", "east"])
    | TEXT,
    rules.PRIVATE_NETWORK.holds: st.sampled_from(
        ["", "10.11.0.0", "10.11.0.1/16", "8.8.0.0/16", "10.11.0.0/29", "10.11.0.0/x", "fd00::/64", "/16"]
    )
    | TEXT,
    storage.BUCKET_NAME.holds: st.sampled_from(["", "ab", "Logs", "10.0.0.1", "a..b", "-logs", "logs_"]),
    rules.DOCKER_HOST.holds: st.sampled_from(["", "east", "tcp://east:2375", "tcp://east", "http://east"])
    | TEXT,
}
"""What such a rule refuses."""


def has_values(declared: Declared) -> bool:
    """Whether there are values to try for it, valid ones and refused ones."""
    holds = declared.rule.holds if declared.rule else rules.ANYTHING.holds
    if declared.shape != "value" or isinstance(holds, Between | Matches):
        return True
    if holds == rules.ANYTHING.holds:
        return declared.kind in WRONG_TYPES
    return holds in VALID and holds in REFUSED


@cache
def valid(declared: Declared) -> st.SearchStrategy[Any]:
    """What the declaration takes, as a file holds it."""
    if declared.shape == "choice":
        return st.sampled_from([member.value for member in declared.kind])
    if declared.shape == "list":
        return st.lists(valid(declared.inner), min_size=declared.required, max_size=3)
    if declared.shape == "mapping":
        return st.dictionaries(WORD, valid(declared.inner), min_size=declared.required, max_size=3)
    if declared.kind is Record:
        return RECORDS
    if declared.shape == "group":
        return _group(declared)
    if declared.rule is not None and declared.rule.holds in VALID:
        return VALID[declared.rule.holds]
    return _scalar(declared)


def _scalar(declared: Declared) -> st.SearchStrategy[Any]:
    rule = declared.rule
    if rule is not None and isinstance(rule.holds, Between):
        low, high = rule.holds.low, rule.holds.high
        if declared.kind is float:
            return st.floats(low, high, allow_subnormal=False) | st.integers(ceil(low), int(high))
        return st.integers(int(low), int(high))
    if rule is not None and isinstance(rule.holds, Matches):
        # A lone stand-in or placeholder is another matter.
        return st.from_regex(rule.holds.pattern, fullmatch=True)
    return {str: TEXT, bool: st.booleans(), int: st.integers(-9, 9), float: st.floats(-9, 9)}[declared.kind]


@st.composite
def _group(draw: st.DrawFn, declared: Declared) -> dict[str, Any]:
    """What it needs, and a few of what it may have: few budgets would bear everything at once."""
    fields = declared.fields
    optional = sorted(name for name, field in fields.items() if not field.required)
    chosen = draw(st.lists(st.sampled_from(optional), unique=True, max_size=3)) if optional else []
    return {name: draw(valid(field)) for name, field in fields.items() if field.required or name in chosen}


WRONG_TYPES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.integers(0, 99)
    | st.booleans()
    | st.just([])
    | st.just({"a": "b"})
    | st.just(["a"])
    | st.just(1.5),
    int: TEXT | st.booleans() | st.just([1]) | st.just({}) | st.just(1.5) | st.just(""),
    float: TEXT | st.booleans() | st.just([1]) | st.just({}) | st.just(""),
    bool: TEXT | st.integers(0, 1) | st.just([True]) | st.just("true"),
}
NOT_A_GROUP = (
    TEXT | st.integers(-9, 9) | st.booleans() | st.just([]) | st.just(["a"]) | st.just("") | st.just(1.5)
)
NOT_A_LIST = TEXT | st.integers(-9, 9) | st.booleans() | st.just({}) | st.just({"a": "b"}) | st.just("")


@cache
def refused(declared: Declared) -> st.SearchStrategy[Any]:
    """What the declaration does not take: of another type, or against its rule."""
    if declared.shape in ("group", "mapping"):
        return NOT_A_GROUP
    if declared.shape == "list":
        return NOT_A_LIST
    if declared.shape == "choice":
        values = [member.value for member in declared.kind]
        return (TEXT | st.integers(-9, 9) | st.just([]) | st.just({}) | st.just("")).filter(
            lambda v: v not in values
        )
    wrong = WRONG_TYPES[declared.kind]
    return wrong | against_the_rule(declared.rule) if declared.rule else wrong


def against_the_rule(rule: Rule) -> st.SearchStrategy[Any]:
    """Of the right type, and refused by the rule."""
    if isinstance(rule.holds, Between):
        low, high = rule.holds.low, rule.holds.high
        tried: st.SearchStrategy[Any] = st.integers(max_value=int(low) - 1) | st.integers(
            min_value=int(high) + 1
        )
    elif isinstance(rule.holds, Matches):
        good = st.from_regex(rule.holds.pattern, fullmatch=True)
        spoilt = st.sampled_from([" {}", "{}\n", "{}!", "é{}", "{}{}", "-{}", "{}٣"]).flatmap(
            lambda form: good.map(lambda text: form.replace("{}", text))
        )
        tried = spoilt | TEXT | st.just("")
    else:
        tried = REFUSED.get(rule.holds, st.nothing())
    return tried.filter(lambda v: not rule.holds(v) and not is_stand_in(v) and not str(v).startswith(PREFIX))
