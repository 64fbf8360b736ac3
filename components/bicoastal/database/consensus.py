"""One voter of the consensus cluster: etcd, which decides who holds the primary's lease."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

import pulumi

from ..certificate import Certificate, CertificateArgs
from ..checks.problem import Problem
from ..checks.rules import IMAGE, SECRET, between
from ..component import Component, ComponentArgs
from ..containers import ContainerService
from ..containers.service_args import Limits, LimitsArgs
from ..settings import setting
from ..site import Site, SiteArgs
from .voters import CLIENT_PORT, PEER_PORT, Voter, voters

USER = "10002:10002"
DATA = "/var/lib/etcd"
TLS = {
    "authority": "/etc/etcd/ca.pem",
    "certificate": "/etc/etcd/member.pem",
    "key": "/run/secrets/member-key",
}
HEARTBEAT_MS = 150
"""About the round trip between the coasts (70 ms East-West, 130 ms at worst; etcd advises 0.5-1.5 x it)."""
KEEPER_LOOKED = "find /tmp/looked -newermt '-60 seconds' | grep -q ."
"""The keeper notes each of its looks, ten seconds apart."""
ELECTION_MS = 1500
"""Ten heartbeats, etcd's own rule."""


class ConsensusMemberArgs(ComponentArgs):
    """What a voter is made of."""

    site: SiteArgs
    """Where it runs; the topology tells it its peers."""
    image: pulumi.Input[str]
    """The image with etcd, pinned."""
    certificate: CertificateArgs
    """Its certificate, naming its address: peers and clients are both asked for theirs."""
    number: NotRequired[int]
    """Which of its place's voters it is, counted from 1; it runs on the host of that number. Default: 1."""
    limits: NotRequired[LimitsArgs]
    """What it may use. Default: 256 MiB and one core."""


@dataclass(frozen=True, kw_only=True)
class ConsensusSettings:
    """What a voter is made of, checked."""

    site: Site
    image: pulumi.Input[str] = setting(IMAGE)
    certificate: Certificate = setting(SECRET)
    number: int = setting(between(1, 3, "(the number of a voter)"), default=1)
    limits: Limits = setting(factory=Limits)

    @property
    def voter(self) -> Voter:
        """This voter among all."""
        return next(
            voter
            for voter in voters(self.site.topology)
            if voter.place == self.site.place and voter.number == self.number
        )

    @property
    def keeps_leader(self) -> bool:
        """Whether this voter should lead: the witness place's first, whose loss moves no users."""
        witness = self.site.topology.witness
        return witness is not None and witness.name == self.site.place and self.number == 1

    def problems(self) -> Iterator[Problem]:
        """What is wrong between the fields."""
        if self.number > self.site.here.voters:
            yield Problem(
                "number",
                f"{self.site.place} has no such voter",
                str(self.number),
                f"1 to {self.site.here.voters}",
                "raise the place's voters in the topology",
            )


class ConsensusMember(Component[ConsensusSettings]):
    """One etcd member, with TLS to its peers and its clients. In the witness place it also keeps the
    cluster's leadership, since a leader lost with a region costs about six seconds more.

    It holds the consensus state in the volume `<stack>_etcd-<n>-data` on its host. Losing that volume means
    removing the member from the cluster and adding it again.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    client_address: pulumi.Output[str]
    """`host:port` for clients."""

    def __init__(
        self, name: str, args: ConsensusMemberArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, ConsensusSettings)
        site, voter = self.settings.site, self.settings.voter
        ContainerService(
            self.child_name("member"),
            self.child_args(
                "member",
                {
                    **self._common(),
                    "service_name": site.swarm_name(voter.service),
                    "command": self._etcd(voter),
                    "ports": [{"published": CLIENT_PORT}, {"published": PEER_PORT}],
                    "volumes": [{"name": f"{site.swarm_name(voter.service)}-data", "path": DATA}],
                },
            ),
            opts=self.child_opts("member"),
        )
        if self.settings.keeps_leader:
            self._keep_leader(site, voter)
        self.client_address = pulumi.Output.from_input(voter.client_address)
        self.register_outputs({"client_address": self.client_address})

    @classmethod
    def children_of(cls, settings: ConsensusSettings) -> Sequence[str]:
        return ("member", "leader-keeper") if settings.keeps_leader else ("member",)

    def _common(self) -> dict[str, Any]:
        site, certificate = self.settings.site, self.settings.certificate
        return {
            "image": self.settings.image,
            # Serializable: a member that works is not replaced because others are gone.
            "health": {"command": _curl(f"https://localhost:{CLIENT_PORT}/health?serializable=true")},
            "user": USER,
            "network_id": site.network_id,
            "constraints": site.constraints_on(self.settings.voter.host),
            "limits": self.settings.limits,
            "rotation_key": site.rotation_key,
            "files": [
                {"name": "ca", "path": TLS["authority"], "content": certificate.authority},
                {"name": "certificate", "path": TLS["certificate"], "content": certificate.certificate},
            ],
            "secrets": [{"name": "member-key", "value": certificate.key}],
        }

    def _keep_leader(self, site: Site, voter: Voter) -> None:
        endpoints = ",".join(f"https://{peer.client_address}" for peer in voters(site.topology))
        ContainerService(
            self.child_name("leader-keeper"),
            self.child_args(
                "leader-keeper",
                {
                    **self._common(),
                    "service_name": site.swarm_name("etcd-leader-keeper"),
                    "command": ["keep-leader"],
                    "environment": {
                        "MEMBER": voter.name,
                        "ETCDCTL_ENDPOINTS": endpoints,
                        "ETCDCTL_CACERT": TLS["authority"],
                        "ETCDCTL_CERT": TLS["certificate"],
                        "ETCDCTL_KEY": TLS["key"],
                    },
                    "health": {"command": ["sh", "-c", KEEPER_LOOKED], "interval_s": 20},
                },
            ),
            opts=self.child_opts("leader-keeper"),
        )

    def _etcd(self, voter: Voter) -> list[str]:
        peers = ",".join(f"{peer.name}={peer.peer_url}" for peer in voters(self.settings.site.topology))
        return [
            "etcd",
            f"--name={voter.name}",
            f"--data-dir={DATA}/member-data",
            f"--listen-client-urls=https://0.0.0.0:{CLIENT_PORT}",
            f"--advertise-client-urls=https://{voter.client_address}",
            f"--listen-peer-urls=https://0.0.0.0:{PEER_PORT}",
            f"--initial-advertise-peer-urls={voter.peer_url}",
            f"--initial-cluster={peers}",
            "--initial-cluster-state=new",
            f"--initial-cluster-token={self.settings.site.swarm_name('consensus')}",
            f"--heartbeat-interval={HEARTBEAT_MS}",
            f"--election-timeout={ELECTION_MS}",
            "--auto-compaction-mode=periodic",
            "--auto-compaction-retention=1h",
            "--client-cert-auth",
            f"--trusted-ca-file={TLS['authority']}",
            f"--cert-file={TLS['certificate']}",
            f"--key-file={TLS['key']}",
            "--peer-client-cert-auth",
            f"--peer-trusted-ca-file={TLS['authority']}",
            f"--peer-cert-file={TLS['certificate']}",
            f"--peer-key-file={TLS['key']}",
            "--tls-min-version=TLS1.2",
            "--logger=zap",
            "--log-level=warn",
        ]


def _curl(url: str) -> list[str]:
    return [
        *("curl", "--silent", "--fail", "--output", "/dev/null", "--max-time", "4"),
        *("--cacert", TLS["authority"], "--cert", TLS["certificate"], "--key", TLS["key"], url),
    ]
