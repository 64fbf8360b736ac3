"""Postgres members under Patroni, and the voters that decide who is primary; and Postgres as the cloud runs
it.

Names are loaded when they are first used: whoever has the one kind needs no SDK of the other.
"""

from typing import TYPE_CHECKING

from ..lazy import names_of

# At once, since the module has the function's name.
from .voters import Voter, voters

if TYPE_CHECKING:
    from .cluster import Member, PostgresCluster, PostgresClusterArgs, ReplicationMode
    from .consensus import ConsensusMember, ConsensusMemberArgs
    from .managed import ManagedPostgres
    from .managed_args import (
        ManagedAlarmsArgs,
        ManagedPostgresArgs,
        ManagedPrimaryArgs,
        ManagedReplicaArgs,
    )
    from .member import PostgresMember, PostgresMemberArgs
    from .primary import primary_route
    from .timing import Timing, TimingProfile

_HOMES = {
    "ConsensusMember": "consensus",
    "ConsensusMemberArgs": "consensus",
    "ManagedAlarmsArgs": "managed_args",
    "ManagedPostgres": "managed",
    "ManagedPostgresArgs": "managed_args",
    "ManagedPrimaryArgs": "managed_args",
    "ManagedReplicaArgs": "managed_args",
    "Member": "cluster",
    "PostgresCluster": "cluster",
    "PostgresClusterArgs": "cluster",
    "PostgresMember": "member",
    "PostgresMemberArgs": "member",
    "ReplicationMode": "cluster",
    "Timing": "timing",
    "TimingProfile": "timing",
    "primary_route": "primary",
}

__all__ = [
    "ConsensusMember",
    "ConsensusMemberArgs",
    "ManagedAlarmsArgs",
    "ManagedPostgres",
    "ManagedPostgresArgs",
    "ManagedPrimaryArgs",
    "ManagedReplicaArgs",
    "Member",
    "PostgresCluster",
    "PostgresClusterArgs",
    "PostgresMember",
    "PostgresMemberArgs",
    "ReplicationMode",
    "Timing",
    "TimingProfile",
    "Voter",
    "primary_route",
    "voters",
]

__getattr__ = names_of(__name__, _HOMES)
