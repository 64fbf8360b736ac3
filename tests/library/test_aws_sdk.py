"""AWS' SDK, as the library loads it."""

import subprocess
import sys

import pytest

from bicoastal import aws


def told(program):
    """What the program prints where each warning is an error."""
    run = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_every_component_can_be_used_where_warnings_are_errors():
    program = "import bicoastal; print(all(getattr(bicoastal, name) for name in bicoastal.__all__))"
    assert told(program) == "True"


def test_who_uses_buckets_loads_no_network():
    program = (
        "import sys, bicoastal; bicoastal.ReplicatedBucket; "
        "print(*('pulumi_aws.' + part in sys.modules for part in ('s3.bucket', 'ec2.vpc')))"
    )
    assert told(program) == "True False"


def test_a_module_that_no_component_uses_is_not_there():
    with pytest.raises(AttributeError, match="no attribute 'gamelift'"):
        aws.gamelift  # noqa: B018 naming it is what is tried
