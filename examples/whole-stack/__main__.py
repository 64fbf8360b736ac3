"""Two regions and a witness on AWS: networks, hosts that form a Swarm in each, and the stack on them."""

from itertools import combinations

import pulumi

from bicoastal import (
    RegionNetwork,
    RegionPeering,
    Role,
    SwarmHosts,
    TwoRegionStack,
    credentials_from_config,
    swarm_docker_host,
    swarm_ssh_options,
)

config = pulumi.Config()
environment = pulumi.get_stack()
topology = config.require_object("topology")
regions = {region["name"]: region for region in topology["regions"]}
places = {**regions, topology["witness"]["name"]: topology["witness"]}
for name, place in places.items():
    # The engines are reached through a session and not an open port.
    place["docker_host"] = swarm_docker_host(environment, name)
    place["ssh_options"] = swarm_ssh_options(environment, name, place["region"])

networks = {name: RegionNetwork(f"{name}-network", {"topology": topology, "place": name}) for name in places}
peerings = [
    RegionPeering(
        f"{one}-{other}", {"requester": networks[one].peered(), "accepter": networks[other].peered()}
    )
    for one, other in combinations(places, 2)
]


def roles_of(name):
    """What the hosts of a place do. AWS lets a host have five security groups: a balancer's is the fifth."""
    everywhere = (Role.MANAGER, Role.CACHE, Role.CONSENSUS)
    return (*everywhere, Role.DATABASE) if name in regions else everywhere


hosts = {
    name: SwarmHosts(
        f"{name}-hosts",
        {
            "place": place,
            "subnets": networks[name].host_subnets(),
            "security_group_ids": networks[name].groups_of(*roles_of(name)),
            "balancer_security_group_ids": networks[name].groups_of(Role.BALANCER) if name in regions else [],
            "data_volumes": [{"host": host, "size_gb": 100} for host in range(min(2, place["hosts"]))],
        },
    )
    for name, place in places.items()
}
stack = TwoRegionStack(
    "shop",
    {
        "topology": topology,
        "images": config.require_object("images"),
        "credentials": credentials_from_config(config),
        "database": config.require_object("database"),
        "failover_limit_s": config.require_float("failover_limit_s"),
        # Nothing is asked of an engine before it answers.
        "customize": {f"docker-{name}": {"host": hosts[name].docker_host} for name in places},
    },
    pulumi.ResourceOptions(depends_on=[*peerings, *hosts.values()]),
)
pulumi.export("balancers", {name: hosts[name].balancer_addresses for name in regions})
pulumi.export("failover_budget", stack.failover_budget)
pulumi.export("promotion", stack.promotion)
