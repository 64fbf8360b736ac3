"""Providers' plugins played in this process, which the real engine attaches to.

A stand-in answers as a bridged plugin does: what is declared is echoed, what the cloud computes is unknown in
a preview and known afterwards, and a type's table says which changes replace. What a cloud would refuse, its
`Cloud` refuses.
"""

from .catalogue import kind_of, stand_in_for
from .kinds import Kind, read_kinds
from .provider import StandIn, serve
from .store import Cloud, Object, Refused

__all__ = [
    "Cloud",
    "Kind",
    "Object",
    "Refused",
    "StandIn",
    "kind_of",
    "read_kinds",
    "serve",
    "stand_in_for",
]
