"""The real engine, with stand-ins for the providers: no Docker, no account, nothing past loopback."""

import pytest

from bicoastal.testing import StartEngine

pytest.register_assert_rewrite("tests.engine.components.promises")


@pytest.fixture(scope="module")
def start(start_engine: StartEngine) -> StartEngine:
    """Starts a stack of its own, with a stand-in for each provider that is named."""
    return start_engine
