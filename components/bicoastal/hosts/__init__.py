"""The hosts of a place and how their Docker engine is set: `daemon.json`, the same in production and twin.

Names are loaded when they are first used: who needs `daemon.json` alone, or runs `bicoastal ssh-proxy`, loads
no provider's SDK.
"""

from typing import TYPE_CHECKING

from ..lazy import names_of

if TYPE_CHECKING:
    from ..host_subnet import HostSubnetArgs
    from .arguments import DataVolumeArgs, ExistingSwarmArgs, SwarmHostsArgs, WorkersArgs
    from .engines import EnginesSilent, await_engines
    from .ssh import swarm_docker_host, swarm_ssh_options
    from .swarm_hosts import SwarmHosts

_HOMES = {
    "DataVolumeArgs": "arguments",
    "EnginesSilent": "engines",
    "ExistingSwarmArgs": "arguments",
    "HostSubnetArgs": ".host_subnet",
    "SwarmHosts": "swarm_hosts",
    "SwarmHostsArgs": "arguments",
    "WorkersArgs": "arguments",
    "await_engines": "engines",
    "swarm_docker_host": "ssh",
    "swarm_ssh_options": "ssh",
}

__all__ = [
    "DataVolumeArgs",
    "EnginesSilent",
    "ExistingSwarmArgs",
    "HostSubnetArgs",
    "SwarmHosts",
    "SwarmHostsArgs",
    "WorkersArgs",
    "await_engines",
    "swarm_docker_host",
    "swarm_ssh_options",
]

__getattr__ = names_of(__name__, _HOMES)
