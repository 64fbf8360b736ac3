"""Postgres that AWS runs, in networks that are there already."""

import pulumi

from bicoastal import ManagedPostgres

config = pulumi.Config()
postgres = ManagedPostgres(
    "postgres",
    {
        "primary": config.require_object("primary"),
        "replica": config.require_object("replica"),
        "password": config.require_secret("password"),
        "alarms": config.require_object("alarms"),
        # Between regions a person promotes: 15 minutes, and 5 s until clients are back.
        "manual_promotion_minutes": 15.0,
        "failover_limit_s": config.require_float("failover_limit_s"),
    },
)
pulumi.export("endpoint", postgres.endpoint)
pulumi.export("replica_endpoint", postgres.replica_endpoint)
pulumi.export("promotion", postgres.promotion)
pulumi.export("failover_budget", postgres.failover_budget)
