"""What Pulumi's types and properties are called in Terraform: the table `terraform_types.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).with_name("terraform_types.yaml")
_CAPITAL = re.compile(r"[A-Z]")


class Shape(Enum):
    """How a property's value stands in Terraform, by the mark after its name in the table."""

    ATTRIBUTE = ""
    BLOCKS = "[]"
    ONE = "[1]"
    OBJECT = "{}"


@dataclass(frozen=True)
class Name:
    """A property in Terraform."""

    name: str
    shape: Shape = Shape.ATTRIBUTE


@dataclass(frozen=True)
class TerraformType:
    """A type in Terraform."""

    name: str
    provider: str
    """The provider's source address."""
    fields: Mapping[str, Name]
    """The properties that are no plain attributes, by their path in Pulumi."""

    def name_of(self, path: str) -> Name:
        """The property at a path such as `rules.destination`."""
        return self.fields.get(path) or Name(snake_case(path.rpartition(".")[2]))


def snake_case(name: str) -> str:
    """Terraform's spelling of a name of Pulumi's."""
    return _CAPITAL.sub(lambda capital: f"_{capital[0].lower()}", name)


def terraform_types() -> Mapping[str, TerraformType]:
    """Terraform's type by Pulumi's token; read once."""
    return _read()


@cache
def _read() -> Mapping[str, TerraformType]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C is not in every build
    table = yaml.load(TABLE.read_text(), loader)  # noqa: S506 a safe loader
    return {token: _type(token, entry, table["providers"]) for token, entry in table["types"].items()}


def _type(token: str, entry: Mapping[str, Any], providers: Mapping[str, str]) -> TerraformType:
    fields = {path: _name(text) for path, text in entry.get("fields", {}).items()}
    return TerraformType(entry["type"], providers[token.partition(":")[0]], fields)


def _name(text: str) -> Name:
    for shape in (Shape.ONE, Shape.BLOCKS, Shape.OBJECT):
        if text.endswith(shape.value):
            return Name(text.removesuffix(shape.value), shape)
    return Name(text)
