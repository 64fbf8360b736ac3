import pulumi

from bicoastal import TwoRegionStack, credentials_from_config

config = pulumi.Config()
east = {"name": "east", "region": "us-east-1", "subnet": "10.1.0.0/16", "docker_host": "ssh://ops@10.1.0.10"}
west = {"name": "west", "region": "us-west-2", "subnet": "10.2.0.0/16", "docker_host": "ssh://ops@10.2.0.10"}
ohio = {"name": "ohio", "region": "us-east-2", "subnet": "10.3.0.0/16", "docker_host": "ssh://ops@10.3.0.10"}
args = {
    "topology": {"regions": [east, west], "witness": ohio},
    "images": config.require_object("images"),  # etcd, postgres, haproxy, nginx, redis, api: each pinned
    "credentials": credentials_from_config(config),  # every secret stays one
    "database": {"mode": "sync", "timing": "wan"},
}
stack = TwoRegionStack("shop", args)
pulumi.export("failover_budget", stack.failover_budget)
