"""A real Loki, where there is one."""

import pytest

from tests.monitoring.logs.server import program


@pytest.fixture(scope="session")
def loki_program():
    """The program, or the test is skipped."""
    found = program()
    if found is None:
        pytest.skip("no Loki on PATH, nor as LOKI_BIN; `make loki` builds one where there is Go 1.26")
    return found
