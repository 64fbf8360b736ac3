"""Commands in a container whose words are to be heard."""

from collections.abc import Sequence

_LINGER = '"$@"; code=$?; sleep 0.1; exit $code'


def heard(command: Sequence[str]) -> list[str]:
    """The command, ending a little later with the same exit code. On a busy machine Docker may lose what a
    command says that ends before it listens: the code is right and the text empty."""
    return ["sh", "-c", _LINGER, "sh", *command]
