"""Counties that are live from their first day, for the tests that are not about going live."""

from __future__ import annotations

from dataclasses import replace

from tracker.core.assessment.golive import live_since_start
from tracker.core.law.county import County
from tracker.rulebook.loaded import Loaded


def live(county: County) -> County:
    """The county as if it had gone live on the day from which it is supervised."""
    return replace(county, golive=live_since_start(county, "试运行结束"))


def all_live(loaded: Loaded) -> Loaded:
    """The rules with every county live."""
    return replace(loaded, rulebooks=tuple(replace(book, county=live(book.county)) for book in loaded.rulebooks))
