"""The frontend's project at its host: made or adopted, with its domains and variables."""

import subprocess
import sys
from typing import Any

import pytest

import bicoastal
from bicoastal.plan.record import Secret
from tests.library.samples import PLANTED_SECRET, zone_reference


@pytest.fixture
def project(made):
    """What a frontend with this project registers."""

    def run(**own: Any):
        return made("FrontendDomain", project={"project_name": "shop-frontend", **own})

    return run


def test_the_domain_is_added_to_a_project_and_www_leads_to_it_for_good(project):
    resources = project()
    domain, www = resources["project-domain"].inputs, resources["project-www"].inputs
    assert domain["projectId"] == www["projectId"] == "<it-project.id>"
    assert (domain["domain"], domain.get("redirect")) == ("example.com", None)
    assert (www["domain"], www["redirect"], www["redirectStatusCode"]) == (
        "www.example.com",
        "example.com",
        308,
    )


def test_the_host_is_told_of_the_domain_when_the_records_are_there(project):
    resources = project()
    records = {name: resource.urn for name, resource in resources.items() if name.startswith("records-")}
    assert set(records) == {"records-domain", "records-www", "records-verification"}
    for name in ("project-domain", "project-www"):
        assert set(records.values()) <= set(resources[name].dependencies)


def test_a_project_that_is_made_is_protected_and_built_from_its_repository(project):
    made = project(repository="example/shop", production_branch="live", root_directory="web")["project"]
    assert made.protect
    assert made.inputs["name"] == "shop-frontend"
    assert made.inputs["rootDirectory"] == "web"
    assert made.inputs["gitRepository"] == {
        "type": "github",
        "repo": "example/shop",
        "productionBranch": "live",
    }
    assert not project(protect=False)["project"].protect


def test_a_project_that_is_there_gets_domains_and_variables_and_is_not_made(project):
    own = {"project_name": None, "existing_id": "prj_1", "variables": {"API_URL": "x"}}
    resources = project(**own)
    assert "project" not in resources
    assert resources["project-domain"].inputs["projectId"] == "prj_1"
    assert resources["variable-API_URL"].inputs["projectId"] == "prj_1"


def test_a_secret_can_be_read_by_nobody_again_and_a_variable_can(made):
    resources = made("FrontendDomain")
    plain, hidden = resources["variable-API_URL"].inputs, resources["variable-SESSION_KEY"].inputs
    assert (plain["key"], plain["sensitive"], plain["targets"]) == ("API_URL", False, ["production"])
    assert (hidden["key"], hidden["sensitive"]) == ("SESSION_KEY", True)
    assert hidden["value"] == Secret(PLANTED_SECRET)
    assert PLANTED_SECRET not in repr(resources)


def test_other_deployments_get_the_variables_where_it_is_said(project):
    variable = project(variables={"A": "x"}, deployments=["production", "preview"])["variable-A"]
    assert variable.inputs["targets"] == ["production", "preview"]


def test_everything_belongs_to_the_team(project):
    resources = project(team_id="team_1", variables={"A": "x"})
    assert {r.inputs["teamId"] for name, r in resources.items() if not name.startswith("records")} == {
        "team_1"
    }


def test_the_outputs_say_the_names_and_the_project(pulumi_mocks):
    def outputs(**own):
        args = {"zone": zone_reference(), "domain": "example.com", **own}
        plan = pulumi_mocks.run(lambda: bicoastal.FrontendDomain("it", args))
        return plan.of_type("bicoastal:index:FrontendDomain")[0].outputs

    assert outputs(project={"project_name": "web"}) == {
        "hostnames": ["example.com", "www.example.com"],
        "project_id": "<it-project.id>",
    }
    assert outputs(www=False) == {"hostnames": ["example.com"], "project_id": ""}


WITHOUT_PROJECT = """
import sys
from bicoastal import FrontendDomain
from bicoastal.plan import record
zone = {"account_id": "0" * 32, "zone_id": "zone", "domain": "example.com", "plan": "pro"}
frontend = lambda: FrontendDomain("it", {"zone": zone, "domain": "example.com"})
record(frontend, project="shop", stack="dev", config={})
print("pulumiverse_vercel" in sys.modules)
"""


def test_without_a_project_its_sdk_is_not_loaded():
    command = [sys.executable, "-c", WITHOUT_PROJECT]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
