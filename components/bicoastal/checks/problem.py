"""What is wrong with one input, said so that the reader can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One input that cannot be used.

    `input` is the path to it (``limits.memory_mb``), `given` its value as shown to the reader (a secret is
    never shown), `allowed` what may stand there, `fix` the likely way out.
    """

    input: str
    wrong: str
    given: str
    allowed: str
    fix: str

    def __str__(self) -> str:
        return f"{self.input}: {self.wrong}; given: {self.given}; allowed: {self.allowed}; fix: {self.fix}"


def shown(value: object, *, secret: bool = False) -> str:
    """The value as an error shows it: short, and hidden when it is a secret."""
    if secret:
        length = f" of {len(value)} characters" if isinstance(value, str) else ""
        return f"a hidden value{length}"
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
