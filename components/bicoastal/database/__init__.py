"""Postgres members under Patroni, and the voters that decide who is primary."""

from .cluster import Member, PostgresCluster, PostgresClusterArgs, ReplicationMode
from .consensus import ConsensusMember, ConsensusMemberArgs
from .member import PostgresMember, PostgresMemberArgs
from .primary import primary_route
from .timing import Timing, TimingProfile
from .voters import Voter, voters

__all__ = [
    "ConsensusMember",
    "ConsensusMemberArgs",
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
