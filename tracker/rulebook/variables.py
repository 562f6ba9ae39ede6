"""`${VAR}` and `${VAR:-default}` in rule files: their names, and the text with the environment's values."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: As shells write it.
_VARIABLE = re.compile(r"\$\{((?:[^}:]|:(?!-))*)(?::-([^}]*))?\}")


def variables_of(text: str) -> list[str]:
    """The names of the variables in a text."""
    return [name for name, _ in _VARIABLE.findall(text)]


def unset_in(text: str, environ: Mapping[str, str]) -> list[str]:
    """The names of the variables that have neither a value nor a default."""
    return [name for name, default in _VARIABLE.findall(text) if not (environ.get(name) or default)]


def filled(text: str, environ: Mapping[str, str]) -> str:
    """The text with the environment's values; a variable without value and default stays as it is written."""
    return _VARIABLE.sub(lambda match: environ.get(match[1]) or match[2] or match[0], text)
