"""The groups of an environment's file beside those that every environment has: accounts at the cloud, at the
edge and at the registry, and who is told of costs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bicoastal.checks.cost import AMOUNT, EMAIL
from bicoastal.checks.edge import ACCOUNT, DOMAIN
from bicoastal.checks.network import ZONE
from bicoastal.checks.problem import Problem, shown
from bicoastal.checks.rules import NOT_EMPTY, matching
from bicoastal.checks.storage import ACCOUNT_ID, TOPIC_ARN
from bicoastal.settings import setting

from .profiles import Profile, ProfileName

LABEL = matching(
    r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
    "1 to 63 lower-case letters, digits and hyphens",
    "give the part before the domain alone, such as 'api'",
)
_NAME = r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
RECORD_LABEL = matching(
    rf"@|{_NAME}(\.{_NAME})*",
    "'@' for the domain itself, or the part before it",
    "use a name such as '_dmarc'",
)
RECORD_TYPE = matching(
    "A|AAAA|CNAME|MX|NS|TXT", "A, AAAA, CNAME, MX, NS or TXT", "write it in capital letters"
)
ZONE_ID = matching(r"[0-9a-f]{32}", "32 hexadecimal digits", "copy the zone's id from the edge's dashboard")
HOST = matching(
    r"[a-z0-9][a-z0-9.-]*(:\d+)?", "a host, with a port where it needs one", "use one such as 'ghcr.io'"
)

GROUPS_ALONE = ("topology", "images")
"""Arguments of the whole stack that are groups beside `settings`, and not in it."""
NETWORKS_OWN = ("subnet_ids", "security_group_ids")
"""Arguments of workers that are the network's to say."""


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """Group `cloud`: the account at AWS. Without it nothing is made there."""

    account_id: str = setting(ACCOUNT_ID)
    """The account's 12 digits, in quotes. No other account is touched."""
    alarm_topics: dict[str, list[str]] = setting(TOPIC_ARN, factory=dict)
    """A region's code to the ARNs of SNS topics there, which alarms of the buckets go to. Default: nobody is
    told."""
    zones: dict[str, list[str]] = setting(ZONE, factory=dict)
    """A place's name to the two or three zones of its network, such as `[us-east-1b, us-east-1d]`. Which zone
    a letter means differs between accounts, and not every zone has every type of machine. A change replaces
    what is in the zone. Default: the region's a, b and c."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """A record of the zone beside those of API and frontend."""

    type: str = setting(RECORD_TYPE)
    """`A`, `AAAA`, `CNAME`, `MX`, `NS` or `TXT`."""
    name: str = setting(RECORD_LABEL)
    """The part before the domain; `@` is the domain itself."""
    content: str = setting(NOT_EMPTY)
    """The address, name or text."""


@dataclass(frozen=True, kw_only=True)
class Edge:
    """Group `edge`: the zone at Cloudflare. Without it there is no edge."""

    account_id: str = setting(ACCOUNT)
    """The account's id, 32 hexadecimal digits."""
    zone_id: str = setting(ZONE_ID)
    """The zone's id, 32 hexadecimal digits. The zone is there already, on the profile's plan; it belongs to
    this environment alone."""
    domain: str = setting(DOMAIN)
    """The zone's name, which is the frontend's too."""
    api: str = setting(LABEL, default="api")
    """The API's name, the part before the domain. Default: `api`."""
    emails: list[str] = setting(EMAIL, factory=list)
    """Who is told that a region is taken for down or up again. Default: nobody."""
    frontend_verification: str | None = setting(NOT_EMPTY, default=None)
    """What Vercel wants to read under `_vercel.` before the domain. Default: nothing."""
    records: dict[str, Record] = setting(factory=dict)
    """Further records, each under a key of its own. Default: none."""

    @property
    def api_name(self) -> str:
        """The API's full name."""
        return f"{self.api}.{self.domain}"

    def name_of(self, record: Record) -> str:
        """The record's full name."""
        return self.domain if record.name == "@" else f"{record.name}.{self.domain}"


@dataclass(frozen=True, kw_only=True)
class Costs:
    """Group `costs`: who is told, and what the last year cost."""

    emails: list[str] = setting(EMAIL)
    """Who is told, 1 to 10 addresses."""
    last_year_amount: float | None = setting(AMOUNT, default=None)
    """USD that the environment cost in the whole last year: this one may cost 30 % more. Default, for a first
    year: as much as lets it have twelve times the profile's monthly limit."""
    activate_tags: bool = False
    """Whether this account makes `environment` and `project` cost allocation tags, without which the budgets
    count nothing. AWS refuses it until a day after the first `up`, and in an organization to every account
    but the one that pays. Default: false, and somebody does it there."""


@dataclass(frozen=True, kw_only=True)
class Registry:
    """Group `registry`: who may pull the images. Its password is the secret `registry_password`."""

    address: str = setting(HOST)
    """The registry's host, as the images' names begin."""
    username: str = setting(NOT_EMPTY)
    """Who pulls; read access is enough."""


@dataclass(frozen=True, kw_only=True)
class Groups:
    """All groups of an environment's file."""

    settings: dict[str, Any] = setting(factory=dict)
    """Arguments of the whole stack that people choose: `database`, `api`, `monitor`, `failover_limit_s`..."""
    topology: dict[str, Any]
    """The places: two `regions` and a `witness`, each with `name`, `region` and `subnet`."""
    images: dict[str, Any]
    """The images: `etcd`, `postgres`, `haproxy`, `nginx`, `redis` and `api`, each pinned."""
    workers: dict[str, Any] | None = None
    """Each region's group of workers, over the profile's: `min`, `max`, `instance_type`, `cpu_percent`,
    `warm_up_s`, as `WorkersArgs` describes them. `{min: 0, max: 0}` is none, and the API's tasks are counted
    then. Default: the profile's."""
    profile: ProfileName | None = None
    """`staging` or `production`. Needed where there is a cloud."""
    cloud: Cloud | None = None
    edge: Edge | None = None
    costs: Costs | None = None
    registry: Registry | None = None

    @property
    def logs(self) -> Any:
        """How logs are kept, as the file says or else the profile; None where they are not. It is not looked
        at yet."""
        chosen = self.settings.get("monitoring", {})
        if not isinstance(chosen, dict):
            return None
        profile = self.sizes.stack.get("monitoring", {}) if self.cloud is not None else {}
        assert isinstance(profile, Mapping)
        logs, usual = chosen.get("logs"), profile.get("logs")
        if "logs" not in chosen:
            return usual
        return {**usual, **logs} if isinstance(usual, Mapping) and isinstance(logs, Mapping) else logs

    @property
    def has_log_buckets(self) -> bool:
        """Whether logs are kept in buckets made for them: in a cloud, unless the file names others."""
        return self.cloud is not None and isinstance(self.logs, Mapping) and self.logs.get("storage") is None

    @property
    def watches_replications(self) -> bool:
        """Whether the replication of the buckets that are made is watched: in a cloud, unless the file says
        that nothing is, or names others."""
        chosen = self.settings.get("monitoring")
        if self.cloud is None or not isinstance(chosen, Mapping) or "replications" not in chosen:
            return self.cloud is not None
        own = chosen["replications"]
        return isinstance(own, Mapping) and "ways" not in own

    @property
    def chosen_workers(self) -> dict[str, Any]:
        """The profile's workers, with what is chosen over them; none where there is no cloud."""
        if self.cloud is None:
            return {"min": 0, "max": 0}
        return {**self.sizes.workers, **(self.workers or {})}

    @property
    def sizes(self) -> Profile:
        """The profile; there is one where anything is made in a cloud."""
        assert self.profile is not None
        return self.profile.profile

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the groups."""
        yield from self._groups_alone()
        yield from self._said_elsewhere()

    def _groups_alone(self) -> Iterator[Problem]:
        needs = {"cloud": "profile", **dict.fromkeys(("edge", "costs", "registry", "workers"), "cloud")}
        for group, other in needs.items():
            if getattr(self, group) is not None and getattr(self, other) is None:
                yield Problem(
                    other,
                    f"missing, and there is a group '{group}'",
                    "nothing",
                    f"{other!r} beside {group!r}",
                    f"write {other!r} into the environment's file, or take {group!r} away",
                )

    def _said_elsewhere(self) -> Iterator[Problem]:
        """What would be overridden without a word."""
        workers, api = self.workers or {}, self.settings.get("api")
        counted = api.get("workers") if self.cloud is not None and isinstance(api, dict) else None
        said = [(f"settings.{key}", f"the group {key!r}", self.settings.get(key)) for key in GROUPS_ALONE]
        said += [(f"workers.{key}", "the place's network", workers.get(key)) for key in NETWORKS_OWN]
        said += [("settings.credentials", "the rest of the file", self.settings.get("credentials"))]
        said += [("settings.api.workers", "workers.max", counted)]
        for path, source, value in said:
            if value is not None:
                yield Problem(
                    path,
                    f"{source} says it already",
                    shown(value, secret=path.endswith("credentials")),
                    f"{source} alone",
                    f"remove it, and change {source} where it is not what you want",
                )
