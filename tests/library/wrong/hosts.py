"""Wrong settings of hosts: the arguments that hold one, and what its error must say."""

from typing import Any

from tests.library.samples import swarm_hosts
from tests.library.wrong.table import Broken, Wrong


def _hosts(**own: Any) -> Broken:
    return lambda: ("SwarmHosts", swarm_hosts(**own))


WRONG: Wrong = {
    "an even number of managers": (_hosts(managers=2), "managers", "2", "1 or 3"),
    "an even number of hosts that are managers": (
        _hosts(place={**swarm_hosts()["place"], "hosts": 2}),
        "place.hosts",
        "2",
        "1 or 3",
    ),
    "fewer managers than pinned hosts": (
        _hosts(managers=1, balancers=1),
        "managers",
        "1 managers, place.hosts 3",
        "at least place.hosts",
    ),
    "the fewest workers over the most": (
        _hosts(workers={"min": 5, "max": 4}),
        "workers.min",
        "min 5, max 4",
        "min <= max",
    ),
    "workers that never begin": (
        _hosts(workers={"min": 0, "max": 4}),
        "workers.min",
        "min 0, max 4",
        "0 with max 0",
    ),
    "metadata that are heard three hops away": (
        _hosts(metadata_hops=3),
        "metadata_hops",
        "3",
        "1, the host alone, or 2",
    ),
    "snapshots for no day": (
        _hosts(snapshot_retention_days=0),
        "snapshot_retention_days",
        "0",
        "1 to 365 days",
    ),
    "too much to tell a host": (
        _hosts(setup="#!/bin/sh\n" + "x" * 16384),
        "setup",
        "bytes",
        "at most 16384 bytes",
    ),
    "a setup that is no script": (_hosts(setup="apt-get update"), "setup", "'apt-get update'", "#!"),
    "a data volume for a host that is none": (
        _hosts(data_volumes=[{"host": 3, "size_gb": 8}]),
        "data_volumes[0].host",
        "3",
        "0 to 2",
    ),
    "two data volumes for one host": (
        _hosts(data_volumes=[{"host": 1, "size_gb": 8}, {"host": 1, "size_gb": 9}]),
        "data_volumes[1].host",
        "1",
        "one volume per host",
    ),
    "more balancers than hosts": (
        _hosts(
            place={"name": "w", "region": "us-east-1", "subnet": "10.1.0.0/16"}, data_volumes=[], balancers=2
        ),
        "balancers",
        "2 on 1 hosts",
        "0 to 1",
    ),
    "hosts without subnets": (_hosts(subnets=[]), "subnets", "nothing", "at least one"),
    "hosts without security groups": (
        _hosts(security_group_ids=[]),
        "security_group_ids",
        "nothing",
        "at least one",
    ),
    "a host outside the subnets": (
        _hosts(
            place={"name": "w", "region": "us-east-1", "subnet": "10.1.0.0/16"},
            subnets=[{"subnet_id": "s", "cidr": "10.1.1.0/24", "zone": "us-east-1a"}],
            data_volumes=[],
        ),
        "subnets",
        "10.1.0.10; 10.1.1.0/24",
        "a subnet for every host's address",
    ),
    "a balancer's host in a private subnet": (
        _hosts(place={**swarm_hosts()["place"], "public_hosts": 1}, balancers=2),
        "balancers",
        "2 balancers, host 1 at 10.1.0.11",
        "the internet gateway",
    ),
    "a public host without a balancer": (
        _hosts(balancers=1),
        "balancers",
        "1 balancers, host 1 at 10.1.192.11",
        "a balancer on every host in a public subnet",
    ),
    "workers in public subnets": (
        _hosts(place={**swarm_hosts()["place"], "public_hosts": 3}, subnets=swarm_hosts()["subnets"][1:]),
        "workers.subnet_ids",
        "nothing",
        "at least one subnet whose way out is a NAT",
    ),
    "a place on the bridges of its hosts": (
        _hosts(place={**swarm_hosts()["place"], "subnet": "172.18.0.0/17"}),
        "place.subnet",
        "172.18.0.0/17",
        "outside 10.0.0.0/16, 172.17.0.0/16, 172.18.0.0/16",
    ),
    "a place in Swarm's own range": (
        _hosts(
            place={"name": "east", "region": "us-east-1", "subnet": "10.0.0.0/16", "hosts": 3},
            subnets=[{"subnet_id": "s", "cidr": "10.0.0.0/24", "zone": "us-east-1a"}],
        ),
        "place.subnet",
        "10.0.0.0/16",
        "outside 10.0.0.0/16",
    ),
    "an image by its name": (_hosts(image_id="debian-13"), "image_id", "'debian-13'", "ami-"),
    "a key's alias": (
        _hosts(kms_key_arn="alias/hosts"),
        "kms_key_arn",
        "'alias/hosts'",
        "the ARN of a KMS key",
    ),
    "no zone": (
        _hosts(subnets=[{"subnet_id": "s", "cidr": "10.1.0.0/24", "zone": "us-east-1"}]),
        "subnets[0].zone",
        "'us-east-1'",
        "a zone's name",
    ),
    "an existing Swarm whose engine has no TLS": (
        _hosts(existing={"docker_hosts": ["ssh://ops@m1", "tcp://10.1.0.11:2375"]}),
        "existing.docker_hosts[1]",
        "'tcp://10.1.0.11:2375'",
        "tcp://host:port with TLS",
    ),
    "an existing Swarm without a manager": (
        _hosts(existing={"docker_hosts": []}),
        "existing.docker_hosts",
        "[]",
        "at least one",
    ),
}
