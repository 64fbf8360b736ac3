"""What the whole stack and each place's part of it are given alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ..application.blue_green import ColourImages, ColourImagesArgs
from ..application.route import MOST_TASKS as MOST_API_TASKS
from ..application.route import MOST_WORKERS, SCALE_THE_GROUP
from ..application.route import NAME as API
from ..cache import redis_nodes
from ..certificate import Certificate
from ..checks.problem import Problem
from ..checks.rules import IMAGE, NETWORK, PASSWORD, PEM, PLAIN_PASSWORD, SECRET, between
from ..checks.services import hosts_have_an_engine, tasks_are_counted_once
from ..containers.service_args import Limits, LimitsArgs
from ..database import PostgresCluster, voters
from ..ingress.nginx import MOST_TASKS, certificate_name
from ..ingress.request_limits import RequestLimits, RequestLimitsArgs
from ..ingress.tls import BalancerTls, BalancerTlsArgs
from ..monitoring.serving import certificate_name as watchers_certificate
from ..monitoring.watchers import Monitoring, jaeger_certificate_name
from ..monitoring.watchers.optional import OPTIONAL_CREDENTIALS, part_has_what_it_needs
from ..settings import setting
from ..topology import Place, Topology

WATCHERS = ("prometheus", "alertmanager", "exporters")
"""The images that every watched stack needs."""
WATCHERS_PASSWORDS = ("monitor_password", "redis_monitor_password")
"""What its exporters come to members with."""
OPTIONAL_IMAGES = ("grafana", "jaeger", "loki", "alloy", "promtail")
"""Those of the watchers that not every stack has."""


class ImagesArgs(TypedDict):
    """The images, each pinned by digest or by a tag of its content."""

    etcd: pulumi.Input[str]
    """etcd 3.5 with `keep-leader`."""
    postgres: pulumi.Input[str]
    """Postgres 17 with Patroni 4."""
    haproxy: pulumi.Input[str]
    """HAProxy 3 with `live-colour`."""
    nginx: pulumi.Input[str]
    """Nginx 1.26."""
    redis: pulumi.Input[str]
    """Redis 8 with Sentinel."""
    api: pulumi.Input[str]
    """The application's API, in both colours unless `api.images` says otherwise."""
    prometheus: NotRequired[pulumi.Input[str]]
    """Prometheus 2.53 with promtool. Default: none; needed where the stack is monitored, as are the next."""
    alertmanager: NotRequired[pulumi.Input[str]]
    """Alertmanager 0.28 with amtool. Default: none."""
    exporters: NotRequired[pulumi.Input[str]]
    """The exporters of hosts, Postgres and Redis, and the blackbox exporter. Default: none."""
    grafana: NotRequired[pulumi.Input[str]]
    """Grafana 13, as published. Default: none; needed where there is `monitoring.grafana`."""
    jaeger: NotRequired[pulumi.Input[str]]
    """Jaeger 2, such as the published `jaegertracing/jaeger`. Default: none; needed where requests are
    traced."""
    loki: NotRequired[pulumi.Input[str]]
    """Loki 3.7. Default: none; needed where logs are kept, as is the collector of these two."""
    alloy: NotRequired[pulumi.Input[str]]
    """Grafana Alloy. Default: none; needed where replications are watched, too."""
    promtail: NotRequired[pulumi.Input[str]]
    """Promtail, past its end of life. Default: none."""


class KeyPairArgs(TypedDict):
    """A member's certificate and key."""

    certificate: pulumi.Input[str]
    """PEM, valid as server and as client, naming the member's address, `localhost` and what clients dial:
    `postgres` or `redis`."""
    key: pulumi.Input[str]
    """PEM; a secret."""


class CredentialsArgs(TypedDict):
    """Everything secret, made outside the program. Every password: 16 to 512 characters."""

    rotation_key: pulumi.Input[str]
    """Of the HMAC that Swarm secrets are named by: 16 to 512 characters."""
    authority: pulumi.Input[str]
    """The certificate of the authority behind all certificates, PEM."""
    certificates: dict[str, KeyPairArgs]
    """Each voter's and each member's, by name: `east-etcd-1`, `west-postgres-2`, `witness-redis`; where the
    stack is monitored, each place's watchers', too: `east-monitor`, naming the place's hosts' addresses,
    `localhost` and `monitor`. Where requests are traced, each region's Jaeger's: `east-jaeger`, naming its
    first host's address, `localhost` and `jaeger`; and its API's: `east-api`, signed by itself, since the
    authority's open every member."""
    superuser_password: pulumi.Input[str]
    """Postgres' superuser's."""
    replication_password: pulumi.Input[str]
    """The standbys'."""
    rewind_password: pulumi.Input[str]
    """pg_rewind's."""
    rest_password: pulumi.Input[str]
    """Patroni's REST interface's."""
    application_password: pulumi.Input[str]
    """The application's role's."""
    redis_application_password: pulumi.Input[str]
    """Redis' user `application`'s."""
    redis_replication_password: pulumi.Input[str]
    """Redis' replicas'."""
    redis_sentinel_password: pulumi.Input[str]
    """The Sentinels'."""
    redis_check_password: pulumi.Input[str]
    """Redis' user `check`'s, which the balancer asks for the role as."""
    redis_admin_password: pulumi.Input[str]
    """Redis' user `admin`'s."""
    monitor_password: NotRequired[pulumi.Input[str]]
    """Of Postgres' role `monitor`. Default: none; needed where the stack is monitored, as is the next."""
    redis_monitor_password: NotRequired[pulumi.Input[str]]
    """Of Redis' user `monitor`. Default: none."""
    grafana_admin_password: NotRequired[pulumi.Input[str]]
    """Of Grafana's user `admin`, without `$` and `%`. Default: none; needed where there is
    `monitoring.grafana`, and so are the next two."""
    grafana_monitor_password: NotRequired[pulumi.Input[str]]
    """With which Prometheus asks Grafana how it is, without `$` and `%`. Default: none."""
    grafana_secret_key: NotRequired[pulumi.Input[str]]
    """Under which Grafana encrypts: 16 to 512 characters without `$` and `%`. Default: none."""


class ApiOptionsArgs(TypedDict):
    """How the API runs in each region."""

    replicas: NotRequired[pulumi.Input[int]]
    """Tasks per colour and region, 1 to 10. Default: 2; not together with `workers`."""
    workers: NotRequired[int]
    """The most workers that each region may have, 1 to 10, for a task of each colour on every one of them in
    place of `replicas`. Default: none, tasks run on any host."""
    images: NotRequired[ColourImagesArgs]
    """The image of one colour or of each, where it is another than `images.api`. Default: none."""
    environment: NotRequired[dict[str, pulumi.Input[str]]]
    """Further environment variables. Default: none."""
    limits: NotRequired[LimitsArgs]
    """What one task may use. Default: 256 MiB and one core."""


class IngressOptionsArgs(TypedDict):
    """How requests come into each region."""

    trusted_proxies: NotRequired[list[str]]
    """The edge's networks, as CIDR: only they may name the client, by `X-Forwarded-For`. Default: none, the
    client is who connects."""
    tls: NotRequired[BalancerTlsArgs]
    """TLS on the balancers, on their hosts' port 443, with the edge's certificate asked for. Default: none,
    plain HTTP on port 8080."""
    replicas: NotRequired[pulumi.Input[int]]
    """Nginx's tasks per region, 1 to 10. Default: 2."""
    requests: NotRequired[RequestLimitsArgs]
    """What one client may ask. Default: 200 requests per second with bursts of 400, bodies of 1 MiB."""
    limits: NotRequired[LimitsArgs]
    """What one Nginx task may use. Default: 128 MiB and one core."""


@dataclass(frozen=True, kw_only=True)
class Images:
    """The images, checked."""

    etcd: pulumi.Input[str] = setting(IMAGE)
    postgres: pulumi.Input[str] = setting(IMAGE)
    haproxy: pulumi.Input[str] = setting(IMAGE)
    nginx: pulumi.Input[str] = setting(IMAGE)
    redis: pulumi.Input[str] = setting(IMAGE)
    api: pulumi.Input[str] = setting(IMAGE)
    prometheus: pulumi.Input[str] | None = setting(IMAGE, default=None)
    alertmanager: pulumi.Input[str] | None = setting(IMAGE, default=None)
    exporters: pulumi.Input[str] | None = setting(IMAGE, default=None)
    grafana: pulumi.Input[str] | None = setting(IMAGE, default=None)
    jaeger: pulumi.Input[str] | None = setting(IMAGE, default=None)
    loki: pulumi.Input[str] | None = setting(IMAGE, default=None)
    alloy: pulumi.Input[str] | None = setting(IMAGE, default=None)
    promtail: pulumi.Input[str] | None = setting(IMAGE, default=None)

    @property
    def of_watchers(self) -> dict[str, pulumi.Input[str] | None]:
        """What watches the stack."""
        return {name: getattr(self, name) for name in (*WATCHERS, *OPTIONAL_IMAGES)}


@dataclass(frozen=True, kw_only=True)
class KeyPair:
    """A member's certificate and key, checked."""

    certificate: pulumi.Input[str] = setting(PEM)
    key: pulumi.Input[str] = setting(PEM)


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """Everything secret, checked."""

    rotation_key: pulumi.Input[str] = setting(PASSWORD)
    authority: pulumi.Input[str] = setting(PEM)
    certificates: dict[str, KeyPair] = setting(SECRET)
    superuser_password: pulumi.Input[str] = setting(PASSWORD)
    replication_password: pulumi.Input[str] = setting(PASSWORD)
    rewind_password: pulumi.Input[str] = setting(PASSWORD)
    rest_password: pulumi.Input[str] = setting(PASSWORD)
    application_password: pulumi.Input[str] = setting(PASSWORD)
    redis_application_password: pulumi.Input[str] = setting(PASSWORD)
    redis_replication_password: pulumi.Input[str] = setting(PASSWORD)
    redis_sentinel_password: pulumi.Input[str] = setting(PASSWORD)
    redis_check_password: pulumi.Input[str] = setting(PASSWORD)
    redis_admin_password: pulumi.Input[str] = setting(PASSWORD)
    monitor_password: pulumi.Input[str] | None = setting(PASSWORD, default=None)
    redis_monitor_password: pulumi.Input[str] | None = setting(PASSWORD, default=None)
    grafana_admin_password: pulumi.Input[str] | None = setting(PLAIN_PASSWORD, default=None)
    grafana_monitor_password: pulumi.Input[str] | None = setting(PLAIN_PASSWORD, default=None)
    grafana_secret_key: pulumi.Input[str] | None = setting(PLAIN_PASSWORD, default=None)

    @property
    def of_watchers(self) -> dict[str, pulumi.Input[str] | None]:
        """What the exporters come to members with, and what the optional watchers ask for."""
        return {name: getattr(self, name) for name in (*WATCHERS_PASSWORDS, *OPTIONAL_CREDENTIALS)}

    def certificate_of(self, member: str) -> Certificate:
        """The member's certificate with the authority behind it."""
        pair = self.certificates[member]
        return Certificate(authority=self.authority, certificate=pair.certificate, key=pair.key)


@dataclass(frozen=True, kw_only=True)
class ApiOptions:
    """How the API runs in each region, checked."""

    replicas: pulumi.Input[int] | None = setting(between(1, MOST_API_TASKS, "tasks"), default=None)
    workers: int | None = setting(MOST_WORKERS, default=None)
    images: ColourImages = setting(factory=ColourImages)
    environment: dict[str, pulumi.Input[str]] = setting(factory=dict)
    limits: Limits = setting(factory=Limits)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.workers is not None:
            yield from tasks_are_counted_once(self.replicas, "workers", SCALE_THE_GROUP)

    def problems_of_workers(self, regions: Sequence[Place]) -> Iterator[Problem]:
        """What is wrong between them and where they run."""
        for region in regions if self.workers is not None else ():
            yield from hosts_have_an_engine("api.workers", region.name, region.docker_host, "worker")


@dataclass(frozen=True, kw_only=True)
class IngressOptions:
    """How requests come into each region, checked."""

    trusted_proxies: list[str] = setting(NETWORK, factory=list)
    tls: BalancerTls | None = None
    replicas: pulumi.Input[int] = setting(between(1, MOST_TASKS, "tasks"), default=2)
    requests: RequestLimits = setting(factory=RequestLimits)
    limits: Limits = setting(factory=lambda: Limits(memory_mb=128))


def api_certificate_name(region: str) -> str:
    """By which the certificate is known that a region's API shows Jaeger."""
    return f"{region}-{API}"


def certified_members(topology: Topology, database: PostgresCluster, *, monitored: bool = False) -> list[str]:
    """The names of all members that need a certificate, and of the watchers where there are any."""
    watchers = [watchers_certificate(place.name) for place in topology.places] if monitored else []
    return [
        *(voter.name for voter in voters(topology)),
        *(member.name for member in database.members(topology)),
        *(certificate_name(region.name) for region in topology.regions),
        *(node.name for node in redis_nodes(topology)),
        *watchers,
    ]


def certified_for_tracing(topology: Topology) -> list[str]:
    """The names of who needs a certificate for requests to be traced: in each region, Jaeger and the API."""
    names = [
        (jaeger_certificate_name(region.name), api_certificate_name(region.name))
        for region in topology.regions
    ]
    return [name for pair in names for name in pair]


def every_member_is_certified(
    topology: Topology, database: PostgresCluster, certificates: Sequence[str], monitoring: Monitoring | None
) -> Iterator[Problem]:
    """No member is without a certificate."""
    members = certified_members(topology, database, monitored=monitoring is not None)
    if monitoring is not None and monitoring.tracing is not None:
        members += certified_for_tracing(topology)
    missing = [name for name in members if name not in certificates]
    if missing:
        yield Problem(
            "credentials.certificates",
            "members without a certificate",
            ", ".join(missing),
            "one for each voter, each Postgres member and each Redis node, for each place's watchers, and for"
            " each region's Jaeger and API where requests are traced",
            "make the missing ones with the authority's key, and the API's each with its own",
        )


def watchers_have_what_they_need(
    images: Images, credentials: Credentials, monitoring: Monitoring
) -> Iterator[Problem]:
    """A stack that is monitored has the watchers' images and passwords, and those of the optional watchers
    that it declares."""
    needed = {
        **{f"images.{name}": getattr(images, name) for name in WATCHERS},
        **{f"credentials.{name}": getattr(credentials, name) for name in WATCHERS_PASSWORDS},
    }
    for path, value in needed.items():
        if value is None:
            yield Problem(
                path,
                "missing",
                "nothing",
                "a value wherever the stack is monitored",
                "give it, or leave out 'monitoring'",
            )
    for part, needs in monitoring.optional_parts.items():
        given = {
            **{f"images.{name}": getattr(images, name) for name in needs.images},
            **{f"credentials.{name}": getattr(credentials, name) for name in needs.credentials},
        }
        yield from part_has_what_it_needs(part, given)
