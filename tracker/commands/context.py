"""The folder of rules, the county, the instant and the database that a command works with."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tracker.clock import system_clock
from tracker.commands.output import say
from tracker.core.values.message import MessageError

if TYPE_CHECKING:
    from tracker.core.law.county import County, Rulebook
    from tracker.rulebook.loaded import Loaded
    from tracker.store.engine import Store, Tx


class UsageError(MessageError):
    """A command's input cannot be used (exit status 2). The message says what is wrong, where, and what would be
    right."""


def shipped() -> Path:
    """The folder of the rules that come with the package; in a checkout (editable install) the repository's own."""
    packed = Path(__file__).parents[1] / "_data"
    return packed if (packed / "schedule.yaml").exists() else Path(__file__).parents[2]


class DepartmentName(str):
    """argparse type: a department, or several with commas, by id, name or alias; `CommandContext.rulebook` puts the
    ids in its place."""


class CommandContext:
    """What a command works with by its options; each is read when it is first asked for.

    `fallback`: where the folder has no rules the shipped ones are used (for commands that only read rules).
    `secrets`: those that sending mail and serving pages need must be set.
    """

    def __init__(self, args: argparse.Namespace, *, fallback: bool = False, secrets: bool = False) -> None:
        self.args = args
        self._fallback = fallback
        self._secrets = secrets

    @property
    def _chosen(self) -> str:
        return self.args.root or os.environ.get("DUBAN_ROOT") or ""

    @cached_property
    def folder(self) -> Path:
        """The folder that holds `rules/` and `schedule.yaml`: --root, DUBAN_ROOT, or the current one."""
        chosen = self._chosen
        folder = Path(chosen) if chosen else Path.cwd()
        if (folder / "schedule.yaml").exists() and (folder / "rules").is_dir():
            return folder
        schedule, rules = (folder / "schedule.yaml").exists(), (folder / "rules").exists()
        if schedule != rules:
            # To go on with the shipped rules would be to judge by another county's.
            present, missing = ("schedule.yaml", "rules/") if schedule else ("rules/", "schedule.yaml")
            raise UsageError(
                "{folder}: {present} is here and {missing} is not; bring it back, or give --root DIR",
                folder=folder,
                present=present,
                missing=missing,
            )
        if self._fallback and not chosen and not rules:
            return shipped()
        raise UsageError(
            "{folder}: no schedule.yaml and rules/ here; run `duban init {folder}` first, or give --root DIR",
            folder=folder,
        )

    @cached_property
    def loaded(self) -> Loaded:
        """The rules in force. Raises RuleErrors with every error of every file."""
        if not self._chosen and self.folder == shipped() != Path.cwd():
            say("no schedule.yaml and rules/ here: these are the shipped rules ({folder})", folder=self.folder)
        from tracker.rulebook.load import load

        return load(self.folder, os.environ, secrets=self._secrets)

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules of the county that the command is about: the only one, or --county."""
        rulebooks = {rulebook.county.id: rulebook for rulebook in self.loaded.rulebooks}
        wanted = self.args.county or (next(iter(rulebooks)) if len(rulebooks) == 1 else None)
        if wanted is None:
            raise UsageError(
                "several counties are loaded; give --county (one of: {rulebooks})", rulebooks=", ".join(rulebooks)
            )
        if wanted not in rulebooks:
            raise UsageError(
                "--county {wanted}: no such county (one of: {rulebooks})", wanted=wanted, rulebooks=", ".join(rulebooks)
            )
        self._find_departments(rulebooks[wanted].county)
        return rulebooks[wanted]

    def _find_departments(self, county: County) -> None:
        """Put ids for the names of departments among the arguments; a name of none, or of two, stays as it is."""
        for name, value in list(vars(self.args).items()):
            if isinstance(value, DepartmentName):
                ids = [county.find_department(each) or each for each in re.split("[,，、]", value)]
                setattr(self.args, name, ",".join(ids))

    @property
    def county(self) -> County:
        """The county that the command is about."""
        return self.rulebook.county

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of that county."""
        return self.county.zone

    @property
    def rulebooks(self) -> list[Rulebook]:
        """The rules of --county, or of every county where none is named."""
        return [self.rulebook] if self.args.county else list(self.loaded.rulebooks)

    @cached_property
    def now(self) -> datetime:
        """--now by the county's clock, else the present instant."""
        return self.instant(self.zone)

    def instant(self, zone: Any) -> datetime:
        """--now in that zone, else the present instant. A bare day stands for its first instant."""
        if not getattr(self.args, "now", None):
            return system_clock().astimezone(zone)
        return begin_of(parse_moment(self.args.now, zone, "--now"), zone)

    def as_of(self) -> datetime:
        """The end of the day that --as-of names by the county's clock, else now. A day to come is refused."""
        from tracker.reports.snapshot import end_of

        now = system_clock()
        if not self.args.as_of:
            return now
        parsed = parse_moment(self.args.as_of, self.zone, "--as-of")
        at = parsed if isinstance(parsed, datetime) else end_of(parsed, self.rulebook)
        if begin_of(parsed, self.zone) > now:
            raise UsageError("--as-of {as_of}: that day is still to come", as_of=self.args.as_of)
        return min(at, now)

    @property
    def database(self) -> str:
        """The database's URL: --database, DUBAN_DATABASE, or `duban.db` beside the rules."""
        given = self.args.database or os.environ.get("DUBAN_DATABASE")
        return given or f"sqlite:///{(self.folder / 'duban.db').resolve()}"

    @contextmanager
    def open_store(self, *, create: bool = False) -> Iterator[Store]:
        """The database, migrated to this version. Without `create` there must be one already."""
        from tracker.daemon.process import command_origin
        from tracker.store.engine import Store

        store = Store(self.database, origin=command_origin())
        if not create and not store.exists:
            raise UsageError("{name}: no database there yet; `duban once` or `duban run` makes one", name=store.name)
        store.open()
        try:
            store.migrate()
            yield store
        finally:
            store.close()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that only reads, once the county's rules are known to be right."""
        _ = self.rulebook
        with self.open_store() as store, store.read() as tx:
            yield tx

    def check_department(self) -> None:
        """Refuse a --department that the county does not have."""
        check_known("--department", self.args.department, self.county.departments)


def parse_moment(text: str, zone: Any, what: str) -> date | datetime:
    """`YYYY-MM-DD` as a day, `YYYY-MM-DDTHH:MM[:SS][±hh:mm]` as an instant, by default in `zone`."""
    from tracker.core.law.workdays import FIRST_DAY, LAST_DAY

    try:
        parsed = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            "{what} {text!r}: write a day as 2015-03-02 or an instant as 2015-03-02T09:30", what=what, text=text
        ) from None
    if not FIRST_DAY.year <= parsed.year < LAST_DAY.year:
        raise UsageError(
            "{what} {text!r}: the year lies outside the calendar ({first} to {last})",
            what=what,
            text=text,
            first=FIRST_DAY,
            last=LAST_DAY,
        )
    if not isinstance(parsed, datetime) or parsed.tzinfo:
        return parsed
    return parsed.replace(tzinfo=zone)


def begin_of(moment: date | datetime, zone: Any) -> datetime:
    """The instant, or the first one of the day."""
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), zone)


def check_known(option: str, chosen: str | None, known: Collection[str]) -> None:
    """Refuse a name that is not known; None chooses nothing."""
    if chosen is not None and chosen not in known:
        raise UsageError(
            "{option} {chosen}: unknown (one of: {known})", option=option, chosen=chosen, known=", ".join(known)
        )


def unknown_occurrence(key: str, close: Collection[str]) -> UsageError:
    """The error that there is no such occurrence, with the keys close to it."""
    if not close:
        return UsageError("no occurrence {key!r}; `duban status --all` lists them", key=key)
    return UsageError("no occurrence {key!r}; did you mean {close}", key=key, close=", ".join(close))
