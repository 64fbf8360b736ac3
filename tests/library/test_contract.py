"""The contract of a component, proven for every one that is exported."""

import ast
import dataclasses
import functools
import importlib
import inspect
import socket
import textwrap
import typing
from itertools import pairwise
from typing import Any, NotRequired, get_origin

import pulumi
import pytest
from pulumi.provider.experimental.analyzer import Analyzer

import bicoastal
from bicoastal.component import Component
from bicoastal.plan.record import Plan, Resource
from bicoastal.testing import PulumiMocks
from tests.library.arguments import ARGUMENTS
from tests.library.samples import PLANTED_SECRET

COMPONENTS = {
    name: value
    for name in bicoastal.__all__
    if inspect.isclass(value := getattr(bicoastal, name)) and issubclass(value, Component)
}
TOKENS = {
    "Alertmanager": "bicoastal:index:Alertmanager",
    "Alloy": "bicoastal:index:Alloy",
    "BlackboxExporter": "bicoastal:index:BlackboxExporter",
    "CloudWatchExporter": "bicoastal:index:CloudWatchExporter",
    "Grafana": "bicoastal:index:Grafana",
    "Jaeger": "bicoastal:index:Jaeger",
    "Loki": "bicoastal:index:Loki",
    "NodeExporter": "bicoastal:index:NodeExporter",
    "PlaceMonitoring": "bicoastal:index:PlaceMonitoring",
    "PostgresExporter": "bicoastal:index:PostgresExporter",
    "Prometheus": "bicoastal:index:Prometheus",
    "Promtail": "bicoastal:index:Promtail",
    "RedisExporter": "bicoastal:index:RedisExporter",
    "Api": "bicoastal:index:Api",
    "BackupRepository": "bicoastal:index:BackupRepository",
    "Balancer": "bicoastal:index:Balancer",
    "BlueGreenApi": "bicoastal:index:BlueGreenApi",
    "ConsensusMember": "bicoastal:index:ConsensusMember",
    "ContainerService": "bicoastal:index:ContainerService",
    "DnsRecords": "bicoastal:index:DnsRecords",
    "EdgeRules": "bicoastal:index:EdgeRules",
    "EdgeWorker": "bicoastal:index:EdgeWorker",
    "EdgeZone": "bicoastal:index:EdgeZone",
    "FailoverLoadBalancer": "bicoastal:index:FailoverLoadBalancer",
    "FrontendDomain": "bicoastal:index:FrontendDomain",
    "CostGuard": "bicoastal:index:CostGuard",
    "EscalationPolicy": "bicoastal:index:EscalationPolicy",
    "ManagedPostgres": "bicoastal:index:ManagedPostgres",
    "NetworkFlowLogs": "bicoastal:index:NetworkFlowLogs",
    "OverlayNetwork": "bicoastal:index:OverlayNetwork",
    "PostgresMember": "bicoastal:index:PostgresMember",
    "RedisMember": "bicoastal:index:RedisMember",
    "RegionNetwork": "bicoastal:index:RegionNetwork",
    "RegionPeering": "bicoastal:index:RegionPeering",
    "RegionStack": "bicoastal:index:RegionStack",
    "RegionalBucket": "bicoastal:index:RegionalBucket",
    "ReplicatedBucket": "bicoastal:index:ReplicatedBucket",
    "RotatingConfig": "bicoastal:index:RotatingConfig",
    "RotatingSecret": "bicoastal:index:RotatingSecret",
    "SwarmHosts": "bicoastal:index:SwarmHosts",
    "SecurityGroups": "bicoastal:index:SecurityGroups",
    "TwoRegionStack": "bicoastal:index:TwoRegionStack",
    "WebProxy": "bicoastal:index:WebProxy",
}
"""All tokens. They are in users' states: none may change."""
every_component = pytest.mark.parametrize("name", sorted(COMPONENTS))


def make(name: str, **own: Any) -> Component[Any]:
    """One component from its sample arguments."""
    return COMPONENTS[name]("it", {**ARGUMENTS[name](), **own})


@functools.cache
def declared(name: str) -> tuple[Plan, Component[Any]]:
    """What the sample arguments register, and the component. A plan is data: it is made once."""
    made: list[Component[Any]] = []
    plan = PulumiMocks().run(lambda: made.append(make(name)))
    return plan, made[0]


def args_type(name: str) -> type:
    module = importlib.import_module(COMPONENTS[name].__module__)
    found = getattr(module, f"{name}Args", None)
    return found or inspect.signature(COMPONENTS[name].__init__).parameters["args"].annotation


def package(resource: Resource) -> str:
    """The Pulumi package that a resource comes from."""
    return resource.type.partition(":")[0]


def takes(resource: Resource, argument: str) -> bool:
    """Whether the resource's own constructor has this argument."""
    if not resource.custom or resource.type.startswith("pulumi:"):
        return False
    return argument in inspect.signature(CLASSES[resource.type]._internal_init).parameters


class _Classes(dict[str, Any]):
    """Each resource's class by its token, found when it is asked for: the SDKs are loaded by then."""

    def __missing__(self, token: str) -> Any:
        found = [pulumi.CustomResource]
        for kind in found:
            found.extend(type.__subclasses__(kind))
        self.update({kind.pulumi_type: kind for kind in found if hasattr(kind, "pulumi_type")})
        return self[token] if token in self else pytest.fail(f"no class has the token {token}")


CLASSES = _Classes()


def docker_provider() -> pulumi.ProviderResource:
    import pulumi_docker as docker

    return docker.Provider("the-one-docker", host="unix:///nowhere")


def aws_provider() -> pulumi.ProviderResource:
    import pulumi_aws as aws

    return aws.Provider("the-one-aws", region="us-east-1")


def cloudflare_provider() -> pulumi.ProviderResource:
    import pulumi_cloudflare as cloudflare

    return cloudflare.Provider("the-one-cloudflare")


def vercel_provider() -> pulumi.ProviderResource:
    import pulumiverse_vercel as vercel

    return vercel.Provider("the-one-vercel")


def pagerduty_provider() -> pulumi.ProviderResource:
    import pulumi_pagerduty as pagerduty

    return pagerduty.Provider("the-one-pagerduty")


PROVIDERS = {
    "docker": docker_provider,
    "aws": aws_provider,
    "cloudflare": cloudflare_provider,
    "vercel": vercel_provider,
    "pagerduty": pagerduty_provider,
}


def documented(kind: type) -> set[str]:
    """The annotated names of a class that a docstring follows, in it or in a class that it is made from. A
    TypedDict keeps no bases: they are read from the source."""
    definition = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(definition, ast.ClassDef)
    names = {
        statement.target.id
        for statement, following in pairwise(definition.body)
        if isinstance(statement, ast.AnnAssign) and isinstance(following, ast.Expr)
    }
    module = importlib.import_module(kind.__module__)
    for base in definition.bases:
        found = getattr(module, getattr(base, "id", ""), None)
        if inspect.isclass(found):
            names |= documented(found)
    return names


def test_the_samples_cover_every_component_and_the_tokens_name_them_all():
    assert sorted(ARGUMENTS) == sorted(COMPONENTS) == sorted(TOKENS)


@every_component
def test_the_constructor_takes_name_args_and_opts(name):
    parameters = list(inspect.signature(COMPONENTS[name].__init__).parameters)
    assert parameters == ["self", "name", "args", "opts"]


@every_component
def test_the_token_is_the_one_in_users_states(name):
    plan, _ = declared(name)
    assert plan.of_type(TOKENS[name])


@every_component
def test_the_arguments_are_a_documented_typed_dict_with_at_most_three_required_keys(name):
    kind = args_type(name)
    assert typing.is_typeddict(kind)
    assert kind.__doc__
    assert documented(kind) >= kind.__annotations__.keys() - {"tags", "customize"}
    assert len(kind.__required_keys__) <= 3


@every_component
def test_the_arguments_are_types_that_pulumis_analyzer_reads(name):
    seen: set[type] = set()

    def walk(hint: Any) -> None:
        assert get_origin(hint) is not typing.Literal
        assert hint is not tuple
        assert get_origin(hint) is not tuple
        if typing.is_typeddict(hint) and hint not in seen:
            seen.add(hint)
            assert hint.__doc__
            assert documented(hint) >= hint.__annotations__.keys() - {"tags", "customize"}, hint
            for inner in hint.__annotations__.values():
                walk(inner)
        for inner in typing.get_args(hint):
            walk(inner)

    walk(args_type(name))


@every_component
def test_the_keys_are_those_that_the_settings_read(name):
    _, made = declared(name)
    fields = {field.name for field in dataclasses.fields(made.settings)}
    assert fields | {"tags", "customize"} == set(args_type(name).__annotations__)


@every_component
def test_an_optional_key_is_one_with_a_default(name):
    _, made = declared(name)
    required = {
        field.name
        for field in dataclasses.fields(made.settings)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    assert required == set(args_type(name).__required_keys__)
    assert NotRequired


@every_component
def test_an_unknown_key_is_refused_with_the_valid_ones_before_anything_is_registered(name, pulumi_mocks):
    registered: list[str] = []

    def program() -> None:
        try:
            make(name, tagz={})
        except pulumi.InputPropertiesError as error:
            registered.append(str(error))

    plan = pulumi_mocks.run(program)
    assert "tagz" in registered[0]
    assert "unknown key" in registered[0]
    assert [r for r in plan.resources if r.type in TOKENS.values()] == []


@every_component
def test_every_child_is_parented_and_named_after_its_component(name):
    plan, _ = declared(name)
    root = plan.of_type(TOKENS[name])[0]
    for resource in plan.resources:
        if resource.urn == root.urn or resource.type.startswith("pulumi:pulumi:"):
            continue
        parent = plan.find(resource.parent)
        assert resource.name.startswith(f"{parent.name}-"), resource.urn
        assert resource.name.startswith("it-")


def found_tags(tags: Any) -> dict[str, str]:
    """Tags as a provider takes them: a mapping, a list of pairs, or a list of `key:value`."""
    if not isinstance(tags, list):
        return dict(tags)
    pairs = (tag.split(":", 1) if isinstance(tag, str) else (tag["key"], tag["value"]) for tag in tags)
    return dict(pairs)


@every_component
def test_tags_reach_everything_that_takes_labels(name, pulumi_mocks):
    plan = pulumi_mocks.run(lambda: make(name, tags={"team": "maps"}))
    for resource in plan.resources:
        if takes(resource, "labels"):
            assert {"label": "team", "value": "maps"} in resource.inputs["labels"], resource.urn
        if takes(resource, "tags"):
            assert found_tags(resource.inputs["tags"])["team"] == "maps", resource.urn


@every_component
def test_the_outputs_are_registered_once_and_are_the_annotated_ones(name):
    plan, _ = declared(name)
    outputs = {
        key for key, hint in COMPONENTS[name].__annotations__.items() if get_origin(hint) is pulumi.Output
    }
    assert set(plan.of_type(TOKENS[name])[0].outputs) == outputs
    assert documented(COMPONENTS[name]) >= outputs


@every_component
def test_customize_refuses_an_unknown_child_and_lists_the_children(name, pulumi_mocks):
    with pytest.raises(pulumi.InputPropertiesError, match=r"customize\.nobody: no such child"):
        pulumi_mocks.run(lambda: make(name, customize={"nobody": {}}))


@every_component
def test_the_keys_of_customize_are_the_children(name):
    plan, made = declared(name)
    root = plan.of_type(TOKENS[name])[0]
    children = {child.name.removeprefix("it-") for child in plan.children(root.urn)}
    assert children == set(type(made).children_of(made.settings))


@every_component
def test_the_constructor_opens_no_socket(name, pulumi_mocks, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("a component opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert pulumi_mocks.run(lambda: make(name)).resources


@every_component
def test_a_secret_is_never_seen_in_the_plan(name):
    plan, _ = declared(name)
    assert PLANTED_SECRET not in repr(plan.resources)
    assert PLANTED_SECRET not in repr(plan)


@pytest.mark.parametrize("name", sorted(COMPONENTS.keys() - {"TwoRegionStack"}))
def test_an_explicit_provider_reaches_every_resource(name, pulumi_mocks):
    packages = {package(r) for r in declared(name)[0].resources if r.custom}

    def program() -> None:
        providers = [PROVIDERS[used]() for used in sorted(packages)]
        COMPONENTS[name]("it", ARGUMENTS[name](), pulumi.ResourceOptions(providers=providers))

    plan = pulumi_mocks.run(program)
    for resource in plan.resources:
        if resource.custom and not resource.type.startswith("pulumi:providers:"):
            assert plan.find(resource.provider).name == f"the-one-{package(resource)}", resource.urn


@every_component
def test_a_regional_aws_resource_names_its_region(name):
    plan, _ = declared(name)
    assert [r.urn for r in plan.resources if takes(r, "region") and not r.inputs.get("region")] == []


@every_component
def test_configs_and_secrets_are_made_before_the_old_ones_go(name):
    plan, _ = declared(name)
    rotating = plan.of_type("docker:index/serviceConfig:ServiceConfig") + plan.of_type(
        "docker:index/secret:Secret"
    )
    assert all(resource.delete_before_replace is False for resource in rotating)


@every_component
def test_the_docstring_says_what_bad_input_gets(name):
    assert "InputPropertiesError" in (COMPONENTS[name].__doc__ or "")


def test_pulumis_own_analyzer_reads_every_component():
    schema = Analyzer("bicoastal").analyze(components=list(COMPONENTS.values()))
    assert sorted(schema["component_definitions"]) == sorted(COMPONENTS)
