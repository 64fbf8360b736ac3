"""What an operation says when it does not do what it was asked."""

from ..checks.problem import Problem


class Refused(Exception):
    """The operation was not begun, and nothing has changed."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))


class OperationFailed(Exception):
    """The operation was begun and did not come to its end; the text says why, and what is now true."""
