"""What must hold at the edge."""

import ipaddress
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from .problem import Problem, shown
from .rules import Rule, matching
from .stand_ins import is_stand_in

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
DOMAIN = matching(
    rf"({_LABEL}\.)+[a-z][a-z0-9-]*[a-z0-9]",
    "a full domain name in lower case, without a dot at its end",
    "use a name such as 'example.com'",
)
RECORD_NAME = matching(
    rf"(\*\.)?({_NAME}\.)+[a-z][a-z0-9-]*[a-z0-9]",
    "a full name in lower case, such as 'www.example.com' or '*.example.com'",
    "write the zone's name behind it; the zone itself is 'example.com' and not '@'",
)
ACCOUNT = matching(
    r"[0-9a-f]{32}", "32 hexadecimal digits", "copy the account's id from the edge's dashboard"
)
ENDPOINT = matching(
    r"/[\w.~!$&'()+,;=:@%/-]*\*?",
    "a path, with a '*' at its end for everything below it",
    "use a path such as '/api/login' or '/api/*'",
)
WORKER_NAME = matching(
    r"[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?",
    "1 to 63 lower-case letters, digits, '-' and '_'",
    "use a name such as 'geocoder'",
)
ROUTE = matching(
    rf"(https?://)?(\*\.?)?({_NAME}\.)+[a-z][a-z0-9-]*[a-z0-9](/[^\s?#*]*\*?)?",
    "a host with a path, such as 'api.example.com/tiles/*': a '*' at the host's beginning and at the path's "
    "end alone, no '?', and 'http://', 'https://' or nothing before it",
    "end the path with '*': it takes in whatever follows, query strings too, and the script looks closer",
)
PROJECT_NAME = matching(
    r"(?!.*---)[a-z0-9._-]{1,100}",
    "1 to 100 lower-case letters, digits, '.', '_' and '-', without '---'",
    "use a name such as 'shop-frontend'",
)
REPOSITORY = matching(
    r"[\w.-]+/[\w.-]+", "owner/name of a repository at GitHub", "use its path, such as 'example/shop'"
)
DATE = matching(r"20\d\d-[01]\d-[0-3]\d", "a date as YYYY-MM-DD", "use a date such as '2026-01-01'")
METHOD = matching(
    r"GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS", "GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS", "name it so"
)


_DOCUMENTATION = [
    ipaddress.ip_network(network)
    for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
"""Nobody's, by RFC 5737 and 3849: examples have these."""


def _is_origin(value: object) -> bool:
    try:
        address = ipaddress.ip_address(str(value))
    except ValueError:
        return DOMAIN.holds(value)
    return address.is_global or any(address in network for network in _DOCUMENTATION)


ORIGIN = Rule(
    _is_origin,
    "no address that the edge can reach",
    "a public IPv4 or IPv6 address, or a full domain name",
    "give the public address of the region's balancer, not the one in its own network",
)


def probe_ends_before_the_next(interval_s: int, timeout_s: int, retries: int) -> Iterator[Problem]:
    """A probe with its retries is over before the next one starts."""
    if timeout_s * (retries + 1) >= interval_s:
        yield Problem(
            "timeout_s",
            "a probe may still run when the next one starts",
            f"{timeout_s} s x {retries + 1} tries, every {interval_s} s",
            "timeout_s x (retries + 1) < interval_s",
            "shorten the timeout, take retries away, or lengthen the interval",
        )


def proxied_has_no_ttl(proxied: bool, ttl_s: int | None) -> Iterator[Problem]:
    """What the edge proxies has no TTL of its own: clients see the edge's addresses, which stay."""
    if proxied and ttl_s is not None:
        yield Problem(
            "ttl_s",
            "what is proxied has no TTL of its own: clients are given the edge's addresses, which do not "
            "change, "
            "and the edge sets their TTL",
            f"ttl_s {ttl_s} with proxied",
            "a TTL without proxied, or proxied without a TTL",
            "remove ttl_s; a failover then needs no client to resolve anew. Or set proxied to false",
        )


def ttl_of_the_plan(path: str, ttl_s: int | None, least: int, plan: str) -> Iterator[Problem]:
    """The edge keeps records at least as long as its plan says."""
    if ttl_s is not None and ttl_s < least:
        yield Problem(
            path,
            f"shorter than the plan '{plan}' allows",
            f"{ttl_s} s",
            f"at least {least} s",
            f"set it to {least}, or leave it to its default",
        )


def interval_of_the_plan(path: str, interval_s: int, least: int, plan: str) -> Iterator[Problem]:
    """The edge probes no more often than its plan says."""
    if interval_s < least:
        yield Problem(
            path,
            f"more often than the plan '{plan}' probes",
            f"every {interval_s} s",
            f"at least {least} s",
            f"set it to {least} and look at the failover budget, or take a plan that probes more often",
        )


def regions_share_no_address(regions: Mapping[str, Sequence[object]]) -> Iterator[Problem]:
    """Each region's balancers are its own: a failover leads elsewhere."""
    there: dict[str, str] = {}
    for number, (region, addresses) in enumerate(regions.items()):
        for i, address in enumerate(addresses):
            if not isinstance(address, str) or is_stand_in(address):
                continue
            other = there.setdefault(_spelt_out(address), region)
            if other != region:
                yield Problem(
                    f"regions[{number}].addresses[{i}]",
                    f"the region {other!r} has it too: a failover would lead to where nobody answers",
                    repr(address),
                    "addresses that lead to one region",
                    "give the address of a balancer in this region",
                )


def _spelt_out(address: str) -> str:
    """An address as it is compared: IPv6 has several spellings."""
    try:
        return ipaddress.ip_address(address).exploded
    except ValueError:
        return address


def within_the_zone(path: str, name: str, domain: str) -> Iterator[Problem]:
    """A name belongs to the zone that it is declared in."""
    if name != domain and not name.endswith(f".{domain}"):
        yield Problem(
            path,
            "outside the zone",
            repr(name),
            f"{domain} and names below it",
            f"end the name with '.{domain}', or declare it in its own zone",
        )


def no_key_twice(path: str, keys: Sequence[str]) -> Iterator[Problem]:
    """A rule is known to the edge by its key."""
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Problem(path, "two rules have one key", repr(key), "each key once", "rename one of them")


def route_within_the_zone(path: str, route: str, domain: str) -> Iterator[Problem]:
    """A route's host belongs to the zone."""
    host = re.sub(r"^https?://", "", route).partition("/")[0]
    yield from within_the_zone(path, host.removeprefix("*").removeprefix("."), domain)


def no_route_twice(routes: Sequence[str]) -> Iterator[Problem]:
    """A route leads to one script."""
    for route in sorted({route for route in routes if routes.count(route) > 1}):
        yield Problem("routes", "named twice", repr(route), "each route once", "remove one of them")


def as_many_as_the_plan_has(path: str, count: int, most: int, plan: str) -> Iterator[Problem]:
    """A plan has so many rules of a kind."""
    if count > most:
        yield Problem(
            path,
            f"more than the plan '{plan}' has",
            f"{count} rules",
            f"at most {most}",
            "join rules into one with 'or', or take a larger plan",
        )


def one_that_the_plan_has(
    path: str, value: object, allowed: Collection[object], plan: str
) -> Iterator[Problem]:
    """A value is among those that a plan offers."""
    if value not in allowed:
        yield Problem(
            path,
            f"the plan '{plan}' does not have it",
            shown(value),
            ", ".join(map(str, allowed)),
            "choose one of these, or take a larger plan",
        )


def the_plan_has(path: str, wanted: bool, has: bool, what: str, plan: str) -> Iterator[Problem]:
    """What is asked for is part of the plan."""
    if wanted and not has:
        yield Problem(
            path,
            f"the plan '{plan}' has no {what}",
            "asked for",
            f"a plan with {what}",
            "leave it out, or take a larger plan",
        )


def record_has_what_its_type_needs(kind: str, given: Mapping[str, bool], needed: str) -> Iterator[Problem]:
    """Each type of record has its own kind of content, and no other."""
    for field, there in given.items():
        if there != (field == needed):
            yield Problem(
                field,
                "missing" if not there else f"a record of type {kind} has none",
                "nothing" if not there else "given",
                f"{needed} for type {kind}",
                f"give {field}" if not there else f"remove {field}",
            )


def address_is_of_its_type(kind: str, content: object) -> Iterator[Problem]:
    """An A record holds an IPv4 address, an AAAA record an IPv6 address."""
    version = {"A": 4, "AAAA": 6}.get(kind)
    if version is None or not isinstance(content, str) or is_stand_in(content):
        return
    try:
        fits = ipaddress.ip_address(content).version == version
    except ValueError:
        fits = False
    if not fits:
        yield Problem(
            "content",
            f"no address for a record of type {kind}",
            repr(content),
            f"an IPv{version} address",
            "mend the address, or use CNAME for a name",
        )


def only_addresses_are_proxied(kind: str, proxied: bool) -> Iterator[Problem]:
    """The edge proxies requests to addresses and names, nothing else."""
    if proxied and kind not in ("A", "AAAA", "CNAME"):
        yield Problem(
            "proxied", "the edge cannot proxy this type", kind, "A, AAAA and CNAME", "remove proxied"
        )


def alias_stands_alone(records: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    """A name has either one CNAME or addresses. A record is (type, name)."""
    for name in sorted({name for kind, name in records if kind == "CNAME"}):
        others = [kind for kind, other in records if other == name and kind in ("A", "AAAA", "CNAME")]
        if len(others) > 1:
            yield Problem(
                "records",
                f"{name} is a CNAME and something else",
                ", ".join(others),
                "one CNAME, or A and AAAA",
                "take the CNAME or the addresses away",
            )


def preload_is_for_years(max_age_s: int, include_subdomains: bool, preload: bool) -> Iterator[Problem]:
    """Browsers take a domain into their own list only for a year or more and with all below it."""
    if preload and not (max_age_s >= 31536000 and include_subdomains):
        yield Problem(
            "hsts.preload",
            "browsers would not take the domain into their list",
            f"max_age_s {max_age_s}, include_subdomains {include_subdomains}",
            "max_age_s of at least 31536000, and include_subdomains",
            "set both, or leave preload off",
        )


def shares_are_whole(shares: Mapping[str, float], versions: Collection[str]) -> Iterator[Problem]:
    """All requests go to some version, and the edge splits them among two at most."""
    unknown = sorted(shares.keys() - set(versions))
    if unknown:
        yield Problem(
            "rollout",
            "no such version",
            ", ".join(map(repr, unknown)),
            ", ".join(versions),
            "use the key of one of the versions",
        )
    elif abs(sum(shares.values()) - 100) > 1e-6:
        yield Problem(
            "rollout",
            "the percentages do not sum to 100",
            f"{', '.join(f'{key} {share:g}' for key, share in shares.items()) or 'none'}"
            f" = {sum(shares.values()):g}",
            "percentages that sum to 100",
            "give every request to some version",
        )
    elif len([share for share in shares.values() if share > 0]) > 2:
        yield Problem(
            "rollout",
            "more versions than the edge splits requests among",
            ", ".join(shares),
            "one or two versions with more than 0 percent",
            "finish one rollout before the next begins",
        )


def variables_have_names(groups: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    """What a program reads by name has a name that it can say, and one meaning."""
    names = [name for group in groups.values() for name in group]
    for field, group in groups.items():
        for name in group:
            if not re.fullmatch(r"[A-Za-z_]\w*", name):
                yield Problem(
                    f"{field}.{name}",
                    "no name that a program can say",
                    repr(name),
                    "letters, digits and '_', not beginning with a digit",
                    "rename it, such as 'API_URL'",
                )
            elif names.count(name) > 1 and field == next(f for f in groups if name in groups[f]):
                yield Problem(
                    f"{field}.{name}",
                    "two of them have one name",
                    repr(name),
                    "each name once",
                    "rename one",
                )


def made_or_adopted(name: object, existing_id: object) -> Iterator[Problem]:
    """A project is made under a name, or is there under an id."""
    if (name is None) == (existing_id is None):
        yield Problem(
            "project_name",
            "a project is either made or adopted",
            "neither of them" if name is None else "project_name and existing_id",
            "one of project_name and existing_id",
            "name a project to make, or give the id of one that is there",
        )


def adopted_stays_as_it_is(adopted: bool, shaping: Sequence[str]) -> Iterator[Problem]:
    """What is there already keeps its own settings."""
    if adopted and shaping:
        yield Problem(
            shaping[0],
            "an adopted project keeps its own settings",
            f"{', '.join(shaping)} with existing_id",
            "domains, variables and secrets with existing_id",
            "remove it, or give project_name instead of existing_id",
        )


def branch_is_of_a_repository(branch: str | None, repository: str | None) -> Iterator[Problem]:
    """Only what is built from a repository has a branch."""
    if branch is not None and repository is None:
        yield Problem(
            "production_branch",
            "no repository has this branch",
            f"{branch!r} without repository",
            "a branch with repository",
            "name the repository, or remove the branch",
        )
