"""Redis in one place: a data node, and the Sentinel that votes on which node is the master."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import pulumi

from ..certificate import Certificate, CertificateArgs
from ..checks.cache import data_fits_the_limit
from ..checks.problem import Problem
from ..checks.rules import IMAGE, PASSWORD, SECRET
from ..component import Component, ComponentArgs
from ..containers import ContainerService
from ..containers.service_args import Limits, LimitsArgs
from ..settings import setting
from ..site import Site, SiteArgs
from .cluster import RedisCluster, RedisClusterArgs, RedisNode, redis_nodes
from .configuration import CA, CERTIFICATE, redis_configuration, sentinel_configuration

USER = "10005:10005"
BESIDE_DATA_MB = 64
"""Of memory for Redis itself, beside twice its data."""


class RedisCredentialsArgs(TypedDict):
    """What a member proves itself with. Every password: a secret of 16 to 512 characters."""

    certificate: CertificateArgs
    """Its certificate, naming its address, `localhost` and `redis`."""
    application_password: pulumi.Input[str]
    """Of `application`, who reads and writes every key and can do nothing dangerous."""
    replication_password: pulumi.Input[str]
    """Of `replication`, which replicas follow the master as."""
    sentinel_password: pulumi.Input[str]
    """Of `sentinel`, which the Sentinels come to nodes and to one another as."""
    check_password: pulumi.Input[str]
    """Of `check`, the balancer, which may only ask for the role."""
    admin_password: pulumi.Input[str]
    """Of `admin`, who may do everything."""
    monitor_password: NotRequired[pulumi.Input[str]]
    """Of `monitor`, who may ask Redis and Sentinel how they are, and read no key. Default: nobody may."""


class RedisMemberArgs(ComponentArgs):
    """What Redis in one place is made of."""

    site: SiteArgs
    """Where it runs, on the place's first host; the topology tells it its peers."""
    image: pulumi.Input[str]
    """The image with Redis 8 and Sentinel, pinned."""
    credentials: RedisCredentialsArgs
    """Certificate and passwords."""
    cluster: NotRequired[RedisClusterArgs]
    """What all members agree on. Default: 128 MiB of data, a dead master is noticed after 5 s."""
    limits: NotRequired[LimitsArgs]
    """What the data node may use, at least twice its data. Default: twice its data and 64 MiB, one core."""


@dataclass(frozen=True, kw_only=True)
class RedisCredentials:
    """What a member proves itself with, checked."""

    certificate: Certificate = setting(SECRET)
    application_password: pulumi.Input[str] = setting(PASSWORD)
    replication_password: pulumi.Input[str] = setting(PASSWORD)
    sentinel_password: pulumi.Input[str] = setting(PASSWORD)
    check_password: pulumi.Input[str] = setting(PASSWORD)
    admin_password: pulumi.Input[str] = setting(PASSWORD)
    monitor_password: pulumi.Input[str] | None = setting(PASSWORD, default=None)


@dataclass(frozen=True, kw_only=True)
class RedisMemberSettings:
    """What Redis in one place is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    credentials: RedisCredentials = setting(SECRET)
    cluster: RedisCluster = setting(factory=RedisCluster)
    limits: Limits | None = setting(default=None)

    @property
    def nodes(self) -> list[RedisNode]:
        """The data nodes of all places."""
        return redis_nodes(self.site.topology)

    @property
    def node(self) -> RedisNode:
        """This place's data node."""
        return next(node for node in self.nodes if node.place == self.site.place)

    @property
    def monitored(self) -> bool:
        """Whether somebody may ask how it is."""
        return self.credentials.monitor_password is not None

    @property
    def data_limits(self) -> Limits:
        """What the data node may use."""
        return self.limits or Limits(memory_mb=2 * self.cluster.memory_mb + BESIDE_DATA_MB)

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        yield from data_fits_the_limit(self.cluster.memory_mb, self.data_limits.memory_mb)


class RedisMember(Component[RedisMemberSettings]):
    """Redis in one place: one data node, master or replica as the Sentinels decide, and one Sentinel. Between
    members and to clients there is only TLS, and the user `default` is off.

    A write is acknowledged by the master alone: losing the master's host at once may lose the last
    milliseconds of writes. A client that cannot have that asks for `WAIT`; with 1 a copy in the witness's
    place may be the one that is waited for, while a region's replica is promoted first, so 2 is the certain
    number. A master that no replica answers any more refuses writes.

    The data is the volume `<stack>_redis-1-data` on its host, the Sentinel's memory of elections the volume
    `<stack>_sentinel-1-data`. Replacing the services keeps both; a data node whose volume is gone copies its
    data from the others before it may be master.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    address: pulumi.Output[str]
    """`host:port` of the data node."""
    sentinel_address: pulumi.Output[str]
    """`host:port` of the Sentinel."""

    def __init__(self, name: str, args: RedisMemberArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, RedisMemberSettings)
        node = self.settings.node
        self._add("redis", self._data_node())
        self._add("sentinel", self._sentinel())
        self.address = pulumi.Output.from_input(f"{node.address}:{node.port}")
        self.sentinel_address = pulumi.Output.from_input(f"{node.address}:{node.sentinel_port}")
        self.register_outputs({"address": self.address, "sentinel_address": self.sentinel_address})

    @classmethod
    def children_of(cls, settings: RedisMemberSettings) -> Sequence[str]:
        return ("redis", "sentinel")

    def _add(self, key: str, args: dict[str, Any]) -> ContainerService:
        return ContainerService(self.child_name(key), self.child_args(key, args), opts=self.child_opts(key))

    def _data_node(self) -> dict[str, Any]:
        settings, node = self.settings, self.settings.node
        credentials = settings.credentials
        service = settings.site.swarm_name(node.service)
        common = self._common(
            redis_configuration(settings.cluster, node, monitored=settings.monitored), "redis.conf.template"
        )
        return {
            **common,
            "service_name": service,
            "environment": {
                **common["environment"],
                "OWN_ADDRESS": node.address,
                "OWN_PORT": str(node.port),
            },
            "ports": [{"published": node.port}],
            "volumes": [{"name": f"{service}-data", "path": "/var/lib/redis"}],
            "secrets": [
                *common["secrets"],
                {"name": "application-password", "value": credentials.application_password},
                {"name": "replication-password", "value": credentials.replication_password},
                {"name": "check-password", "value": credentials.check_password},
            ],
            # Alive, not ready: a node that waits for its master must not be replaced.
            "health": {"command": ["redis-as", "check", "PING"]},
            "limits": settings.data_limits,
        }

    def _sentinel(self) -> dict[str, Any]:
        settings, node = self.settings, self.settings.node
        service = settings.site.swarm_name(node.sentinel_service)
        text = sentinel_configuration(settings.cluster, node, settings.nodes, monitored=settings.monitored)
        common = self._common(text, "sentinel.conf.template")
        return {
            **common,
            "service_name": service,
            "command": ["sentinel-member"],
            "environment": {
                **common["environment"],
                "OWN_PORT": str(node.sentinel_port),
                "NODE_PORT": str(node.port),
            },
            "ports": [{"published": node.sentinel_port}],
            "volumes": [{"name": f"{service}-data", "path": "/var/lib/sentinel"}],
            "health": {"command": ["sentinel-alive"]},
            "limits": {"memory_mb": 64},
        }

    def _common(self, template: str, file_name: str) -> dict[str, Any]:
        settings, site = self.settings, self.settings.site
        credentials, certificate = settings.credentials, settings.credentials.certificate
        peers = [peer for peer in settings.nodes if peer.place != site.place]
        return {
            "image": settings.image,
            "user": USER,
            "network_id": site.network_id,
            "constraints": site.constraints_on(0),
            "environment": {
                "NODES": " ".join(node.address for node in settings.nodes),
                "FIRST_MASTER": site.topology.primary_region.address(),
                "PEER_SENTINELS": " ".join(f"{peer.address}:{peer.sentinel_port}" for peer in peers),
            },
            "files": [
                {"name": "configuration", "path": f"/etc/redis/{file_name}", "content": template},
                {"name": "ca", "path": CA, "content": certificate.authority},
                {"name": "certificate", "path": CERTIFICATE, "content": certificate.certificate},
            ],
            "rotation_key": site.rotation_key,
            "secrets": [
                {"name": "member-key", "value": certificate.key},
                {"name": "sentinel-password", "value": credentials.sentinel_password},
                {"name": "admin-password", "value": credentials.admin_password},
                *self._monitor(),
            ],
        }

    def _monitor(self) -> list[dict[str, Any]]:
        password = self.settings.credentials.monitor_password
        return [{"name": "monitor-password", "value": password}] if password is not None else []
