"""Commands in a container whose words are to be heard."""

from collections.abc import Sequence
from dataclasses import dataclass

from docker.models.containers import Container

from .refusal import OperationFailed

END = "--- the end ---"
_MARKED = f"\"$@\"; code=$?; printf '\\n%s\\n' '{END}'; sleep 0.1; exit $code"
TRIES = 5


@dataclass(frozen=True)
class Answer:
    """What a command came to."""

    code: int
    """Its exit code."""
    said: str
    """What it said on its standard output."""
    beside: str
    """What it said on its standard error."""


def ask(container: Container, command: Sequence[str]) -> Answer:
    """Run a command, which must be one that may be run again, in a container that has `sh`.

    On a busy machine Docker may lose what a command says that ends before it listens: the code is right and
    the text is empty. So the command's end is marked, and an answer without the mark is asked for again.
    Raises `OperationFailed` when it is not heard in five tries, and Docker's errors.
    """
    for _ in range(TRIES):
        result = container.exec_run(["sh", "-c", _MARKED, "sh", *command], demux=True)
        assert isinstance(result.output, tuple)
        said, beside = ((part or b"").decode(errors="replace") for part in result.output)
        text, mark, _ = said.rpartition(f"\n{END}\n")
        if mark:
            return Answer(int(result.exit_code or 0), text, beside)
    raise OperationFailed(f"{container.name}: `{' '.join(command)}` was run {TRIES} times and not heard")
