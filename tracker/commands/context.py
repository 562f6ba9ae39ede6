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
from tracker.core.values.message import Message, MessageError
from tracker.core.values.near import find_near

if TYPE_CHECKING:
    from tracker.core.law.county import County, Rulebook
    from tracker.rulebook.loaded import Loaded
    from tracker.store.engine import Store, Tx


#: Arguments that are not called like their option.
_OPTIONS = {"co": "with"}


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
    `secrets`: those that sending mail and serving pages need must be set. `all_counties`: it needs the rules of all,
    also where --county names one.
    """

    def __init__(
        self, args: argparse.Namespace, *, fallback: bool = False, secrets: bool = False, all_counties: bool = False
    ) -> None:
        self.args = args
        self._fallback = fallback
        self._secrets = secrets
        self._all_counties = all_counties

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
        """The rules in force, of --county alone where its id is given and that is enough. Raises RuleErrors with every
        error of every file that is read."""
        if not self._chosen and self.folder == shipped() != Path.cwd():
            say("no schedule.yaml and rules/ here: these are the shipped rules ({folder})", folder=self.folder)
        from tracker.rulebook.load import load

        county = "" if self._all_counties else self.args.county
        is_here = any(each.name == county for each in (self.folder / "rules/counties").glob("*"))
        return load(self.folder, os.environ, secrets=self._secrets, only=county if is_here else "")

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
            named = [id for id, book in rulebooks.items() if wanted == book.county.name]
            if len(named) != 1:
                raise UsageError(
                    "--county {wanted}: no such county ({hint})", wanted=wanted, hint=hint_at(wanted, rulebooks)
                )
            wanted = self.args.county = named[0]
        self._find_departments(rulebooks[wanted].county)
        return rulebooks[wanted]

    def _find_departments(self, county: County) -> None:
        """Put ids for the names of departments among the arguments. Raises UsageError for a name of none, or of two."""
        from tracker.registers.errors import suggest_departments

        for name, value in list(vars(self.args).items()):
            if not isinstance(value, DepartmentName):
                continue
            ids = []
            for each in re.split(r"([,，、+])", value):
                id = each if each in "+,，、" else county.find_department(each)
                if id is None:
                    option = f"--{_OPTIONS.get(name, name)}"
                    hint = suggest_departments(each, county)
                    raise UsageError("{option} {chosen}: unknown ({hint})", option=option, chosen=each, hint=hint)
                ids.append("," if id in "，、" and id else id)
            setattr(self.args, name, "".join(ids))

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
        if self.args.county or len(self.loaded.rulebooks) == 1:
            return [self.rulebook]
        return list(self.loaded.rulebooks)

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
        from tracker.rulebook.secret_files import Variables

        given = self.args.database or Variables(self.folder, os.environ).get("DUBAN_DATABASE")
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


def parse_moment(text: str, zone: Any, what: str, year: int | None = None) -> date | datetime:
    """A day or, with an hour, an instant in `zone`, as people write them: 2026-02-10, 2026/2/10, 2026年2月10日 9时30分.

    A day without its year (2.10) is of `year`, by default the present one. Raises UsageError, naming `what`.
    """
    from tracker.registers.eventdates import parse_typed

    try:
        return parse_typed(text, zone, year or system_clock().astimezone(zone).year)
    except ValueError as error:
        why = error.args[0]
        if "lies outside" in str(why):
            raise UsageError("{what} {why}", what=what, why=why) from None
        raise UsageError(
            "{what} {text!r}: write a day as 2015-03-02 or an instant as 2015-03-02T09:30; 2015/3/2 and 2015年3月2日 "
            "will do, and 3.2 for a day of this year",
            what=what,
            text=text,
        ) from None


def begin_of(moment: date | datetime, zone: Any) -> datetime:
    """The instant, or the first one of the day."""
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), zone)


def check_known(option: str, chosen: str | None, known: Collection[str]) -> None:
    """Refuse a name that is not known; None chooses nothing."""
    if chosen is not None and chosen not in known:
        hint = hint_at(chosen, known)
        raise UsageError("{option} {chosen}: unknown ({hint})", option=option, chosen=chosen, hint=hint)


def hint_at(name: str, known: Collection[str]) -> Message:
    """The names that come close to one that is not known, else all of them."""
    near = find_near(name, known)
    if near:
        return Message("did you mean {names}?", names=", ".join(near))
    return Message("one of: {names}", names=", ".join(known))


def unknown_occurrence(key: str, close: Collection[str]) -> UsageError:
    """The error that there is no such occurrence, with the keys close to it."""
    if not close:
        return UsageError("no occurrence {key!r}; `duban status --all` lists them", key=key)
    return UsageError("no occurrence {key!r}; did you mean {close}", key=key, close=", ".join(close))
