"""Loads a folder of rules: everything in it, or every error of every file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from tracker.core.escalation.policies import Policy
from tracker.core.law.county import Rulebook
from tracker.core.law.workdays import Calendar
from tracker.core.values.message import Message
from tracker.rulebook.acts import read_acts
from tracker.rulebook.calendars import YearModel, build_calendar, read_notices, read_years
from tracker.rulebook.canonical import build_body, digest_of
from tracker.rulebook.compile import compile_county
from tracker.rulebook.county_model import CountyModel
from tracker.rulebook.document import Defined, Document, Spot
from tracker.rulebook.errors import RuleError, RuleErrors
from tracker.rulebook.loaded import Loaded, RulePlaces
from tracker.rulebook.pack_checks import check_pack
from tracker.rulebook.pack_model import PackModel
from tracker.rulebook.schedule import Schedule
from tracker.rulebook.schedule_checks import add_daily_policy, check_schedule
from tracker.rulebook.schedule_forms import SECRET_PLACES
from tracker.rulebook.secret_files import Variables
from tracker.rulebook.validate import validate
from tracker.rulebook.yaml_files import read, rule_files, substitute

M = TypeVar("M")


def load(root: Path, environ: Mapping[str, str], *, secrets: bool = False) -> Loaded:
    """All rules under `root` (`rules/` and `schedule.yaml`). Raises RuleErrors with every defect of every file.

    `secrets`: those that a delivery and the pages need must be set as well.
    """
    loaded = load_rules(root, environ)
    if secrets and loaded.schedule.unset_secrets:
        raise RuleErrors(loaded.schedule.unset_secrets)
    return loaded


def load_rules(root: Path, environ: Mapping[str, str]) -> Loaded:
    """The rules, whichever secrets are set. Raises RuleErrors with every defect of every file."""
    return _Reader(root, environ).load()


def load_schedule(root: Path, environ: Mapping[str, str]) -> Schedule:
    """The schedule alone, whatever is wrong with the rules. Raises RuleErrors where it cannot be read itself."""
    reader = _Reader(root, environ)
    schedule, _ = reader.read_schedule([])
    if schedule is None:
        raise RuleErrors(reader.errors)
    return schedule


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the files under `root`."""

    root: Path
    environ: Mapping[str, str]
    errors: list[RuleError] = field(default_factory=list)

    def load(self) -> Loaded:
        # Each kind is read whatever the others' state, so that one run reports everything.
        files, unread = self._packs()
        counties = self._counties()
        if not files and not unread:
            # That there is none is reported; that a county names it only follows from it.
            unread.update(name for county in counties for name in county.packs)
        schedule, policies = self.read_schedule(counties)
        years = self._years()
        acts = read_acts(self.root / "rules" / "acts.yaml", self.errors)
        for pack in files:
            check_pack(pack, policies, acts)
        packs = {pack.pack: pack for pack in reversed(files)}
        zone = schedule.zone if schedule else ZoneInfo("Asia/Shanghai")
        rulebooks = [(county, compile_county(county, packs, unread, zone, acts)) for county in counties]
        if self.errors or schedule is None:
            raise RuleErrors(self.errors)
        return self._loaded(rulebooks, packs, add_daily_policy(schedule), build_calendar(*years))

    def _loaded(
        self,
        rulebooks: list[tuple[CountyModel, Rulebook]],
        packs: Mapping[str, PackModel],
        schedule: Schedule,
        calendar: Calendar,
    ) -> Loaded:
        bodies = {calendar.digest: calendar.body}
        stamped = []
        for county, rulebook in rulebooks:
            documents = [county.spot.document, *(packs[name].spot.document for name in county.packs)]
            # Names of files that are the same on every machine.
            names = [Path(document.path).relative_to(self.root).as_posix() for document in documents]
            texts = {name: document.text for name, document in zip(names, documents, strict=True)}
            body = build_body(rulebook, texts)
            digest = digest_of(body)
            bodies[digest] = body
            stamped.append(replace(rulebook, digest=digest))
        folders = {county.county: Path(county.spot.document.path).parent / "templates" for county, _ in rulebooks}
        templates = {name: folder for name, folder in folders.items() if folder.is_dir()}
        places = self._places(packs.values(), [county for county, _ in rulebooks])
        return Loaded(tuple(stamped), schedule, calendar, bodies, templates, places)

    def _places(self, packs: Iterable[PackModel], counties: Iterable[CountyModel]) -> RulePlaces:
        def place(spot: Spot) -> str:
            name = Path(spot.document.path).relative_to(self.root).as_posix()
            return f"{name}:{spot.position(key=True)[0]}"

        return RulePlaces(
            {(pack.pack, duty.id): place(duty.spot) for pack in packs for duty in pack.duties},
            {
                (county.county, duty): place(county.spot / "overrides" / duty)
                for county in counties
                for duty in county.overrides
            },
            {
                (county.county, kind, name): place(county.spot / kind / name)
                for county in counties
                for kind, names in (("departments", county.departments), ("roles", county.roles))
                for name in names
            },
        )

    def _packs(self) -> tuple[list[PackModel], set[str]]:
        """The packs, and the names of those of which nothing can be read."""
        packs: dict[str, PackModel] = {}
        files: list[PackModel] = []
        unread: set[str] = set()
        for path in rule_files(self.root / "rules" / "packs"):
            pack, document = self._read(path, PackModel)
            if pack is None:
                data = document.data
                unread |= {path.stem, str(data.get("pack"))} if isinstance(data, dict) else {path.stem}
                continue
            files.append(pack)
            if pack.pack in packs:
                first = packs[pack.pack].spot.document.path
                (pack.spot / "pack").report(Message("the pack {pack!r} is in {first} too", pack=pack.pack, first=first))
            packs.setdefault(pack.pack, pack)
        if not files and not self.errors:
            self._spot("rules/packs").report(Message("no pack here: rules/packs/NAME.yaml"))
        return files, unread

    def _counties(self) -> list[CountyModel]:
        counties: list[CountyModel] = []
        folders = sorted((self.root / "rules" / "counties").glob("*"))
        folders = [folder for folder in folders if folder.is_dir() and not folder.name.startswith(".")]
        for folder in folders:
            county, _ = self._read(folder / "county.yaml", CountyModel, ())
            if county is None:
                continue
            if county.county != folder.name:
                message = Message(
                    "the county {county!r} stands in the folder {name!r}", county=county.county, name=folder.name
                )
                (county.spot / "county").report(message, (folder.name,))
            counties.append(county)
        if not folders:
            self._spot("rules/counties").report(Message("no county here: rules/counties/NAME/county.yaml"))
        return counties

    def read_schedule(self, counties: list[CountyModel]) -> tuple[Schedule | None, Defined[Policy] | None]:
        """The schedule, and its policies by name; None where it cannot be read."""
        schedule, document = self._read(self.root / "schedule.yaml", Schedule, SECRET_PLACES)
        if schedule is None:
            return None, None
        spot = Spot(document)
        roles = [{*county.roles, *map(str, (county.spot / "roles").names_left_out)} for county in counties]
        check_schedule(schedule, spot, set.intersection(*roles) if roles else None)
        return schedule, Defined(schedule.policies, spot / "policies", Message("escalation"))

    def _read(
        self, path: Path, kind: type[M], secrets: Collection[tuple[str, ...]] | None = None
    ) -> tuple[M | None, Document]:
        """A file as a value, None where it cannot be read. `secrets`: variables are filled in, there as secrets."""
        document = read(path, str(path), self.errors)
        if secrets is not None:
            substitute(document, Variables(self.root, self.environ) if secrets else self.environ, secrets)
        return validate(document, kind), document

    def _years(self) -> tuple[dict[str, YearModel], dict[int, str]]:
        """The year files, and the numbers of other years' notices."""
        folder = self.root / "rules" / "calendar"
        if folder.exists() and not folder.is_dir():
            self._spot("rules/calendar").report(Message("not a folder"), ("rules/calendar/YEAR.yaml",))
        return read_years(folder, self.errors), read_notices(folder, self.errors)

    def _spot(self, folder: str) -> Spot:
        return Spot(Document(str(self.root / folder), self.errors))
