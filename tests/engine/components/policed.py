"""Programs that the policy pack judges."""

import pulumi
import pulumi_aws as aws
import pulumi_docker as docker

from infra.composition import compose

PROVIDERS = ("aws:", "cloudflare:", "docker:")
REGION = {"region": "us-east-1"}
TAGS = {"team": "maps"}
PINNED = f"nginx@sha256:{'ab' * 32}"


def planted():
    """A public bucket, a database that is not encrypted, a container that is root and not pinned, and a
    secret of the configuration that is unwrapped."""
    bucket = aws.s3.Bucket("media", **REGION, tags=TAGS)
    aws.s3.BucketPublicAccessBlock("media-open", bucket=bucket.id, block_public_acls=False, **REGION)
    config = pulumi.Config()
    aws.rds.Instance(
        "orders",
        **REGION,
        instance_class="db.t4g.micro",
        engine="postgres",
        allocated_storage=20,
        username="orders",
        password=config.require_secret("password"),
        skip_final_snapshot=True,
    )
    docker.Service(
        "web", name="shop_web", task_spec={"container_spec": {"image": "nginx:latest", "user": "root"}}
    )
    docker.Network("told", driver="overlay", options={"key": config.require("password")})
    pulumi.export("media", bucket.id)


def clean():
    """What may be made as it is."""
    docker.Service(
        "web",
        name="shop_web",
        mode={"replicated": {"replicas": 1}},
        converge_config={"delay": "1s", "timeout": "60s"},
        endpoint_spec={"mode": "dnsrr"},
        update_config={"failure_action": "rollback", "order": "start-first"},
        task_spec={
            "container_spec": {
                "image": PINNED,
                "user": "65532:65532",
                "read_only": True,
                "cap_drops": ["ALL"],
                "healthcheck": {"tests": ["CMD", "true"]},
                "stop_grace_period": "10s",
            },
            "log_driver": {"name": "json-file", "options": {"max-size": "10m", "max-file": "3"}},
            "resources": {"limits": {"memory_bytes": 64 * 1024 * 1024, "nano_cpus": 100_000_000}},
        },
    )
    aws.iam.RolePolicyAttachment("reader", role="reader", policy_arn="arn:aws:iam::aws:policy/SupportUser")


LEFT_OUT = {
    "alarm_actions",
    "compatibility_date",
    "converge_config",
    "endpoint_spec",
    "expected_codes",
    "fallback_pool",
    "health_check_type",
    "observability",
    "treat_missing_data",
    "block_device_mappings",
    "block_public_acls",
    "cap_drops",
    "description",
    "enable_key_rotation",
    "kms_key_id",
    "log_driver",
    "metadata_options",
    "monitor",
    "rule",
    "tags",
    "update_config",
}
"""Properties without which a resource breaks a check."""


def weakened():
    """All of the environment, with every resource's properties for safety left out and nothing protected."""
    pulumi.runtime.register_stack_transformation(_weaker)
    compose()


def _weaker(made):
    if not made.type_.startswith(PROVIDERS):
        return None
    props = {name: value for name, value in made.props.items() if name not in LEFT_OUT}
    unprotected = pulumi.ResourceOptions(protect=False)
    return pulumi.ResourceTransformationResult(props, pulumi.ResourceOptions.merge(made.opts, unprotected))
