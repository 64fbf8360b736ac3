"""Recording a Pulumi program without an engine."""

import gc
import json
import sys
from enum import Enum
from types import ModuleType
from uuid import uuid4

import pulumi
import pulumi_docker as docker
import pytest

from bicoastal.checks.stand_ins import is_stand_in
from bicoastal.plan import Secret, read_stack_config, record
from bicoastal.plan.classes import Classes
from bicoastal.plan.recorder import read_project_config
from bicoastal.plan.sentinels import NUMBER, referenced, sentinel

NETWORK = "docker:index/network:Network"


class Colour(Enum):
    BLUE = "blue"
    GREEN = "green"


@pulumi.output_type
class Inner(dict):
    own_name: str = pulumi.property("ownName")
    deeper: "Inner" = pulumi.property("deeper")


def run(program, **own):
    return record(program, project="project", stack="stack", config={}, **own)


def test_a_registration_is_kept_with_parent_provider_and_options():
    def program():
        provider = docker.Provider("there", host="ssh://there")
        parent = pulumi.ComponentResource(
            "a:b:C", "parent", None, pulumi.ResourceOptions(providers=[provider])
        )
        options = pulumi.ResourceOptions(
            parent=parent,
            protect=True,
            delete_before_replace=False,
            ignore_changes=["options"],
            aliases=[pulumi.Alias(name="once")],
        )
        first = docker.Network("first", name="one", opts=options)
        docker.Network("second", opts=pulumi.ResourceOptions(parent=parent, depends_on=[first]))

    plan = run(program)
    first, second = plan.of_type(NETWORK)
    assert first.inputs == {"name": "one"}
    assert plan.find(first.parent).name == "parent"
    assert plan.find(first.provider).inputs["host"] == "ssh://there"
    assert (first.protect, first.delete_before_replace) == (True, False)
    assert first.ignore_changes == ("options",)
    within = first.urn.removesuffix("::first")
    assert first.aliases == (f"{within}::once",)
    assert second.dependencies == (first.urn,)
    assert second.delete_before_replace is None
    assert {child.name for child in plan.children(first.parent)} == {"first", "second"}


def test_a_urn_has_the_types_of_all_that_a_resource_is_in_as_an_engine_makes_it():
    def program():
        inside = None
        for letter in "abc":
            options = pulumi.ResourceOptions(parent=inside)
            inside = pulumi.ComponentResource(f"a:b:{letter.upper()}", letter, None, options)
        docker.Network("net", opts=pulumi.ResourceOptions(parent=inside))

    plan = run(program)
    assert [resource.urn for resource in plan.resources] == [
        "urn:pulumi:stack::project::a:b:A::a",
        "urn:pulumi:stack::project::a:b:A$a:b:B::b",
        "urn:pulumi:stack::project::a:b:A$a:b:B$a:b:C::c",
        f"urn:pulumi:stack::project::a:b:A$a:b:B$a:b:C${NETWORK}::net",
    ]


def test_what_only_a_provider_knows_is_answered_so_that_every_apply_runs():
    seen = {}

    def program():
        network = docker.Network("net", name="one")
        network.id.apply(lambda value: seen.update(id=value))
        network.driver.apply(lambda value: seen.update(driver=value))
        network.internal.apply(lambda value: seen.update(internal=value))
        network.name.apply(lambda value: seen.update(name=value))

    run(program)
    assert seen == {"id": "<net.id>", "driver": "<net.driver>", "internal": False, "name": "one"}


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (str, "<it.size>"),
        (int, NUMBER),
        (float, NUMBER),
        (bool, False),
        (list[str], ["<it.size>"]),
        (dict[str, str], {}),
        (str | None, "<it.size>"),
        (int | None, NUMBER),
        (pulumi.Output[int | None], NUMBER),
        (Colour, "blue"),
        (list[Colour], ["blue"]),
        (Inner, {"ownName": "<it.size.own_name>", "deeper": "<it.size.deeper>"}),
        (list[Inner], [{"ownName": "<it.size.own_name>", "deeper": "<it.size.deeper>"}]),
    ],
)
def test_a_stand_in_has_the_type_of_what_it_stands_for(hint, value):
    assert sentinel("it", "size", hint) == value


def test_a_stand_in_tells_what_it_refers_to():
    assert referenced("unix://<host.address>/<volume.id>") == [("host", "address"), ("volume", "id")]
    assert referenced("<database.secret.arn>") == [("database", "secret.arn")]
    assert is_stand_in("<host.address>")
    assert not is_stand_in("host.address")


def test_a_secret_is_there_and_never_shown():
    def program():
        docker.Secret("s", data=pulumi.Output.secret("c2VjcmV0"))
        pulumi.export("told", pulumi.Output.secret("secret"))

    plan = run(program)
    assert plan.of_type("docker:index/secret:Secret")[0].inputs["data"] == Secret("c2VjcmV0")
    assert plan.exports == {"told": Secret("secret")}
    assert "c2VjcmV0" not in repr(plan)


def test_configuration_reaches_the_program_with_its_secrets():
    def program():
        config = pulumi.Config("project")
        pulumi.export("plain", config.require("plain"))
        docker.Secret("s", data=config.require_secret("hidden"))

    plan = record(
        program,
        project="project",
        stack="stack",
        config={"project:plain": "x", "project:hidden": "y"},
        secret_keys={"project:hidden"},
    )
    assert plan.exports == {"plain": "x"}
    assert plan.of_type("docker:index/secret:Secret")[0].inputs["data"] == Secret("y")


def test_an_error_in_the_program_is_raised_unchanged():
    def program():
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        run(program)


def test_an_error_in_an_apply_is_raised_unchanged():
    def program():
        docker.Network("net").id.apply(lambda _: {}["mine"])

    with pytest.raises(KeyError, match="mine"):
        run(program)


def test_a_program_that_asks_an_account_is_told_why_it_cannot():
    def program():
        return docker.get_network_output(name="one")

    with pytest.raises(Exception, match="a plan has no account to ask"):
        run(program)


def test_a_program_that_looks_a_resource_up_is_told_the_same():
    with pytest.raises(Exception, match="a plan has no account to ask"):
        run(lambda: docker.Network.get("net", "id-of-it"))


def test_two_resources_with_one_name_are_refused():
    def program():
        docker.Network("net")
        docker.Network("net")

    with pytest.raises(Exception, match="two resources have the URN"):
        run(program)


def test_the_class_of_a_module_that_is_loaded_late_is_found():
    classes = Classes()
    token = f"late:index/{uuid4().hex}:Late"
    assert classes.of(token) is None
    module = ModuleType(f"late_{uuid4().hex}")
    module.Late = type("Late", (pulumi.CustomResource,), {"pulumi_type": token})
    sys.modules[module.__name__] = module
    try:
        assert classes.of(token) is module.Late
    finally:
        del sys.modules[module.__name__]


def test_an_unknown_token_is_looked_for_once(monkeypatch):
    looks = []
    classes = Classes()
    monkeypatch.setattr(classes, "_look_again", lambda: looks.append(1))
    assert [classes.of("none:index/none:None") for _ in range(3)] == [None, None, None]
    assert looks == [1]


def test_what_a_property_comes_from_is_kept():
    def program():
        net = docker.Network("net")
        docker.Network("other", name=net.name)

    net, other = sorted(run(program).resources, key=lambda resource: resource.name)
    assert other.property_dependencies == {"name": (net.urn,)}


@pytest.mark.parametrize("collects", [True, False])
def test_garbage_is_collected_after_a_run_if_it_was_before(collects):
    during = []
    before = gc.isenabled()
    (gc.enable if collects else gc.disable)()
    try:
        run(lambda: during.append(gc.isenabled()))
        assert (during, gc.isenabled()) == ([False], collects)
    finally:
        (gc.enable if before else gc.disable)()


def test_a_run_leaves_nothing_to_the_next():
    assert len(run(lambda: docker.Network("net")).resources) == 1
    assert len(run(lambda: docker.Network("net")).resources) == 1
    assert pulumi.get_project() == "project"
    assert pulumi.Config("project").get("plain") is None


def test_stack_files_are_read_as_pulumi_holds_them_and_the_later_wins(tmp_path):
    one, two = tmp_path / "Pulumi.one.yaml", tmp_path / "Pulumi.two.yaml"
    one.write_text("config:\n  p:a: 1\n  p:b: {x: [1]}\n  p:c:\n    secure: v1:abc\n  p:d: text\n")
    two.write_text("config:\n  p:a: 2\n")
    config, secret = read_stack_config(one, two)
    assert config == {"p:a": "2", "p:b": '{"x": [1]}', "p:c": "[secret p:c]", "p:d": "text"}
    assert secret == {"p:c"}
    assert is_stand_in(config["p:c"])
    assert not is_stand_in(config["p:d"])


def test_an_encrypted_value_within_a_group_makes_the_whole_group_secret(tmp_path):
    file = tmp_path / "Pulumi.one.yaml"
    file.write_text("config:\n  p:group:\n    open: 1\n    list:\n      - deep: {secure: v1:abc}\n")
    config, secret = read_stack_config(file)
    assert json.loads(config["p:group"]) == {"open": 1, "list": [{"deep": "[secret p:group.list.0.deep]"}]}
    assert secret == {"p:group"}


def test_what_looks_like_a_date_is_a_text(tmp_path):
    file = tmp_path / "Pulumi.one.yaml"
    file.write_text("config:\n  p:since: 2026-01-01\n")
    assert read_stack_config(file) == ({"p:since": "2026-01-01"}, set())


def test_the_project_gives_values_to_all_its_stacks(tmp_path):
    file = tmp_path / "Pulumi.yaml"
    file.write_text(
        "name: p\nconfig:\n  a: 1\n  b: {default: [2]}\n  c: {type: string}\n"
        "  aws:region: {value: us-east-1}\n"
    )
    assert read_project_config(file, "p") == {"p:a": "1", "p:b": "[2]", "aws:region": "us-east-1"}


def test_an_empty_stack_file_declares_nothing(tmp_path):
    empty = tmp_path / "Pulumi.empty.yaml"
    empty.write_text("")
    assert read_stack_config(empty) == ({}, set())
