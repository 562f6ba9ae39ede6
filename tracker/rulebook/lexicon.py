"""The words of titles (titles.yaml) as a value of the core."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from importlib.resources import files

import yaml

from tracker.core.values.lexicon import Lexicon


@cache
def load_lexicon() -> Lexicon:
    """The lexicon that the package ships, read once. Raises ValueError where a list is lacking, unknown or empty."""
    text = files("tracker.rulebook").joinpath("titles.yaml").read_text(encoding="utf-8")
    given = yaml.safe_load(text)
    names = {field.name for field in fields(Lexicon)}
    wrong = sorted(names ^ given.keys()) + sorted(name for name, words in given.items() if not words)
    if wrong:
        raise ValueError(f"titles.yaml: {', '.join(wrong)}")
    return Lexicon(**{name: tuple(dict.fromkeys(words.split())) for name, words in given.items()})
