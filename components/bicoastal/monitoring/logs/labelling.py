"""What a log line is known by: few labels, the same whatever reads it.

Each set of labels is a stream that Loki keeps apart, so what is new with every task is no label: the
container goes along with the line as metadata, which can be asked for and makes no stream.
"""

import re
from typing import Any

from ...application.route import Colour

ENGINE = "__meta_docker_container"
SERVICE = f"{ENGINE}_label_com_docker_swarm_service_name"
CONTAINER = "container"
"""What goes along with a line beside its labels."""


def labelling(stack: str) -> list[dict[str, Any]]:
    """The rules, as data: from what the engine tells of a container to a line's labels."""
    colours = "|".join(colour.value for colour in Colour)
    return [
        {"source_labels": [f"{ENGINE}_name"], "regex": "/(.*)", "target_label": CONTAINER},
        # What is no service of the Swarm is known by its container.
        {"source_labels": [f"{ENGINE}_name"], "regex": "/(.*)", "target_label": "service"},
        {
            "source_labels": [SERVICE],
            "regex": f"(?:{re.escape(stack)}_)?(.+)",
            "target_label": "service",
        },
        {"source_labels": ["service"], "regex": f".+-({colours})", "target_label": "colour"},
        {"source_labels": [f"{ENGINE}_log_stream"], "target_label": "stream"},
    ]
