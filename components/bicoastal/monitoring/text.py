"""Data as text that programs read, the same for the same data."""

import yaml

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""The one in C is not in every build; it writes the same, ten times as fast."""


def yaml_text(data: object) -> str:
    """The data as YAML, in the order in which it stands there."""
    return str(yaml.dump(data, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=10_000))
