"""The API on workers: what is declared in each region, and what finds its way there."""

import base64

from bicoastal import SwarmHosts, TwoRegionStack
from tests.library.arguments import ARGUMENTS

SERVICE = "docker:index/service:Service"


def stack(pulumi_mocks, **api):
    """The plan of a whole stack whose API runs so, reached over ssh with an option of each place."""

    def program():
        args = ARGUMENTS["TwoRegionStack"]()
        for place in [*args["topology"]["regions"], args["topology"]["witness"]]:
            place["ssh_options"] = ["-o", f"Tag={place['name']}"]
        TwoRegionStack("it", {**args, "api": api})

    return pulumi_mocks.run(program, stack="shop")


def services(plan):
    """The API's services by the end of their names."""
    return {s.name.removeprefix("it-"): s.inputs for s in plan.of_type(SERVICE) if "-api-" in s.name}


def test_both_colours_and_the_node_exporter_alone_run_on_every_worker_of_each_region(pulumi_mocks):
    plan = stack(pulumi_mocks, workers=6)
    made = services(plan)
    assert sorted(made) == [
        f"{region}-api-{colour}-service-service"
        for region in ("east", "west")
        for colour in ("blue", "green")
    ]
    for inputs in made.values():
        assert inputs["mode"] == {"global": True}
        assert inputs["taskSpec"]["placement"] == {"constraints": ["engine.labels.role==worker"]}
    others = [s.inputs for s in plan.of_type(SERVICE) if "-api-" not in s.name]
    assert [s["name"] for s in others if "global" in s["mode"]] == ["shop_node-exporter-workers"] * 2


def test_without_workers_tasks_are_counted_and_run_anywhere(pulumi_mocks):
    for api, replicas in (({}, 2), ({"replicas": 5}, 5)):
        for inputs in services(stack(pulumi_mocks, **api)).values():
            assert inputs["mode"] == {"replicated": {"replicas": replicas}}
            assert not inputs["taskSpec"]["placement"].get("constraints")


def test_the_label_that_tasks_look_for_is_the_one_that_a_workers_engine_has(pulumi_mocks):
    (inputs, *_) = services(stack(pulumi_mocks, workers=1)).values()
    (constraint,) = inputs["taskSpec"]["placement"]["constraints"]
    hosts = pulumi_mocks.run(lambda: SwarmHosts("it", ARGUMENTS["SwarmHosts"]()))
    templates = {t.name: t.inputs["userData"] for t in hosts.of_type("aws:ec2/launchTemplate:LaunchTemplate")}
    label = constraint.removeprefix("engine.labels.").replace("==", "=")
    labelled = {name for name, data in templates.items() if f'"{label}"' in base64.b64decode(data).decode()}
    assert labelled == {"it-worker-template"}


def test_the_engine_of_each_place_is_reached_with_the_places_options(pulumi_mocks):
    providers = stack(pulumi_mocks).of_type("pulumi:providers:docker")
    assert {p.inputs["host"]: p.inputs["sshOpts"] for p in providers} == {
        "ssh://e": '["-o", "Tag=east"]',
        "ssh://w": '["-o", "Tag=west"]',
        "ssh://x": '["-o", "Tag=witness"]',
    }
