"""Every check is silent where all is well, and finds exactly itself where one thing is wrong."""

import re
from dataclasses import replace
from functools import cache

import pytest

from bicoastal.checks.resources import (
    CHECKS,
    HIDDEN,
    UNKNOWN,
    Declared,
    Kind,
    Program,
    Resources,
    Severity,
    judge,
    judge_alone,
    of_subject,
)
from bicoastal.checks.resources.check import of_resource
from bicoastal.checks.resources.edge_zone import origin_is_verified

from .aws_data import DATABASES, DATABASES_FOUND, DATABASES_SILENT, WATCHING, WATCHING_FOUND
from .aws_hosts import (
    HOSTS,
    HOSTS_FOUND,
    HOSTS_SILENT,
    IDENTITY,
    IDENTITY_FOUND,
    IDENTITY_IN_OTHER_SHAPES,
    IDENTITY_SILENT,
)
from .aws_network import IN_OTHER_SHAPES, IN_THE_DEFAULT_GROUP, NETWORK, NETWORK_FOUND, NETWORK_SILENT
from .aws_storage import KEYS, KEYS_FOUND, S3, S3_FOUND, S3_IN_OTHER_SHAPES, S3_SILENT
from .cloudflare import (
    CLOUDFLARE,
    CLOUDFLARE_FOUND,
    CLOUDFLARE_IN_OTHER_SHAPES,
    CLOUDFLARE_SILENT,
    in_the_engine,
)
from .docker import DOCKER, DOCKER_FOUND, DOCKER_SILENT
from .everywhere import EVERYWHERE, EVERYWHERE_FOUND, EVERYWHERE_SILENT, PROGRAM
from .sample import aws, declared
from .vault import VAULT, VAULT_FOUND

SAMPLES = {
    "S3": S3,
    "keys": KEYS,
    "network": NETWORK,
    "hosts": HOSTS,
    "identity": IDENTITY,
    "databases": DATABASES,
    "watching": WATCHING,
    "Cloudflare": CLOUDFLARE,
    "Docker": DOCKER,
    "Vault": VAULT,
    "everywhere": EVERYWHERE,
}
FOUND = [
    *S3_FOUND,
    *KEYS_FOUND,
    *NETWORK_FOUND,
    *HOSTS_FOUND,
    *IDENTITY_FOUND,
    *DATABASES_FOUND,
    *WATCHING_FOUND,
    *CLOUDFLARE_FOUND,
    *DOCKER_FOUND,
    *VAULT_FOUND,
    *EVERYWHERE_FOUND,
]
SILENT = [
    *CLOUDFLARE_SILENT,
    *DATABASES_SILENT,
    *HOSTS_SILENT,
    *DOCKER_SILENT,
    *EVERYWHERE_SILENT,
    *NETWORK_SILENT,
    *S3_SILENT,
    *IDENTITY_SILENT,
]
OTHER_SHAPES = [*CLOUDFLARE_IN_OTHER_SHAPES, *IN_OTHER_SHAPES, *IDENTITY_IN_OTHER_SHAPES]
AGAINST_A_TYPE = {"aws-iam-user-key", "aws-iam-user-policy"}
"""They find every resource of a type: no such resource is as it should be."""


def ids(resources, program=PROGRAM):
    return {finding.check.id for finding in judge(resources, program)}


@pytest.mark.parametrize("subject", SAMPLES)
def test_nothing_is_found_where_all_is_well(subject):
    assert [str(finding) for finding in judge(SAMPLES[subject].resources, PROGRAM)] == []


@pytest.mark.parametrize(("check", "resources"), FOUND, ids=[f"{n}-{row[0]}" for n, row in enumerate(FOUND)])
def test_one_thing_that_is_wrong_is_found_by_its_check_and_by_no_other(check, resources):
    assert ids(resources) == {check}


@pytest.mark.parametrize(("check", "resources"), SILENT)
def test_what_is_well_in_another_way_is_not_found(check, resources):
    assert check not in ids(resources)


@pytest.mark.parametrize(("check", "resource"), OTHER_SHAPES)
def test_an_opening_is_found_in_the_deprecated_shapes_too(check, resource):
    assert ids([resource]) - {"deprecated-type", "deprecated-argument"} == {check}


@pytest.mark.parametrize(("check", "resources"), CLOUDFLARE_FOUND)
def test_a_zone_that_is_not_there_yet_is_judged_like_one_that_is(check, resources):
    assert ids(in_the_engine(CLOUDFLARE.resources)) == set()
    assert ids(in_the_engine(resources)) == {check}


@pytest.mark.parametrize(("check", "resource"), S3_IN_OTHER_SHAPES)
def test_an_old_bucket_or_one_with_everything_in_it_is_judged_like_any_other(check, resource):
    assert check in ids([resource])


@pytest.mark.parametrize(("check", "resource"), IN_THE_DEFAULT_GROUP)
def test_an_opening_of_the_default_group_is_as_bad_as_any_other(check, resource):
    assert ids([resource]) - {"aws-vpc-default-group"} == {check}


def test_every_check_has_a_sample_that_it_is_silent_of_and_one_in_which_it_finds_something():
    kinds = {one.type for sample in SAMPLES.values() for one in sample.resources}
    looked_at = {
        check.id
        for check in CHECKS
        if any(kind in kinds or (kind.endswith("*") and kinds) for kind in check.types)
    }
    assert {check.id for check in CHECKS} - looked_at - AGAINST_A_TYPE == set()
    assert {check.id for check in CHECKS} - {check for check, _ in FOUND} == set()


def test_an_id_is_there_once_and_says_of_what_it_is():
    names = [check.id for check in CHECKS]
    assert len(names) == len(set(names)) >= 75
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name)] == []


def test_a_check_says_what_must_hold_and_why():
    for check in CHECKS:
        assert check.sentence[0].isupper(), check.id
        assert not check.sentence.endswith("."), check.id
        assert check.reason.endswith("."), check.id
    assert origin_is_verified.sentence == (
        "Between Cloudflare and the origin there is TLS whose certificate is checked"
    )
    assert origin_is_verified.severity is Severity.CRITICAL
    assert origin_is_verified in of_subject("Cloudflare")


def test_a_check_without_a_reason_is_refused():
    def without_a_reason(resource):
        """It has a sentence only."""

    with pytest.raises(ValueError, match="write its docstring"):
        of_resource("a-b", Severity.LOW, "a:b:C")(without_a_reason)


@cache
def who_looks_at(kind):
    """The checks that look at a type."""
    index = Resources([Declared(kind, "one", {})])
    return [check for check in CHECKS if index.of(*check.types)]


def judged_by_those_who_look_at_it(resource, sample, name, value):
    """What is found when a property of one of a sample's resources has another value."""
    other = replace(resource, properties={**resource.properties, name: value})
    alone = Resources([other])
    all_of_them = Resources([other if one is resource else one for one in sample.resources])
    return [
        finding
        for check in who_looks_at(resource.type)
        for finding in check.findings(alone if check.kind is Kind.RESOURCE else all_of_them, PROGRAM)
    ]


def every_property():
    return [
        (sample, resource, name)
        for sample in SAMPLES.values()
        for resource in sample.resources
        for name in resource.properties
    ]


def test_what_nobody_knows_yet_and_what_is_secret_is_no_finding_by_itself():
    for sample, resource, name in every_property():
        if resource.type == "docker:index/serviceConfig:ServiceConfig":
            continue  # which holds no secret
        for unseen in (UNKNOWN, HIDDEN, f"<{resource.name}.{name}>"):
            found = judged_by_those_who_look_at_it(resource, sample, name, unseen)
            alone = [str(finding) for finding in found if finding.check.kind is Kind.RESOURCE]
            assert alone == [], (resource.name, name, unseen)


STRANGE = (None, "", "x", 0, 1, True, [], {}, [None], ["x"], [{}], [[]], {"x": None}, {"Statement": "x"})


def test_no_shape_of_a_property_breaks_a_check():
    for sample, resource, name in every_property():
        for value in STRANGE:
            judged_by_those_who_look_at_it(resource, sample, name, value)


def test_the_worst_comes_first_and_the_order_is_the_same_whatever_the_resources():
    resources = [
        aws("aws:s3/bucket:Bucket", "b"),
        declared("pulumi:providers:docker", "engine", {"host": "tcp://a:2375"}),
        aws("aws:ec2/eip:Eip", "a", {"tags": {}, "region": ""}),
    ]
    found = judge(resources)
    ranks = [finding.check.severity.rank for finding in found]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0
    assert [str(one) for one in judge(resources[::-1])] == [str(one) for one in found]


def test_a_finding_names_its_check_the_resource_the_property_and_the_way_out():
    (found,) = judge([aws("aws:ec2/eip:Eip", "lost", {"region": None, "domain": "vpc"})])
    assert str(found) == (
        "aws-region-named lost.region: not named for aws:ec2/eip:Eip; given: nothing; "
        "allowed: a region such as 'us-east-1'; fix: give region=: else the provider's default decides"
    )


def test_a_resource_by_itself_is_judged_without_those_that_belong_to_it():
    bucket = aws("aws:s3/bucket:Bucket", "bucket", {"forceDestroy": True})
    assert {f.check.id for f in judge_alone(bucket)} == {"aws-s3-force-destroy"}
    assert {"aws-s3-force-destroy", "aws-s3-public-access"} < ids([bucket])


def test_what_only_a_plan_knows_is_not_judged_without_it():
    lost = declared("random:index/randomId:RandomId", "lost")
    assert ids([lost]) == {"provider-named"}
    assert ids([lost], None) == set()


def test_a_secret_of_the_configuration_is_found_in_what_the_program_shows():
    shown = (Declared("pulumi:pulumi:Stack", "exports", {"told": ["key=[secret shop:key]"]}),)
    (found,) = judge([], Program({"shop:key": "[secret shop:key]"}, frozenset({"shop:key"}), shown))
    assert found.problem.wrong == "the secret shop:key stands in a plain property"
    assert "[secret" not in str(found)


def test_no_finding_shows_a_secret():
    texts = [str(found) for _, resources in FOUND for found in judge(resources, PROGRAM)]
    assert [text for text in texts if "planted" in text or "AKIA" in text] == []
