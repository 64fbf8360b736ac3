"""One composition for all environments: what differs between them is data."""

import pulumi

from bicoastal import TwoRegionStack

from .settings import Environment, read_environment


def compose() -> TwoRegionStack:
    """Declare SmellPin's stack and export what people and drills ask for. An environment without a cloud,
    such as the twin, brings its own engines."""
    environment = read_environment()
    stack = (
        _on_a_cloud(environment) if environment.groups.cloud else TwoRegionStack("smellpin", environment.args)
    )
    pulumi.export("http_addresses", stack.http_addresses)
    pulumi.export("failover_budget", stack.failover_budget)
    pulumi.export("promotion", stack.promotion)
    return stack


def _on_a_cloud(environment: Environment) -> TwoRegionStack:
    # A twin loads none of their SDKs.
    from .cloud import NAME, add_ground, aws_provider, engines
    from .storage import add_log_buckets, add_storage

    groups = environment.groups
    assert groups.cloud is not None
    provider = aws_provider(environment, groups.cloud)
    ground = add_ground(environment, provider)
    uploads, backups = add_storage(environment, groups.cloud, provider)
    if groups.has_log_buckets:
        add_log_buckets(environment, groups.cloud, provider)
    stack = TwoRegionStack(
        NAME,
        {**environment.args, "customize": engines(environment, ground, groups)},
        pulumi.ResourceOptions(depends_on=ground.parts),
    )
    if groups.edge is not None:
        from .edge import add_edge

        balancer = add_edge(environment, groups.edge, ground, stack)
        pulumi.export("api", balancer.hostname)
    if groups.costs is not None:
        from .costs import add_costs

        pulumi.export("cost_limits", add_costs(environment, groups.costs, provider).limits)
    pulumi.export("upload_buckets", uploads.bucket_names)
    pulumi.export("backup_buckets", backups.bucket_names)
    return stack
