"""Wrong settings of the frontend's domain: the arguments that hold one, and what its error must say."""

from typing import Any

from tests.library.wrong.table import Broken, Wrong, with_own


def _project(**own: Any) -> Broken:
    return with_own("FrontendDomain", project={"project_name": "shop-frontend", **own})


WRONG: Wrong = {
    # what is broken: the arguments, the input that is named, what was given, what is allowed
    "frontend outside the zone": (
        with_own("FrontendDomain", domain="example.org"),
        "domain",
        "'example.org'",
        "example.com and names below it",
    ),
    "frontend without an address": (
        with_own("FrontendDomain", address="cname.vercel-dns.com"),
        "address",
        "'cname.vercel-dns.com'",
        "an IPv4 address",
    ),
    "project that is neither made nor adopted": (
        _project(project_name=None),
        "project.project_name",
        "neither of them",
        "one of project_name and existing_id",
    ),
    "project made and adopted": (
        _project(existing_id="prj_1"),
        "project.project_name",
        "project_name and existing_id",
        "one of project_name and existing_id",
    ),
    "project with a name that is none": (
        _project(project_name="Shop"),
        "project.project_name",
        "'Shop'",
        "1 to 100 lower-case letters",
    ),
    "project with three hyphens in its name": (
        _project(project_name="shop---web"),
        "project.project_name",
        "'shop---web'",
        "without '---'",
    ),
    "adopted project that is changed": (
        _project(project_name=None, existing_id="prj_1", framework="nextjs"),
        "project.framework",
        "framework with existing_id",
        "domains, variables and secrets",
    ),
    "repository by its address": (
        _project(repository="https://github.com/example/shop"),
        "project.repository",
        "'https://github.com/example/shop'",
        "owner/name",
    ),
    "branch of no repository": (
        _project(production_branch="main"),
        "project.production_branch",
        "'main' without repository",
        "a branch with repository",
    ),
    "variable of the frontend that it cannot name": (
        _project(variables={"API-URL": "x"}),
        "project.variables.API-URL",
        "'API-URL'",
        "letters, digits and '_'",
    ),
    "variable of the frontend that is a secret too": (
        _project(variables={"KEY": "x"}, secrets={"KEY": "y"}),
        "project.variables.KEY",
        "'KEY'",
        "each name once",
    ),
    "variables for no deployment": (
        _project(deployments=[]),
        "project.deployments",
        "[]",
        "at least one kind",
    ),
    "variables for an unknown deployment": (
        _project(deployments=["staging"]),
        "project.deployments[0]",
        "'staging'",
        "'production', 'preview', 'development'",
    ),
}
