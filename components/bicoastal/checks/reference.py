"""The list of all checks.

    python -m bicoastal.checks.reference docs/checks.md

writes it anew.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from .resources import CHECKS, SUBJECTS, Check, Kind, Severity, of_subject
from .resources.suppressions import FAULTS

_HEAD = """\
# The checks

What must hold for every resource, with the reason. `bicoastal plan` judges by all of them
([plan.md](plan.md)), and so does [the policy pack](policy.md) within the engine; a component refuses what
`customize` makes of a child against those from high up. An id never changes its meaning, wherever it is
found.

| severity | what it means | the plan | the policy pack |
|---|---|---|---|
| critical | open to the world, or data is lost | exit code 1 | mandatory |
| high | must not ship | exit code 1 | mandatory |
| medium | should be mended | shown | advisory |
| low | would be better | shown | advisory |

A value that is not known yet is no finding. Whoever lives with a finding says so, and why, in
`bicoastal-suppressions.yaml`.

A check looks at *{one}* by itself, at *{whole}* together, or at *{program}* with its configuration and
outputs, which only a plan and the policy pack know.
"""


def written() -> str:
    """The whole page."""
    kinds = {"one": Kind.RESOURCE.value, "whole": Kind.WHOLE.value, "program": Kind.PROGRAM.value}
    counts = ", ".join(
        f"{sum(check.severity is severity for check in CHECKS)} {severity.value}" for severity in Severity
    )
    parts = [_HEAD.format(**kinds), f"{len(CHECKS)} checks: {counts}.\n"]
    parts += [_table(subject, of_subject(subject)) for subject in SUBJECTS]
    parts.append(_table("The file of suppressions", FAULTS))
    return "\n".join(parts)


def _table(subject: str, checks: Sequence[Check]) -> str:
    ordered = sorted(checks, key=lambda check: check.severity.rank)
    rows = [
        " | ".join(
            [f"| `{one.id}`", one.severity.value, _cell(one.sentence), _cell(one.reason), one.kind.value]
        )
        for one in ordered
    ]
    head = f"## {subject}\n\n| id | severity | what must hold | why | looks at |\n|---|---|---|---|---|\n"
    return head + "".join(f"{row} |\n" for row in rows)


def _cell(text: str) -> str:
    """The text, with nothing in it that a table or Markdown would take for its own."""
    parts = [part if number % 2 else part.replace("*", "\\*") for number, part in enumerate(text.split("`"))]
    return "`".join(parts).replace("|", "\\|")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(written())
