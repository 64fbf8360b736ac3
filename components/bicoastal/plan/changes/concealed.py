"""A value as a review may show it.

A review is read by more people than a state is: what is a secret, is called one or looks like one is not
shown, whatever the plan or the preview says of it.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from pulumi.runtime.rpc import UNKNOWN, _special_secret_sig, _special_sig_key

from ...checks.resources.everywhere import PRIVATE_KEY, SECRET_PLACES, is_secret_name
from ..hidden import HIDDEN
from .values import Difference, steps_of

NOT_KNOWN = "(not known yet)"
_ENGINE_HIDES = "[secret]"
_IN_ADDRESS = re.compile(r"(?<=://)[^/\s@]*:[^/\s@]+(?=@)")
CONFIG = "docker:index/serviceConfig:ServiceConfig"


def readable(value: Any) -> Any:
    """The value with a word where a secret or what nobody knows yet stands, as the engine marks them."""
    if isinstance(value, Mapping):
        mark = value.get(_special_sig_key)
        if mark is not None:
            return HIDDEN if mark == _special_secret_sig or "hash" not in value else f"(file {value['hash']})"
        return {str(key): readable(item) for key, item in value.items() if key != "__defaults"}
    if isinstance(value, list):
        return [readable(item) for item in value]
    if value == _ENGINE_HIDES:
        return HIDDEN
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return NOT_KNOWN if value == UNKNOWN else value


def concealed(difference: Difference, type_: str) -> Difference:
    """The difference as it may be shown."""
    path = difference.path
    if any(is_secret_name(step) for step in steps_of(path)) or path == SECRET_PLACES.get(type_):
        return Difference(path, *(_hidden(value) for value in (difference.before, difference.after)))
    text = _decoded if type_ == CONFIG and path == "data" else lambda value: value
    return Difference(path, shown(text(difference.before)), shown(text(difference.after)))


def shown(value: Any, key: str = "") -> Any:
    """The value without what is called a secret, or looks like one."""
    if isinstance(value, Mapping):
        return {name: shown(item, str(name)) for name, item in value.items()}
    if isinstance(value, list):
        return [shown(item, key) for item in value]
    if not isinstance(value, str):
        return value
    if is_secret_name(key) or PRIVATE_KEY in value:
        return HIDDEN
    return _IN_ADDRESS.sub(HIDDEN, value)


def _hidden(value: Any) -> Any:
    return HIDDEN if isinstance(value, str | Mapping | list) else value


def _decoded(value: Any) -> Any:
    """A configuration's text: Docker has it in base64."""
    try:
        return base64.b64decode(value, validate=True).decode() if isinstance(value, str) else value
    except (binascii.Error, ValueError):
        return value
