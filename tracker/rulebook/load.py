"""Loads a folder of rules: everything in it, or every error of every file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from tracker.core.law.county import Rulebook
from tracker.core.values.message import Message
from tracker.rulebook.acts import Acts, read_acts
from tracker.rulebook.calendars import YearModel, build_calendar, read_notices, read_years
from tracker.rulebook.canonical import build_body, digest_of
from tracker.rulebook.compile import compile_county
from tracker.rulebook.county_model import CountyModel
from tracker.rulebook.document import Defined, Document, Spot
from tracker.rulebook.errors import RuleError, RuleErrors
from tracker.rulebook.lexicon import load_lexicon
from tracker.rulebook.loaded import Known, Loaded, LoadedCounty, SharedRules, errors_of, join, known_of
from tracker.rulebook.pack_checks import check_pack
from tracker.rulebook.pack_model import PackModel
from tracker.rulebook.packed import KEPT, PackedDuties, Papers, pack
from tracker.rulebook.schedule import Schedule
from tracker.rulebook.schedule_checks import add_daily_policy, check_schedule
from tracker.rulebook.schedule_forms import SECRET_PLACES
from tracker.rulebook.secret_files import Variables
from tracker.rulebook.sources import COUNTY_FILE, Sources
from tracker.rulebook.validate import validate
from tracker.rulebook.yaml_files import read, rule_files, substitute

M = TypeVar("M")


def load(root: Path, environ: Mapping[str, str], *, secrets: bool = False, only: str = "") -> Loaded:
    """All rules under `root` (`rules/` and `schedule.yaml`). Raises RuleErrors with every defect of every file.

    `secrets`: those that a delivery and the pages need must be set as well. `only`: of the counties, that one is read.
    """
    loaded = load_rules(root, environ, only)
    if secrets and loaded.schedule.unset_secrets:
        raise RuleErrors(loaded.schedule.unset_secrets)
    return loaded


def load_rules(root: Path, environ: Mapping[str, str], only: str = "") -> Loaded:
    """The rules, whichever secrets are set. Raises RuleErrors with every defect of every file."""
    loaded = join(read_parts(root, environ, {}, only))
    if loaded.broken:
        raise errors_of(loaded)
    return loaded


def load_again(root: Path, environ: Mapping[str, str], before: Loaded | None) -> Loaded:
    """The rules; of the counties, only those are read whose sources are others than `before`.

    A county with a defect is as it was before, or left out, and named in `broken`.
    """
    return join(read_parts(root, environ, known_of(before)), before)


def load_schedule(root: Path, environ: Mapping[str, str]) -> Schedule:
    """The schedule alone, whatever is wrong with the rules. Raises RuleErrors where it cannot be read itself."""
    reader = _Reader(root, environ)
    schedule, document = reader.read_schedule()
    if schedule is None:
        raise RuleErrors(reader.errors)
    check_schedule(schedule, Spot(document), None)
    return schedule


def read_parts(
    root: Path, environ: Mapping[str, str], known: Mapping[str, Known], only: str = ""
) -> Iterator[LoadedCounty | SharedRules]:
    """The counties that are not as they are known, one after the other, then what all share.

    A county with a defect is left out and named there. Raises RuleErrors, with every defect of every file, where what
    they share has one, or every county. `only`: of the counties, that one is read.
    """
    return _Reader(root, environ).read(known, only)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the files under `root`. `errors`: of what the counties share; `broken`: by county, its own."""

    root: Path
    environ: Mapping[str, str]
    errors: list[RuleError] = field(default_factory=list)
    broken: dict[str, list[RuleError]] = field(default_factory=dict)

    def read(self, known: Mapping[str, Known], only: str = "") -> Iterator[LoadedCounty | SharedRules]:
        # Each kind is read whatever the others' state, so that one run reports everything.
        files, unread = self._packs()
        schedule, document = self.read_schedule()
        years = self._years()
        acts = read_acts(self.root / "rules" / "acts.yaml", self.errors)
        spot = Spot(document)
        policies = Defined(schedule.policies, spot / "policies", Message("escalation")) if schedule else None
        for pack_model in files:
            check_pack(pack_model, policies, acts)
        packs = {pack_model.pack: pack_model for pack_model in reversed(files)}
        zone = schedule.zone if schedule else ZoneInfo("Asia/Shanghai")
        sources = Sources(packs, acts, zone, self.environ)
        folders = [folder for folder in self._folders() if only in ("", folder.name)]
        compiler = _CountyCompiler(self, packs, unread, zone, acts, sources, is_packing=len(folders) > KEPT)
        roles: dict[str, frozenset[str]] = {}
        for folder in folders:
            name = folder.name
            if name in known and not self.errors and sources.is_same(folder, known[name]):
                roles[name] = frozenset(known[name].roles)
            elif (county := compiler.compile(folder, roles)) is not None:
                yield county
        if schedule is not None:
            self._check_schedule(schedule, spot, roles)
        good = tuple(name for name in roles if name not in self.broken)
        if self.errors or schedule is None or not good:
            raise RuleErrors([*self.errors, *(error for own in self.broken.values() for error in own)])
        templates = {folder.name: folder / "templates" for folder in folders if (folder / "templates").is_dir()}
        yield SharedRules(
            add_daily_policy(schedule), build_calendar(*years), load_lexicon(), tuple(acts.values()), good,
            {name: RuleErrors(own).errors for name, own in self.broken.items()}, templates,
            {(pack_model.pack, duty.id): self.place(duty.spot) for pack_model in files for duty in pack_model.duties},
        )  # fmt: skip

    @contextmanager
    def errors_of(self, county: str) -> Iterator[list[RuleError]]:
        """A list for the errors of a county. What is reported of a pack meanwhile is the county's too: the others that
        name the pack have the same of their own, or it is what the county says of the pack that does not fit."""
        own, before = list[RuleError](), len(self.errors)
        yield own
        own += self.errors[before:]
        del self.errors[before:]
        if own:
            self.broken[county] = own

    def name_of(self, document: Document) -> str:
        """The file's name, the same on every machine."""
        return Path(document.path).relative_to(self.root).as_posix()

    def place(self, spot: Spot) -> str:
        """The file's name and the line."""
        return f"{self.name_of(spot.document)}:{spot.position(key=True)[0]}"

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

    def _folders(self) -> list[Path]:
        """The folders of the counties, in order."""
        folders = sorted((self.root / "rules" / "counties").glob("*"))
        folders = [folder for folder in folders if folder.is_dir() and not folder.name.startswith(".")]
        if not folders:
            self._spot("rules/counties").report(Message("no county here: rules/counties/NAME/county.yaml"))
        return folders

    def read_schedule(self) -> tuple[Schedule | None, Document]:
        """The schedule, None where it cannot be read, and its file."""
        return self._read(self.root / "schedule.yaml", Schedule, SECRET_PLACES)

    def _check_schedule(self, schedule: Schedule, spot: Spot, roles: Mapping[str, frozenset[str]]) -> None:
        """Report what is wrong with the schedule. A role that a county lacks and another has is an error of the one."""

        def errors_with(having: frozenset[str] | None) -> list[RuleError]:
            found: list[RuleError] = []
            spot.document.errors = found
            check_schedule(schedule, spot, having)
            spot.document.errors = self.errors
            return found

        everywhere = errors_with(frozenset().union(*roles.values()) if roles else None)
        self.errors.extend(everywhere)
        places = {(error.line, error.column) for error in everywhere}
        lacking = {having: errors_with(having) for having in set(roles.values())}
        for county, having in roles.items():
            if own := [error for error in lacking[having] if (error.line, error.column) not in places]:
                self.broken.setdefault(county, []).extend(own)

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


@dataclass(frozen=True, slots=True)
class _CountyCompiler:
    """Compiles one county after the other; what was read of it does not stay. `is_packing`: its duties are packed."""

    reader: _Reader
    packs: Mapping[str, PackModel]
    unread: Collection[str]
    zone: ZoneInfo
    acts: Acts
    sources: Sources
    is_packing: bool

    def compile(self, folder: Path, roles: dict[str, frozenset[str]]) -> LoadedCounty | None:
        """The county of the folder; None where something is wrong. The roles of one that can be read are added."""
        with self.reader.errors_of(folder.name) as own:
            document = read(folder / COUNTY_FILE, str(folder / COUNTY_FILE), own)
            substitute(document, self.reader.environ)
            model = validate(document, CountyModel)
            if model is None:
                return None
            if model.county != folder.name:
                message = Message(
                    "the county {county!r} stands in the folder {name!r}", county=model.county, name=folder.name
                )
                (model.spot / "county").report(message, (folder.name,))
            roles[folder.name] = frozenset({*model.roles, *map(str, (model.spot / "roles").names_left_out)})
            # That there is no pack is reported; that a county names one only follows from it.
            unread = self.unread if self.packs or self.unread else model.packs
            rulebook = compile_county(model, self.packs, unread, self.zone, self.acts)
        if own or self.reader.errors:
            return None
        return self._loaded(model, rulebook)

    def _loaded(self, model: CountyModel, rulebook: Rulebook) -> LoadedCounty:
        document = model.spot.document
        documents = [document, *(self.packs[name].spot.document for name in model.packs)]
        body = build_body(rulebook, {self.reader.name_of(each): each.text for each in documents})
        duties = PackedDuties(rulebook.duties) if self.is_packing else rulebook.duties
        county = replace(rulebook.county, lexicon=None)
        return LoadedCounty(
            replace(rulebook, county=county, duties=duties, acts=(), digest=digest_of(body)),
            self.sources.hash_of(document.text, model.packs),
            tuple(model.packs),
            pack(self._papers(body, model)),
        )

    def _papers(self, body: str, model: CountyModel) -> Papers:
        overrides = {duty: self.reader.place(model.spot / "overrides" / duty) for duty in model.overrides}
        kinds = (("departments", model.departments), ("roles", model.roles))
        contacts = {
            (kind, name): self.reader.place(model.spot / kind / name) for kind, names in kinds for name in names
        }
        return Papers(body, overrides, contacts)
