"""What the README promises, run."""

import json
import re
import runpy
from pathlib import Path

from bicoastal.stack.configuration import PASSWORDS
from tests.library.samples import MEMBERS, PASSWORD, PEM, images

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "examples" / "quickstart" / "__main__.py"


def test_the_readmes_program_is_the_examples():
    block = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert block is not None
    assert block[1] == PROGRAM.read_text()
    assert len([line for line in block[1].splitlines() if line.strip()]) <= 15


def test_the_readmes_program_declares_the_whole_stack(pulumi_mocks):
    members = [name.replace("witness", "ohio") for name in MEMBERS]
    config = {
        "shop:images": json.dumps(images()),
        "shop:authority": PEM,
        "shop:certificates": json.dumps(dict.fromkeys(members, PEM)),
        "shop:rotation_key": PASSWORD,
        **{f"shop:key_{member}": PEM for member in members},
        **{f"shop:{name}_password": PASSWORD for name in PASSWORDS},
    }
    plan = pulumi_mocks.run(
        lambda: runpy.run_path(str(PROGRAM), run_name="__main__"),
        project="shop",
        stack="production",
        config=config,
        secret_keys={key for key in config if "key" in key or "password" in key},
    )
    assert plan.exports["failover_budget"]["total_s"] == 58
    services = {service.inputs["name"] for service in plan.of_type("docker:index/service:Service")}
    assert {"production_postgres-1", "production_haproxy-1", "production_api-blue"} <= services


def test_the_readme_names_every_target_of_the_makefile():
    readme = (ROOT / "README.md").read_text()
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"up", "down", "status", "test", "quick", "check", "drill"} <= set(targets)
    assert [target for target in targets if f"make {target}" not in readme] == []
