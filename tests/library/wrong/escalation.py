"""Wrong escalations."""

from typing import Any

from tests.library.wrong.table import Broken, Wrong


def levels(*given: dict[str, Any], **own: Any) -> Broken:
    return lambda: ("EscalationPolicy", {"levels": list(given), **own})


ONE = {"schedule_ids": ["P1"]}
WRONG: Wrong = {
    "an escalation without levels": (levels(), "levels", "[]", "at least one level"),
    "a level that pages nobody": (levels({}), "levels[0].schedule_ids", "0 schedules", "1 to 10"),
    "a level that pages a crowd": (
        levels({"user_ids": [f"U{number}" for number in range(11)]}),
        "levels[0].schedule_ids",
        "11 schedules",
        "1 to 10",
    ),
    "a level before the one before": (
        levels({**ONE, "until_min": 10}, {**ONE, "until_min": 5}),
        "levels[1].until_min",
        "5 min",
        "more than 10 min",
    ),
    "a fifth level without a time": (
        levels(*[ONE] * 5),
        "levels[4].until_min",
        "nothing",
        "more than 60 min",
    ),
    "a level without time": (levels({**ONE, "until_min": 0}), "levels[0].until_min", "0", "1 to 1440"),
    "an escalation that never ends": (levels(ONE, loops=10), "loops", "10", "0 to 9"),
}
