"""The rules, judged by the program that evaluates them, inside the image that ships."""

from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest

from bicoastal.cli.planned import planned
from bicoastal.monitoring.promtool import trials_file
from bicoastal.monitoring.rules import RuleGroup, rules_file
from bicoastal.twin.images import build
from bicoastal.twin.project import Project
from tests.infra.environments import CLOUD
from tests.monitoring.causes import days, declared
from tests.monitoring.courses import RECORDED
from tests.twin.conftest import PROJECT

pytestmark = [pytest.mark.twin, pytest.mark.timeout(300)]

MONITORING = PROJECT / "monitoring"
NAMES = sorted(path.name for path in (MONITORING / "tests").glob("*.yaml"))

DEPLOYED = {alert.name for group in days.GROUPS for alert in group.alerts}
OPTIONAL = [group for group in declared.GROUPS if {alert.name for alert in group.alerts} - DEPLOYED]
"""Groups of what may be deployed beside that which the project's own files are made for."""

SERVERS = {"staging": 2, "production": 4}
"""How many servers each environment has, in both regions."""
Promtool = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the container sees under `/files`."""
    folder = tmp_path_factory.mktemp("files")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def promtool(client: docker.DockerClient, files: Path) -> Iterator[Promtool]:
    """It, asked for one command after another; the project's files are under `/monitoring`."""
    image = build(client, [PROJECT / "images" / "prometheus"], lambda *_: None)["prometheus"]
    container = client.containers.run(
        image,
        ["infinity"],
        entrypoint=["sleep"],
        detach=True,
        network_mode="none",
        volumes={
            str(MONITORING): {"bind": "/monitoring", "mode": "ro"},
            str(files): {"bind": "/files", "mode": "ro"},
        },
    )

    def run(*words: str) -> tuple[int, str]:
        code, said = container.exec_run(["promtool", *words])
        return code, said.decode()

    try:
        yield run
    finally:
        container.remove(force=True, v=True)


def written(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir()
    folder.chmod(0o755)
    for name, text in files.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o644)


def test_prometheus_accepts_every_rule(promtool: Promtool) -> None:
    rules = sorted(f"/monitoring/rules/{path.name}" for path in (MONITORING / "rules").glob("*.yaml"))
    code, said = promtool("check", "rules", *rules)
    assert code == 0, said


@pytest.mark.parametrize("environment", CLOUD)
def test_prometheus_accepts_what_each_server_of_an_environment_is_given(
    promtool: Promtool, files: Path, environment: str
) -> None:
    given = list(servers(environment))
    assert len(given) == SERVERS[environment]
    for number, server in enumerate(given, 1):
        folder = f"{environment}-{number}"
        moved = {Path(path).name: text for path, text in server.items()}
        for path in server:
            moved["prometheus.yaml"] = moved["prometheus.yaml"].replace(
                path, f"/files/{folder}/{Path(path).name}"
            )
        written(files / folder, moved)
        code, said = promtool("check", "config", f"/files/{folder}/prometheus.yaml")
        assert code == 0, said


def servers(environment: str) -> Iterator[dict[str, str]]:
    """The files of each Prometheus, by their paths."""
    resources = planned(Project.find(PROJECT), environment).plan.resources
    texts = {
        one.inputs["name"]: one.inputs["dataRaw"] for one in resources if one.type.endswith(":ServiceConfig")
    }
    for one in resources:
        if one.type.endswith(":Service") and "_prometheus-" in one.inputs["name"]:
            container = one.inputs["taskSpec"]["containerSpec"]
            shown = {each["fileName"]: texts[each["configName"]] for each in container["configs"]}
            hidden = {f"/run/secrets/{each['fileName']}": "hidden" for each in container["secrets"]}
            yield {**shown, **hidden}


@pytest.mark.parametrize("name", NAMES)
def test_every_alert_fires_and_is_quiet_where_it_must(promtool: Promtool, name: str) -> None:
    code, said = promtool("test", "rules", f"/monitoring/tests/{name}")
    assert code == 0, said


@pytest.mark.parametrize("what", RECORDED)
def test_what_is_recorded(promtool: Promtool, files: Path, what: str) -> None:
    folder = what.replace(" ", "-")
    written(files / folder, RECORDED[what].files)
    code, said = promtool("test", "rules", f"/files/{folder}/tests.yaml")
    assert code == 0, said


@pytest.mark.parametrize(
    ("alert", "right", "wrong"),
    [
        ("BudgetBurn1h", "> 0.0144 and slo:sli_error:ratio_rate5m", "> 0.02 and slo:sli_error:ratio_rate5m"),
        ("BudgetBurn1h", "> 0.0144 and slo:sli_error:ratio_rate5m", "> 0.001 and slo:sli_error:ratio_rate5m"),
        ("BudgetBurn1h", 'ratio_rate5m{slo="error-rate"} > 0.0144', 'ratio_rate5m{slo="error-rate"} >= 0'),
        ("BudgetBurn1h", "* 3600 >= 100", "* 3600 >= 1"),
        ("NotMeasured", "for: 30s", "for: 5m"),
        ("BudgetBurn1h", "exhausts_in: 50h", "exhausts_in: 51h"),
    ],
)
def test_a_rule_that_is_wrong_does_not_pass(
    promtool: Promtool, files: Path, alert: str, right: str, wrong: str
) -> None:
    rules, tests = ((MONITORING / kind / "slo-error-rate.yaml").read_text() for kind in ("rules", "tests"))
    assert rules.count(right) == 1
    folder = files / f"wrong-{len(list(files.iterdir()))}"
    tests = tests.replace("../rules/slo-error-rate.yaml", "rules.yaml")
    written(folder, {"rules.yaml": rules.replace(right, wrong), "tests.yaml": tests})
    code, said = promtool("test", "rules", f"--run={alert}", f"/files/{folder.name}/tests.yaml")
    assert code == 1, said


@pytest.mark.parametrize("group", OPTIONAL, ids=lambda group: group.name)
def test_an_alert_on_what_may_be_deployed_beside_fires_and_is_quiet_where_it_must(
    promtool: Promtool, files: Path, group: RuleGroup
) -> None:
    rules, tests = rules_file([group], "https://docs.example.com"), trials_file([group], ["rules.yaml"])
    written(files / group.name, {"rules.yaml": rules, "tests.yaml": tests})
    code, said = promtool("test", "rules", f"/files/{group.name}/tests.yaml")
    assert code == 0, said


@pytest.mark.timeout(900)
def test_a_quiet_day_has_no_alert_and_a_bad_one_exactly_those_that_it_must(
    promtool: Promtool, files: Path
) -> None:
    written(files / "days", days.files())
    code, said = promtool("test", "rules", "/files/days/tests.yaml")
    assert code == 0, said
