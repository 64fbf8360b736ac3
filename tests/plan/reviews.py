"""Reviews of a small project's plans, by the command."""

import sys
from itertools import count

from typer.testing import CliRunner

from bicoastal.cli.app import app

NUMBERS = count()


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def planned(project, program, environment="staging"):
    """The file with the plan of this program."""
    lines = [line for line in program.splitlines() if line.strip()]
    imports = "import pulumi\nimport pulumi_aws as aws\nimport pulumi_docker as docker\n"
    (project / "program" / "__main__.py").write_text(imports + "\n".join(lines))
    sys.modules.pop("network", None)
    file = project / f"plan-{next(NUMBERS)}.json"
    told = run("plan", environment, "--format", "json", "--out", file)
    assert told.exit_code < 2, told.stderr
    return file


def reviewed(project, before, after, *words):
    return run("review", planned(project, before), planned(project, after), *words)


def verdict(told, environment="staging"):
    row = next(line for line in told.stdout.splitlines() if line.startswith(f"| `{environment}`"))
    return row.split("|")[2].strip().strip("*"), row.split("|")[3].strip()


TAGS = "tags={'team': 'maps'}, region='us-east-1'"
QUIET = f"""
aws.cloudwatch.MetricAlarm(
    "alarm", name="alarm", comparison_operator="GreaterThanThreshold", evaluation_periods=1, threshold=80,
    alarm_actions=["arn:aws:sns:us-east-1:123456789012:them"], treat_missing_data="breaching", {TAGS}
)
"""
BUCKET = f'aws.s3.Bucket("media", bucket="media", {TAGS})'
NETWORK = 'net = docker.Network("net", name="net", driver="overlay", internal=True)'
