"""Says what the schema refuses, and what would be right: by the type of pydantic's error, in the catalogue's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tracker.core.values.message import Message

_DAY = Message("write a day that there is, like 2026-03-02")
_OBJECT, _ARRAY = Message("a JSON object is expected here"), Message("a JSON array is expected here")
_NUMBER, _YES_OR_NO = Message("a whole number is expected here"), Message("true or false is expected here")
_WORDS = Message("it has to be one of: {expected}")
#: By the type of the error; what stands in braces is in its context.
_SAID: Mapping[str, Message] = {
    "missing": Message("it is missing, and has to be given"),
    "extra_forbidden": Message("it is not permitted: /api/v1/openapi.json names what is"),
    "json_invalid": Message("the body is no JSON"),
    "enum": _WORDS,
    "literal_error": _WORDS,
    "greater_than_equal": Message("it has to be at least {ge}"),
    "less_than_equal": Message("it may be {le} at most"),
    "string_too_short": Message("it has to have at least {min_length} characters"),
    "string_too_long": Message("it may have {max_length} characters at most"),
    "too_short": Message("at least {min_length} have to be given"),
    "too_long": Message("{max_length} may be given at most"),
    "string_type": Message("a text is expected here"),
    "string_unicode": Message("a text is expected here"),
    "list_type": _ARRAY,
    "dict_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": _NUMBER,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
}


def explain(error: Mapping[str, Any]) -> str:
    """What is wrong and what would be right; of a type that no model of ours can have, in pydantic's own words."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":  # raised by ours
        [said] = context["error"].args
        return said  # type: ignore[no-any-return]
    if kind not in _SAID:
        return str(error["msg"])
    if "expected" in context:
        context = {"expected": ", ".join(re.findall(r"'[^']*'", context["expected"]))}
    return Message(_SAID[kind], **context)
