"""Defines what the pages need of the daemon: the rules in force, the database, the clock, a county's facts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from tracker.clock import Clock
from tracker.core.law.county import Rulebook
from tracker.decide.facts import CountyFacts
from tracker.decide.work_process import Work
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store

T = TypeVar("T")


class ConsoleContext(Protocol):
    """The daemon's Office as the pages see it; `loaded` are the rules in force at the moment."""

    @property
    def loaded(self) -> Loaded: ...

    @property
    def store(self) -> Store: ...

    @property
    def folder(self) -> Path: ...

    @property
    def clock(self) -> Clock: ...

    def facts_about(self, rulebook: Rulebook, key: str) -> CountyFacts: ...

    def run_by_size(self, work: Work[T], rulebook: Rulebook, now: datetime) -> T: ...


class ConsoleError(Exception):
    """The pages cannot be served; the message says why."""
