"""What only a plan can judge: it knows the program's configuration and what the program shows."""

import re
from collections.abc import Iterator

from ..problem import Problem
from .check import Program, Severity, of_program
from .declared import Declared, Resources, every_text

ANY = "*"
_PROVIDERS = "pulumi:providers:"
_DISABLED = "pulumi:disable-default-providers"
_MARK = re.compile(r"\[secret [\w.-]+:[\w.-]+\]")


@of_program("provider-named", Severity.HIGH, ANY)
def provider_is_named(resources: Resources, program: Program) -> Iterator[tuple[Declared, Problem]]:
    """Where default providers are disabled, a resource is given one.

    The engine refuses it otherwise, in the middle of a run.
    """
    disabled = program.config.get(_DISABLED, "")  # JSON text: a list of packages, or of "*"
    for resource in resources.all:
        package = resource.type.partition(":")[0]
        if resource.provider or resource.type.startswith(_PROVIDERS):
            continue
        if '"*"' in disabled or f'"{package}"' in disabled:
            yield (
                resource,
                Problem(
                    "provider",
                    f"none is given for {resource.type}",
                    "the default provider",
                    f"an explicit provider: {_DISABLED} names {package!r} or all",
                    "pass provider= or providers= in the options of the resource or of a parent",
                ),
            )


@of_program("configured-secret-shown", Severity.CRITICAL, ANY)
def configured_secrets_stay_secret(
    resources: Resources, program: Program
) -> Iterator[tuple[Declared, Problem]]:
    """A secret of the configuration stays secret in every property and output.

    What the program unwraps stands in the state and in every log from then on: Pulumi, "Secrets".
    """
    marks = _marks(program)
    for owner in (*resources.all, *program.shown):
        for key, item in owner.properties.items():
            found = {mark for text in every_text(item) for mark in _MARK.findall(text)}
            for mark in sorted(found & marks):
                secret = mark.removeprefix("[secret ").removesuffix("]")
                yield (
                    owner,
                    Problem(
                        key,
                        f"the secret {secret} stands in a plain property",
                        "(secret)",
                        "a secret Output",
                        "read it with require_secret, and derive what holds it with apply",
                    ),
                )


def _marks(program: Program) -> set[str]:
    """The placeholders of secret configuration, without those that stand in plain configuration, too."""
    hidden = {mark for key in program.secret_keys for mark in _MARK.findall(program.config.get(key, ""))}
    plain = {
        mark
        for key, text in program.config.items()
        if key not in program.secret_keys
        for mark in _MARK.findall(text)
    }
    return hidden - plain
