"""What commands in containers say, over an engine that may lose it."""

from types import SimpleNamespace

import pytest

from bicoastal.operations.listening import END, TRIES, Answer, ask
from bicoastal.operations.refusal import OperationFailed


class Container:
    """A container whose engine loses the first answers, whole or in part."""

    name = "haproxy"

    def __init__(self, *lost):
        self.lost = list(lost)
        self.runs = 0

    def exec_run(self, command, demux):
        self.runs += 1
        if self.lost:
            return SimpleNamespace(exit_code=0, output=(self.lost.pop(0), None))
        return SimpleNamespace(exit_code=3, output=(f"blue\n\n{END}\n".encode(), b"a word"))


def test_an_answer_that_was_lost_is_asked_for_again():
    container = Container(None, b"", b"blue\n")
    assert ask(container, ["live-colour"]) == Answer(3, "blue\n", "a word")
    assert container.runs == 4


def test_a_command_that_says_nothing_is_heard_to_the_end():
    container = Container(f"\n{END}\n".encode())
    assert ask(container, ["true"]) == Answer(0, "", "")


def test_a_command_that_is_never_heard_is_a_failure():
    container = Container(*[None] * TRIES)
    with pytest.raises(OperationFailed, match="haproxy: `live-colour green` was run 5 times and not heard"):
        ask(container, ["live-colour", "green"])
