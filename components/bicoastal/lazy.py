"""Names of a package that are loaded when they are first used: whoever asks for one loads no other's SDK."""

from collections.abc import Callable, Mapping
from importlib import import_module


def names_of(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """The package's `__getattr__`; `homes` says in which of its modules each name is."""

    def loaded(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f".{homes[name]}", package), name)

    return loaded
