"""Patroni's configuration, as data."""

import json
from typing import Any

import yaml

from ..site import Site
from .cluster import Member, PostgresCluster, ReplicationMode
from .voters import voters

CA = "/etc/patroni/ca.pem"
CERTIFICATE = "/etc/patroni/member.pem"
KEY = "/run/secrets/member-key"
DATA = "/var/lib/postgresql"
SUPERUSER, REPLICATION, REWIND, REST = "postgres", "replication", "rewind", "patroni"

_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""libyaml's where PyYAML comes with it, as its wheels do: the same text in a fifth of the time."""


def dynamic_settings(cluster: PostgresCluster) -> str:
    """What all members agree on through the consensus store: brought to it when a member starts, as JSON."""
    return json.dumps(_dynamic(cluster), indent=2, sort_keys=True)


def member_configuration(cluster: PostgresCluster, member: Member, site: Site) -> str:
    """One member's own configuration, without any password, as YAML."""
    return yaml.dump(_local(cluster, member, site), Dumper=_Dumper, sort_keys=True)


def environment(cluster: PostgresCluster) -> dict[str, str]:
    """The names that go with the passwords, and how connections between members are verified."""
    names = {"SUPERUSER": SUPERUSER, "REPLICATION": REPLICATION, "REWIND": REWIND}
    return {
        **{f"PATRONI_{role}_USERNAME": name for role, name in names.items()},
        **{f"PATRONI_{role}_SSLMODE": "verify-full" for role in names},
        **{f"PATRONI_{role}_SSLROOTCERT": CA for role in names},
        "PATRONI_RESTAPI_USERNAME": REST,
        "APPLICATION_ROLE": cluster.role,
        "APPLICATION_DATABASE": cluster.database,
    }


def _dynamic(cluster: PostgresCluster) -> dict[str, Any]:
    clocks = cluster.clocks
    return {
        "ttl": clocks.ttl_s,
        "loop_wait": clocks.loop_wait_s,
        "retry_timeout": clocks.retry_timeout_s,
        "primary_start_timeout": cluster.start_timeout_s,
        "maximum_lag_on_failover": cluster.maximum_lag_bytes,
        "check_timeline": True,
        "synchronous_mode": cluster.synchronous,
        "synchronous_mode_strict": cluster.mode is ReplicationMode.STRICT,
        "synchronous_node_count": cluster.copies,
        "postgresql": {
            "use_pg_rewind": True,
            "remove_data_directory_on_rewind_failure": True,
            "remove_data_directory_on_diverged_timelines": True,
            "use_slots": True,
            "parameters": {
                "max_connections": 100,
                "max_replication_slots": 10,
                "max_wal_senders": 10,
                "max_worker_processes": 8,
                "wal_level": "replica",
                "wal_log_hints": "on",
                "hot_standby": "on",
                "wal_keep_size": "64MB",
                "max_slot_wal_keep_size": f"{cluster.maximum_slot_wal_mb}MB",
                "wal_sender_timeout": "10s",
                "wal_receiver_timeout": "10s",
            },
        },
    }


def _client_authentication() -> list[str]:
    """TLS and a password for whoever comes by network; the superuser comes by the socket only."""
    return [
        "local all postgres peer",
        "local all all scram-sha-256",
        f"local replication {REPLICATION} scram-sha-256",
        f"hostssl replication {REPLICATION} all scram-sha-256",
        f"host all {SUPERUSER} all reject",
        "hostssl all all all scram-sha-256",
        "host all all all reject",
    ]


def _bootstrap(cluster: PostgresCluster, member: Member, site: Site) -> dict[str, Any]:
    """How a new cluster is made. Patroni makes none in a member without this section, so the first primary
    is in the region that is declared, and not in the one that was quickest."""
    if member.place != site.topology.primary_region.name:
        return {}
    return {
        "bootstrap": {
            "dcs": _dynamic(cluster),
            "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            "post_bootstrap": "create-application",
        }
    }


def _local(cluster: PostgresCluster, member: Member, site: Site) -> dict[str, Any]:
    return {
        "scope": cluster.name,
        "namespace": "/bicoastal/",
        "name": member.name,
        "restapi": {
            "listen": f"0.0.0.0:{member.rest_port}",
            "connect_address": f"{member.address}:{member.rest_port}",
            "cafile": CA,
            "certfile": CERTIFICATE,
            "keyfile": KEY,
        },
        "ctl": {"cacert": CA},
        "etcd3": {
            "hosts": [voter.client_address for voter in voters(site.topology)],
            "protocol": "https",
            "cacert": CA,
            "cert": CERTIFICATE,
            "key": KEY,
        },
        **_bootstrap(cluster, member, site),
        "postgresql": {
            "listen": f"0.0.0.0:{member.port}",
            "connect_address": f"{member.address}:{member.port}",
            "data_dir": f"{DATA}/data",
            "bin_dir": "/usr/lib/postgresql/17/bin",
            "pgpass": "/tmp/pgpass",  # noqa: S108 memory of the container's own
            "use_unix_socket": True,
            "use_unix_socket_repl": True,
            "basebackup": [{"checkpoint": "fast"}],
            # Here and not among the dynamic settings: a member that takes a change of those while it is
            # starting keeps its old file, and then cannot ask itself how far it is.
            "pg_hba": _client_authentication(),
            "parameters": {
                **cluster.parameters,
                "unix_socket_directories": "/run/postgresql",
                "password_encryption": "scram-sha-256",
                "ssl": "on",
                "ssl_ca_file": CA,
                "ssl_cert_file": CERTIFICATE,
                "ssl_key_file": KEY,
                "ssl_min_protocol_version": "TLSv1.2",
                "logging_collector": "off",
                "log_checkpoints": "off",
                # What a client asks to learn where the primary is.
                "bicoastal.region": member.place,
            },
        },
    }
