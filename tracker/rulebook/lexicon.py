"""Loads the words by which titles are read (titles.yaml)."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from importlib.resources import files

import yaml

from tracker.core.values.lexicon import Lexicon


@cache
def load_lexicon() -> Lexicon:
    """Return the lexicon of the package, read once. Raises ValueError if a list is missing, unknown or empty."""
    text = files("tracker.rulebook").joinpath("titles.yaml").read_text(encoding="utf-8")
    given = yaml.safe_load(text)
    names = {field.name for field in fields(Lexicon)}
    wrong = sorted(names ^ given.keys()) + sorted(name for name, words in given.items() if not words)
    if wrong:
        raise ValueError(f"titles.yaml: {', '.join(wrong)}")
    return Lexicon(**{name: tuple(dict.fromkeys(words.split())) for name, words in given.items()})
