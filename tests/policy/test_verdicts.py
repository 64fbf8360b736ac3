"""What the policy pack makes of what the engine tells it."""

import pytest
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2 as engine

from bicoastal.checks.resources import CHECKS, HIDDEN, UNKNOWN, Kind
from bicoastal.checks.resources.suppressions import FAULTS, parsed
from bicoastal.policy.analyzer import Analyzer
from bicoastal.policy.reading import declared, is_judged
from bicoastal.policy.verdicts import Verdicts

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWNS = [
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]
AWS = {"type": "pulumi:providers:aws", "urn": "urn:own", "name": "own"}
DEFAULT = {"type": "pulumi:providers:aws", "urn": "urn:default", "name": "default_7_51_1"}
EIP, VOLUME = "aws:ec2/eip:Eip", "aws:ebs/volume:Volume"
TAGS = {"tags": {"team": "maps"}}


def told(kind, name, properties, message=engine.AnalyzerResource, **own):
    whole = {
        "type": kind,
        "name": name,
        "urn": f"urn:{name}",
        "properties": properties,
        "provider": AWS,
        **own,
    }
    return json_format.ParseDict({key: value for key, value in whole.items() if value is not None}, message())


def read(properties, marks=None, **own):
    return declared(told("docker:index/network:Network", "net", properties, **own), marks or {})


def ids(findings):
    return [(finding.check.id, finding.resource.name) for finding in findings]


@pytest.mark.parametrize("unknown", UNKNOWNS)
def test_what_the_engine_does_not_know_yet_is_unknown(unknown):
    it = read({"name": unknown, "inner": {"list": ["a", unknown]}})
    assert it.get("name") is UNKNOWN
    assert it.get("inner.list") == ["a", UNKNOWN]


def test_what_is_secret_is_hidden_and_plain_values_stay():
    it = read({"data": {SIGNATURE: SECRET, "value": "swordfish"}, "size": 3, "on": False, "none": None})
    assert it.properties == {"data": HIDDEN, "size": 3, "on": False, "none": None}
    assert isinstance(it.properties["size"], int)


def test_what_a_provider_keeps_for_itself_is_no_property():
    assert read({"name": "net", "__defaults": ["name"]}).properties == {"name": "net"}


def test_options_provider_and_dependencies_are_read():
    options = {"protect": True, "deleteBeforeReplace": False, "deleteBeforeReplaceDefined": True}
    it = read({"name": "x"}, options=options, propertyDependencies={"name": {"urns": ["urn:a", "urn:b"]}})
    assert it.protect
    assert it.delete_before_replace is False
    assert it.provider == "urn:own"
    assert it.dependencies == {"name": {"urn:a", "urn:b"}}
    assert read({}).delete_before_replace is None


def test_a_provider_of_the_engines_own_making_is_none():
    assert read({}, provider=DEFAULT).provider is None
    assert is_judged(told("pulumi:providers:aws", "own", {}, provider=None))
    assert not is_judged(told("pulumi:providers:aws", "default_7_51_1", {}, provider=None))
    assert not is_judged(told("shop:index:Network", "component", {}, provider=None))


def test_a_resource_is_judged_alone_by_what_it_declares_and_the_rest_at_the_end():
    verdicts = Verdicts("production")
    volume = told(VOLUME, "disk", {"region": "us-east-1", **TAGS}, engine.AnalyzeRequest)
    assert ("aws-ebs-encrypted", "disk") in ids(verdicts.of_resource(volume))
    made = told(VOLUME, "disk", {"region": "us-east-1", "encrypted": True, **TAGS})
    bare = told(EIP, "address", {"region": "us-east-1"})
    found = ids(verdicts.of_whole([made, bare]))
    assert ("aws-tags-present", "address") in found
    assert all(check != "aws-ebs-encrypted" for check, _ in found), "it has been told"


def test_what_was_declared_counts_at_the_end_and_not_what_the_cloud_made_of_it():
    verdicts = Verdicts("production")
    verdicts.of_resource(told(EIP, "address", {"region": "us-east-1"}, engine.AnalyzeRequest))
    made = told(EIP, "address", {"region": "us-east-1", "tags": {"by": "the cloud"}})
    assert ("aws-tags-present", "address") in ids(verdicts.of_whole([made]))


def test_a_property_that_comes_from_another_resource_is_known_by_the_engines_word():
    verdicts, unknown = Verdicts("production"), UNKNOWNS[2]
    bucket = ("aws:s3/bucket:Bucket", "media", {"region": "us-east-1", **TAGS})
    block = {"region": "us-east-1", "bucket": unknown}
    blocks = dict.fromkeys(
        ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True
    )
    closed = ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "closed", {**block, **blocks})
    of_it = {"bucket": {"urns": ["urn:media"]}}
    for one in (bucket, closed):  # the engine tells what a value comes from at the end alone
        verdicts.of_resource(told(*one, engine.AnalyzeRequest))
    whole = verdicts.of_whole([told(*bucket), told(*closed, propertyDependencies=of_it)])
    assert "aws-s3-public-access" not in [check for check, _ in ids(whole)]
    whole = verdicts.of_whole([told(*bucket), told(*closed)])
    assert ("aws-s3-public-access", "media") in ids(whole)


def test_a_secret_of_the_configuration_in_a_plain_property_or_export_is_found_and_not_shown():
    config = {"shop:password": "swordfish-1", "shop:short": "abc", "shop:plain": "open-text"}
    verdicts = Verdicts("production", (), config, frozenset({"shop:password", "shop:short"}))
    plain = {**TAGS, "region": "us-east-1", "publicIpv4Pool": "is swordfish-1 abc open-text"}
    export = told("pulumi:pulumi:Stack", "shop-production", {"told": "swordfish-1"}, provider=None)
    found = verdicts.of_whole([told(EIP, "address", plain), export])
    shown = [one for one in found if one.check.id == "configured-secret-shown"]
    assert {(one.resource.name, one.problem.input) for one in shown} == {
        ("address", "publicIpv4Pool"),
        ("exports", "told"),
    }
    assert "swordfish" not in "".join(map(str, found))


def test_suppressions_count_as_in_the_plan():
    mine = {"check": "aws-ebs-encrypted", "resource": "disk", "reason": "A trial, gone by Friday."}
    entries = [
        mine,
        {**mine, "check": "aws-tags-present", "resource": "*", "environment": "staging"},
        {**mine, "check": "aws-region-named"},
        {"check": "aws-region-named", "resource": "disk"},
    ]
    verdicts = Verdicts("staging", parsed(entries))
    declared_ = {"region": "us-east-1"}
    alone = ids(verdicts.of_resource(told(VOLUME, "disk", declared_, engine.AnalyzeRequest)))
    assert "aws-ebs-encrypted" not in [check for check, _ in alone]
    whole = [check for check, _ in ids(verdicts.of_whole([told(VOLUME, "disk", declared_)]))]
    assert sorted(check for check in whole if check.startswith("suppression")) == [
        "suppression-unused",
        "suppression-without-reason",
    ]
    assert "aws-tags-present" not in whole


def test_the_pack_has_a_policy_for_each_check_with_its_words_and_severity():
    told_ = Analyzer().GetAnalyzerInfo(None, None)
    policies = {policy.name: policy for policy in told_.policies}
    assert list(policies) == [check.id for check in (*CHECKS, *FAULTS)]
    for check in CHECKS:
        policy = policies[check.id]
        assert policy.description == f"{check.sentence}. {check.reason}"
        assert policy.enforcementLevel == (engine.MANDATORY if check.severity.fails else engine.ADVISORY)
        assert engine.PolicySeverity.Name(policy.severity).endswith(check.severity.name)
        alone = policy.policy_type == engine.POLICY_TYPE_RESOURCE
        assert alone == (check.kind is Kind.RESOURCE)


def test_the_packs_own_configuration_changes_what_a_violation_means():
    analyzer = Analyzer()
    bare = told(VOLUME, "disk", {}, engine.AnalyzeRequest)
    before = {one.policyName: one.enforcementLevel for one in analyzer.Analyze(bare, None).diagnostics}
    assert before["aws-ebs-encrypted"] == before["aws-region-named"] == engine.MANDATORY
    changed = {"aws-ebs-encrypted": engine.ADVISORY, "aws-region-named": engine.DISABLED}
    configured = {name: engine.PolicyConfig(enforcementLevel=level) for name, level in changed.items()}
    analyzer.Configure(engine.ConfigureAnalyzerRequest(policyConfig=configured), None)
    after = {one.policyName: one.enforcementLevel for one in analyzer.Analyze(bare, None).diagnostics}
    assert after["aws-ebs-encrypted"] == engine.ADVISORY
    assert "aws-region-named" not in after


@pytest.mark.parametrize(("project", "honoured"), [("shop", True), ("another", False)])
def test_the_file_of_suppressions_is_that_of_the_project_which_is_applied(
    project, honoured, tmp_path, monkeypatch
):
    (tmp_path / "Pulumi.yaml").write_text(f"name: {project}")
    (tmp_path / "bicoastal-suppressions.yaml").write_text(
        "[{check: aws-ebs-encrypted, resource: disk, reason: A trial.}]"
    )
    (tmp_path / "inner").mkdir()
    monkeypatch.setenv("PWD", str(tmp_path / "inner"))
    analyzer = Analyzer()
    analyzer.ConfigureStack(engine.AnalyzerStackConfigureRequest(project="shop", stack="production"), None)
    answer = analyzer.Analyze(told(VOLUME, "disk", {}, engine.AnalyzeRequest), None)
    assert ("aws-ebs-encrypted" in [one.policyName for one in answer.diagnostics]) is not honoured
