"""The overlay network that the services of one place share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired

import pulumi
import pulumi_docker as docker

from ..checks.rules import SWARM_NAME
from ..component import Component, ComponentArgs
from ..settings import setting


class OverlayNetworkArgs(ComponentArgs):
    """What an overlay network is made of."""

    network_name: str
    """Its name in Swarm, at most 63 characters. A change replaces the network and every service on it."""
    encrypted: NotRequired[bool]
    """Whether traffic between hosts is encrypted by IPsec. Default: false, since what crosses hosts here is
    TLS already and some kernels lack it. A change replaces the network."""


@dataclass(frozen=True, kw_only=True)
class OverlayNetworkSettings:
    """What an overlay network is made of, checked."""

    network_name: str = setting(SWARM_NAME)
    encrypted: bool = setting(default=False)


class OverlayNetwork(Component[OverlayNetworkSettings]):
    """An overlay network inside one place's Swarm.

    Raises `pulumi.InputPropertiesError` for a name that Docker refuses.
    """

    network_id: pulumi.Output[str]
    """The network's id: services refer to it by id, since by name they would be replaced at every run."""

    def __init__(
        self, name: str, args: OverlayNetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, OverlayNetworkSettings)
        network = docker.Network(
            self.child_name("network"),
            **self.customized(
                "network",
                {
                    "name": self.settings.network_name,
                    "driver": "overlay",
                    **({"options": {"encrypted": ""}} if self.settings.encrypted else {}),
                    "labels": [
                        docker.NetworkLabelArgs(label=key, value=value)
                        for key, value in sorted(self.labels().items())
                    ],
                },
            ),
            # The daemon adds an option of its own, which the provider would take for a change. Another label
            # would replace the network, and with it every service in it.
            opts=self.child_opts("network", ignore_changes=["options", "labels"]),
        )
        self.network_id = network.id
        self.register_outputs({"network_id": self.network_id})

    @classmethod
    def children_of(cls, settings: OverlayNetworkSettings) -> Sequence[str]:
        return ("network",)
