"""A project of another team: two regions of AWS, one engine, a component, secrets."""

import base64
from pathlib import Path

PLANTED = "planted-secret-8c1f"
ENCODED = base64.b64encode(PLANTED.encode()).decode()
PROGRAM = f'''
import json

import pulumi
import pulumi_aws as aws
import pulumi_docker as docker

from network import Network

config = pulumi.Config()
print("a line that the program prints")
network = Network("shop-east-network")
key = aws.kms.Key("shop-data", enable_key_rotation=True, region="us-east-1")
aws.kms.Alias("shop-data", target_key_id=key.key_id, name="alias/shop", region="us-east-1")
bucket = aws.s3.Bucket("shop-media", bucket="shop-media", region="us-east-1", tags={{"camelCase": "kept"}})
aws.s3.BucketVersioning(
    "shop-media-versioning",
    bucket=bucket.bucket,
    versioning_configuration={{"status": "Enabled"}},
    region="us-east-1",
)
aws.s3.BucketServerSideEncryptionConfiguration(
    "shop-media-encryption",
    bucket=bucket.id,
    rules=[
        {{
            "apply_server_side_encryption_by_default": {{
                "sse_algorithm": "aws:kms",
                "kms_master_key_id": key.arn,
            }},
            "bucket_key_enabled": True,
        }}
    ],
    region="us-east-1",
)
trust = json.dumps({{"Version": "2012-10-17"}})
role = aws.iam.Role("shop-reader", name="shop-reader", assume_role_policy=trust)
aws.iam.RolePolicy(
    "shop-reader-media",
    role=role.name,
    policy=pulumi.Output.json_dumps({{"Statement": [{{"Effect": "Allow", "Resource": bucket.arn}}]}}),
)
template = aws.ec2.LaunchTemplate(
    "shop-hosts", instance_type="t3.small", metadata_options={{"http_tokens": "required"}}, region="us-west-2"
)
aws.autoscaling.Group(
    "shop-hosts",
    min_size=1,
    max_size=3,
    launch_template={{"id": template.id, "version": template.latest_version.apply(str)}},
    tags=[{{"key": "team", "value": "maps", "propagate_at_launch": True}}],
    region="us-west-2",
)
database = aws.rds.Instance(
    "shop-database",
    engine="postgres",
    instance_class="db.t4g.small",
    username="shop",
    password=config.require_secret("database_password"),
    vpc_security_group_ids=[network.group_id],
    region="us-east-1",
    opts=pulumi.ResourceOptions(protect=True, depends_on=[role]),
)
aws.cloudwatch.MetricAlarm(
    "shop-burning",
    name="shop-burning",
    comparison_operator="GreaterThanThreshold",
    evaluation_periods=1,
    threshold=80,
    region="us-east-1",
)
aws.ssm.Parameter(
    "shop-token", type="SecureString", value=pulumi.Output.secret("{PLANTED}"), region="us-east-1"
)

east = docker.Provider("shop-docker-east", host="ssh://ops@10.1.0.10")
options = pulumi.ResourceOptions(provider=east)
docker.Secret("shop-key", name="shop_key-1", data=pulumi.Output.secret("{ENCODED}"), opts=options)
docker.Secret("shop-encrypted", name="shop_encrypted-1", data=config.require_secret("key"), opts=options)
docker.Service(
    "shop-api",
    name="shop_api",
    task_spec={{"container_spec": {{"image": "api:1", "env": {{"A": "1"}}}}}},
    mode={{"replicated": {{"replicas": 2}}}},
    opts=options,
)
pulumi.export("database", database.endpoint)
pulumi.export("token", pulumi.Output.secret({{"nested": "{PLANTED}"}}))
'''
NETWORK = """
import pulumi
import pulumi_aws as aws


class Network(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("shop:index:Network", name)
        opts = pulumi.ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc(f"{name}-vpc", cidr_block="10.1.0.0/16", region="us-east-1", opts=opts)
        group = aws.ec2.SecurityGroup(f"{name}-group", vpc_id=vpc.id, region="us-east-1", opts=opts)
        self.group_id = group.id
        self.register_outputs({"group_id": group.id, "hidden": pulumi.Output.secret("%s")})
"""
SETTINGS = """
config:
  shop:database_password:
    secure: v1:not-to-be-read
  shop:key:
    secure: v1:not-to-be-read
  shop:since: 2026-01-01
"""


def make_project(folder: Path, program: str = PROGRAM, settings: str = SETTINGS) -> Path:
    """Write the project into `folder`, with the environments `staging` and `production`."""
    (folder / "program").mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\nmain: program/\n")
    (folder / "Pulumi.staging.yaml").write_text(settings)
    (folder / "Pulumi.production.yaml").write_text(settings)
    (folder / "program" / "__main__.py").write_text(program)
    (folder / "program" / "network.py").write_text(NETWORK % PLANTED)
    return folder
