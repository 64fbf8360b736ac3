"""Scanners that know nothing of this library, on `bicoastal plan --format tfplan`."""

import pytest

from bicoastal.checks.resources.suppressions import judged, read
from bicoastal.plan.findings import findings
from tests.infra.environments import CLOUD

from .scanners import SCANNERS, SUPPRESSIONS, check

pytestmark = [pytest.mark.scanner, pytest.mark.timeout(900)]
OURS = "bicoastal"
PLANTED = {
    "pictures": {
        OURS: {"aws-s3-public-access", "aws-s3-acl-private"},
        "checkov": {"CKV_AWS_20", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6"},
        "trivy": {"AVD-AWS-0086", "AVD-AWS-0087", "AVD-AWS-0091", "AVD-AWS-0092", "AVD-AWS-0093"},
    },
    "orders": {
        OURS: {"aws-rds-encrypted", "aws-rds-public"},
        "checkov": {"CKV_AWS_16", "CKV_AWS_17"},
        "trivy": {"AVD-AWS-0080", "AVD-AWS-0180"},
    },
}
"""The bucket and the database of the faulty shop, and the checks that are for what is wrong with them."""


@pytest.fixture
def said(shops, scanned):
    """The ids of what a judge finds in a shop about one of its resources."""

    def ids(judge, shop, resource):
        found = findings(shops[shop], {}, []) if judge == OURS else scanned[shop, judge].result()
        return {finding.check.id for finding in found if finding.resource.name == resource}

    return ids


@pytest.mark.parametrize("environment", CLOUD)
def test_whatever_scanners_find_in_an_environment_has_a_reason_and_every_reason_a_finding(
    environment, scanned
):
    found = [finding for scanner in SCANNERS for finding in scanned[environment, scanner].result()]
    suppressions = read(SUPPRESSIONS)
    result = judged(found, suppressions, environment, [check(one.check) for one in suppressions])
    assert [str(finding) for finding in result.findings] == []


@pytest.mark.parametrize("judge", [OURS, *SCANNERS])
@pytest.mark.parametrize("resource", PLANTED)
def test_a_planted_fault_is_found_by_every_judge_and_is_not_there_unless_planted(resource, judge, said):
    expected = PLANTED[resource][judge]
    assert said(judge, "faulty", resource) >= expected
    assert not said(judge, "sound", resource) & expected
