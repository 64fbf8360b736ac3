"""What the package offers."""

import importlib
from operator import attrgetter

import pytest

import bicoastal


def test_the_exported_names_are_sorted_and_all_there():
    assert bicoastal.__all__ == sorted(bicoastal.__all__)
    assert all(hasattr(bicoastal, name) for name in bicoastal.__all__)


@pytest.mark.parametrize(
    "room",
    [
        "application",
        "cache",
        "containers",
        "cost",
        "database",
        "edge",
        "failover",
        "hosts",
        "ingress",
        "monitoring.serving",
        "monitoring.watchers",
        "network",
        "stack",
        "storage",
        "testing",
    ],
)
def test_the_exported_names_of_each_room_are_sorted_and_all_there(room):
    module = importlib.import_module(f"bicoastal.{room}")
    assert module.__all__ == sorted(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        attrgetter("Nothing")(bicoastal)


def test_the_package_says_that_it_is_typed():
    assert importlib.resources.files("bicoastal").joinpath("py.typed").is_file()
