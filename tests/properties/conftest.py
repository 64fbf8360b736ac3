"""What properties share: trying one on as many examples as it is to have."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy

from .profiles import COUNTED, wanted


@pytest.fixture
def for_all(request, record_property):
    """Tries what is to hold on its share of examples, and fails where there were fewer."""

    def tried(examples: SearchStrategy[Any], holds: Callable[[Any], object]) -> None:
        count = wanted(request.node.originalname)
        seen = 0

        @settings(max_examples=count)
        @given(examples)
        def holds_for(example):
            nonlocal seen
            seen += 1
            holds(example)

        holds_for()
        assert seen >= count, f"{seen} examples, and not {count}"
        record_property(COUNTED, seen)

    return tried
