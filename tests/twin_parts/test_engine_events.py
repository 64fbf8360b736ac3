"""What is read from the Pulumi engine's stream of events."""

import json

import pytest

from bicoastal.twin.apply.events import Run

PROVIDER = "urn:pulumi:local::it::pulumi:providers:docker::it-docker-east::7f0c"
SERVICE = "docker:index/service:Service"


def step(kind, op, name, type_=SERVICE, provider=PROVIDER, **inputs):
    urn = f"urn:pulumi:local::it::{type_}::{name}"
    state = {"inputs": {"name": name, **inputs}}
    metadata = {"op": op, "urn": urn, "type": type_, "provider": provider}
    whole = {**metadata, "old": state if op.startswith("delete") else None}
    return {kind: {"metadata": {**whole, "new": None if op.startswith("delete") else state}}}


def diagnostic(message, severity="error", **more):
    return {"diagnosticEvent": {"message": message, "severity": severity, **more}}


@pytest.fixture
def told():
    return []


@pytest.fixture
def run(told):
    return Run({"it-docker-east": "east"}, lambda what, state: told.append((what, state)))


def tell(run, *events):
    for event in events:
        run.tell(json.dumps(event) + "\n")


def test_each_changed_service_is_shown_and_counted(run, told):
    tell(
        run,
        step("resourcePreEvent", "create", "local_api"),
        step("resOutputsEvent", "create", "local_api"),
        step("resOutputsEvent", "update", "local_etcd-1"),
        step("resOutputsEvent", "create-replacement", "local_haproxy-1"),
        step("resOutputsEvent", "delete", "local_old"),
    )
    assert ("east/local_api", "creating") in told
    assert ("east/local_api", "created") in told
    assert ("east/local_old", "removed") in told
    assert run.changes.created == ("east/local_api",)
    assert run.changes.updated == ("east/local_etcd-1", "east/local_haproxy-1")
    assert run.changes.removed == ("east/local_old",)


def test_what_is_no_service_is_shown_with_its_place(run, told):
    config = "docker:index/serviceConfig:ServiceConfig"
    tell(run, step("resOutputsEvent", "create", "local_api-ca-0123456789", config))
    assert told == [("east", "local_api-ca-0123456789 created")]
    assert run.changes.created == ()


def test_what_stays_the_same_is_not_shown(run, told):
    tell(
        run,
        step("resOutputsEvent", "same", "local_api"),
        step("resOutputsEvent", "create", "it-east", "bicoastal:index:RegionStack", provider=""),
    )
    assert told == []
    assert len(run.changes) == 0


def test_the_changes_are_told_by_the_engines_own_count(run):
    summary = {"resourceChanges": {"same": 150, "update": 2, "replace": 1}}
    tell(run, step("resOutputsEvent", "update", "local_api"), {"summaryEvent": summary})
    assert str(run.changes) == "0 created, 1 updated, 0 removed (Pulumi: 1 replace, 2 update)"


def test_no_change_is_told_as_such(run):
    tell(run, {"summaryEvent": {"resourceChanges": {"same": 169}}})
    assert str(run.changes) == "0 changes"


def test_a_change_of_a_config_alone_is_a_change(run):
    tell(run, {"summaryEvent": {"resourceChanges": {"same": 168, "create": 1}}})
    assert str(run.changes) != "0 changes"


def test_a_failure_is_told_in_the_engines_own_words(run, told):
    urn = f"urn:pulumi:local::it::{SERVICE}::it-east-api"
    tell(
        run,
        diagnostic("a line of the plugin's log", urn=urn),
        diagnostic("1 error occurred:\n\t* it did not converge after 5m0s\n\n", urn=urn),
        step("resOpFailedEvent", "create", "local_api"),
        diagnostic("update failed\n"),
    )
    assert run.diagnostic == "it-east-api: 1 error occurred:\n\t* it did not converge after 5m0s"
    assert told == [("east/local_api", "failed")]


def test_without_a_diagnostic_the_last_lines_are_told(run):
    run.tell("error: could not find the plugin\n")
    tell(run, diagnostic("working on it", severity="info"))
    assert run.diagnostic == "error: could not find the plugin"
