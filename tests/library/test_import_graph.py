"""Who may import whom: the rooms of the library, from the ground up."""

import ast
import gc
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import bicoastal

LIBRARY = Path(bicoastal.__file__).parent
GROUND = {
    "address_plan",
    "aws",
    "certificate",
    "checks",
    "component",
    "customization",
    "engine_api",
    "host_subnet",
    "inputs",
    "lazy",
    "settings",
    "site",
    "templates",
    "topology",
    "waiting",
}
ROOMS = {
    "application",
    "cache",
    "containers",
    "cost",
    "database",
    "edge",
    "failover",
    "hosts",
    "ingress",
    "monitoring",
    "network",
    "storage",
}
MAY_IMPORT: dict[str, set[str]] = {
    "checks": set(),
    "lazy": set(),
    "settings": {"checks"},
    "component": {"checks", "customization", "settings"},
    "customization": {"checks", "settings"},
    "address_plan": set(),
    "aws": set(),
    "engine_api": set(),
    "waiting": set(),
    "topology": {"address_plan", "checks", "settings"},
    "host_subnet": {"checks", "settings"},
    "inputs": set(),
    "site": {"checks", "settings", "topology"},
    "certificate": {"checks", "settings"},
    "templates": set(),
    "containers": GROUND,
    "ingress": GROUND | {"containers"},
    "database": GROUND | {"containers", "failover", "ingress"},
    "cache": GROUND | {"containers", "ingress"},
    "application": GROUND | {"containers", "ingress"},
    "failover": {"checks"},
    "edge": GROUND | {"failover"},
    "hosts": GROUND,
    "storage": GROUND,
    "cost": GROUND,
    "monitoring": GROUND | {"application", "cache", "containers", "database", "ingress"},
    "network": GROUND,
    "stack": GROUND | ROOMS,
    "plan": GROUND,
    "policy": {"checks"},
    "languages": {"component"},
    "reference": {"component", "languages"},
    "testing": {"checks", "plan"},
    "operations": GROUND | ROOMS,
    "twin": GROUND | ROOMS | {"plan", "stack", "operations", "report"},
    "report": {"monitoring", "plan", "templates"},
    "cli": {"checks", "hosts", "monitoring", "network", "operations", "plan", "report", "settings", "twin"},
    "__init__": ROOMS | GROUND | {"stack"},
}
"""The list that a change of the design changes."""


@pytest.fixture(autouse=True, scope="module")
def _nothing_to_collect() -> None:
    """What the failed runs of earlier tests left would be told of while a module is parsed, which Python 3.11
    answers with a SystemError."""
    gc.collect()


def _modules() -> list[Path]:
    return sorted(path for path in LIBRARY.rglob("*.py"))


def _room(path: Path) -> str:
    return path.relative_to(LIBRARY).parts[0].removesuffix(".py")


def _imported_names(path: Path) -> set[tuple[str, ...]]:
    """What of the library a file imports, from the root on: modules, and names of modules."""
    package = ("bicoastal", *path.relative_to(LIBRARY).parent.parts)
    found: set[tuple[str, ...]] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            whole = (*base, *(node.module.split(".") if node.module else []))
            found |= {(*whole, alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {tuple(alias.name.split(".")) for alias in node.names}
    return {name[1:] for name in found if name[0] == "bicoastal" and len(name) > 1}


def _imported_rooms(path: Path) -> set[str]:
    return {name[0] for name in _imported_names(path)} - {_room(path)}


def test_every_room_imports_only_what_the_design_lets_it():
    wrong = [
        f"{path.relative_to(LIBRARY)} imports {room}"
        for path in _modules()
        for room in sorted(_imported_rooms(path) - MAY_IMPORT[_room(path)])
    ]
    assert wrong == []


def _inner_room(parts: tuple[str, ...]) -> tuple[str, ...] | None:
    """The folder or the file of a room's folder in which something is."""
    inner = LIBRARY.joinpath(*parts[:2]).with_suffix("")
    is_there = len(parts) > 1 and (inner.is_dir() or inner.with_suffix(".py").is_file())
    return inner.relative_to(LIBRARY).parts if is_there and inner.name != "__init__" else None


def test_rooms_within_a_room_do_not_import_one_another_in_a_circle():
    graph: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for path in _modules():
        importer = _inner_room(path.relative_to(LIBRARY).parts)
        for name in _imported_names(path):
            imported = _inner_room(name)
            if importer and imported and imported != importer:
                graph.setdefault(importer, set()).add(imported)
    assert ("monitoring", "logs") in graph["monitoring", "watchers"]
    TopologicalSorter(graph).prepare()  # refuses a circle, and names it


def test_the_checks_know_nothing_of_pulumi():
    users = [
        path.name
        for path in (LIBRARY / "checks").rglob("*.py")
        if any(
            "pulumi" in (getattr(node, "module", "") or "") or "pulumi" in str([a.name for a in node.names])
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Import | ast.ImportFrom)
        )
    ]
    assert users == []


def test_importing_the_library_loads_no_provider_and_no_room():
    program = (
        "import sys, bicoastal; "
        "print([m for m in sys.modules if m.startswith(('pulumi_', 'bicoastal.')) or m == 'docker'])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "['bicoastal.lazy']", "it loads the rest when that is asked for"


def test_a_file_stays_under_400_lines():
    long = [str(path) for path in _modules() if len(path.read_text().splitlines()) >= 400]
    assert long == []


def test_no_module_of_the_library_postpones_its_annotations():
    postponed = [
        str(path)
        for path in _modules()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    assert postponed == []


def test_the_library_does_not_name_its_first_user():
    assert [str(path) for path in _modules() if "smellpin" in path.read_text().lower()] == []
