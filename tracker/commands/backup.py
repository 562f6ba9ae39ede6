"""`duban backup | restore | copy`: a copy of everything while the daemon runs, and the way back."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tracker import __version__
from tracker.commands.context import CommandContext, UsageError, begin_of, parse_moment
from tracker.commands.language import tr
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import command, count, now_option, option, person
from tracker.store.backup_folder import BackupFolder, FileEntry, Manifest, find_backup, read_manifest
from tracker.store.engine import Store

if TYPE_CHECKING:
    from tracker.store.restores import Restore

WAITING = ("county", "planned_at", "role", "department", "subject", "step")
_SCHEDULE = "schedule.yaml"
#: Of --now, where no rules are read.
_ZONE = ZoneInfo("Asia/Shanghai")


# -- backup ----------------------------------------------------------------------------------------


@command("backup")
@option("target", type=Path, metavar="TARGET", help="the folder of the backups, best on another disk")
@option("--keep", type=count, default=14, metavar="N", help="how many backups stay there (default: 14)")
@option("--with-secrets", action="store_true", help="with secrets.env, which is left out otherwise")
@now_option(help="as if it were then")
def back_up(args: Namespace, context: CommandContext) -> int:
    sources, left_out = _list_sources(context, with_secrets=args.with_secrets)
    target = args.target.absolute()
    if any(target.is_relative_to(path.absolute()) for path in sources.values()):
        raise UsageError("{target} lies in what is backed up; name a folder outside", target=target)
    if not target.parent.is_dir():
        raise UsageError("{target}: no folder {parent}", target=target, parent=target.parent)
    made_at, folder = context.instant(_ZONE).astimezone(UTC), BackupFolder(target)
    store = Store(context.database)
    if not store.exists:
        raise UsageError("{name}: no database there yet; `duban once` or `duban run` makes one", name=store.name)
    with store, folder.lock():  # as it stands: an upgrade comes after its backup
        manifest = _fill(store, folder, sources, left_out, made_at)
        path = folder.finish(manifest, made_at)
        gone = folder.prune(args.keep)
    size = sum(entry.size for entry in (manifest.database, *manifest.files.values()))
    say("backed up: the database and {count} files, {size} MB", count=len(manifest.files), size=size // 1_000_000)
    for county, head in manifest.heads.items():
        say("{county}: the journal's head in it is {height}-{hash}", county=county, height=head.height, hash=head.head)
    for name in left_out:
        say("not in it: {name}; keep a copy of it elsewhere", name=name)
    if gone:
        say("{count} older backups deleted (--keep)", count=gone)
    print(path)
    return 0


def _fill(
    store: Store, folder: BackupFolder, sources: dict[str, Path], left_out: list[str], made_at: datetime
) -> Manifest:
    """Copy files, then the database, then what came meanwhile: what a row names was there before or is by then."""
    from tracker.store.backup import copy_database

    before = folder.manifests()
    files = dict(read_manifest(before[-1]).files) if before else {}
    files = _sweep(folder, sources, files)
    part = folder.part("database")
    copied = copy_database(store, part)
    entry = folder.take(part)
    files |= _sweep(folder, sources, files)
    how = (copied.kind, copied.revision, entry, copied.heads)
    return Manifest(made_at.isoformat(), __version__, *how, files, tuple(left_out))


def _sweep(folder: BackupFolder, sources: dict[str, Path], known: dict[str, FileEntry]) -> dict[str, FileEntry]:
    """Every file of the sources by its name in the backup."""
    found = {}
    for name, path in _list_files(sources):
        if (entry := folder.add(path, known.get(name))) is not None:
            found[name] = entry
    return found


def _list_files(sources: dict[str, Path]) -> Iterator[tuple[str, Path]]:
    for name, path in sources.items():
        if path.is_file():
            yield name, path
        for below, _, names in os.walk(path):
            for file in sorted(names):
                one = Path(below, file)
                if one.is_file() and not one.is_symlink():
                    yield f"{name}/{one.relative_to(path).as_posix()}", one


def _list_sources(context: CommandContext, *, with_secrets: bool) -> tuple[dict[str, Path], list[str]]:
    """The files and folders of the county by their names in the backup, and the files that are left out."""
    from tracker.rulebook.load import load_schedule
    from tracker.rulebook.secret_files import SECRETS_FILE
    from tracker.rulebook.secrets import find_clear_secrets

    root = context.folder
    schedule = load_schedule(root, os.environ)  # a mistyped pack is no reason to have no backup
    clear = [*find_clear_secrets(schedule)]
    if clear and not with_secrets:
        raise UsageError(
            "{place}: a secret stands there in clear and would be in every backup; move it to {file} and write "
            "{variable}, or give --with-secrets",
            place=clear[0], file=SECRETS_FILE, variable="${NAME}",
        )  # fmt: skip
    sources = {_SCHEDULE: root / _SCHEDULE, "rules": root / "rules"}
    for name, configured in (
        ("archive", schedule.crawl.archive),
        ("filed", schedule.filings.folder),
        ("mails", str(schedule.delivery.folder)),
    ):
        if configured:
            inside = not Path(configured).is_absolute() and ".." not in Path(configured).parts
            sources[PurePosixPath(configured).as_posix() if inside else name] = root / configured
    left_out = [str(schedule.persons.key_file)]
    if with_secrets:
        sources[SECRETS_FILE] = root / SECRETS_FILE
    else:
        left_out.append(SECRETS_FILE)
    return sources, [name for name in left_out if (root / name).exists()]


# -- restore ---------------------------------------------------------------------------------------


@command(
    "restore",
    rows=True,
    epilog="`duban restore BACKUP DIR` puts a backup back. Then, in DIR, `duban restore --confirm` lets it send again.",
)
@option("backup", nargs="?", type=Path, metavar="BACKUP", help="the folder of the backups (the newest), or a manifest")
@option("folder", nargs="?", type=Path, metavar="DIR", help="an empty folder, or one to be made")
@option("--confirm", action="store_true", help="let what was restored send again")
@option(
    "--ran-until", metavar="INSTANT", help="when the lost installation last ran: what was to leave by then was sent"
)
@option("--dry-run", action="store_true", help="check every file, or list what counts as sent; write nothing")
@person("why it is right that it sends again", required=False)
def restore(args: Namespace, context: CommandContext) -> int:
    if args.confirm:
        if args.backup:
            raise UsageError(
                "--confirm is about the folder that was restored (--root): leave out {path}", path=args.backup
            )
        return _confirm(args, context)
    if args.backup is None or (args.folder is None and not args.dry_run):
        raise UsageError("restore needs BACKUP and an empty folder; or --confirm in the restored one")
    path = find_backup(args.backup)
    manifest, backups = read_manifest(path), BackupFolder(path.parent)
    _check_backup(manifest, backups)
    made_at = datetime.fromisoformat(manifest.made_at)
    say("backup of {made_at:%Y-%m-%d %H:%M}Z: {count} files, all whole", made_at=made_at, count=len(manifest.files))
    if args.dry_run:
        return 0
    numbers = _put_back(args, context, manifest, backups, path.name)
    _say_what_is_missing(args, manifest, numbers)
    return 0


def _check_backup(manifest: Manifest, backups: BackupFolder) -> None:
    from tracker.store.backup import check_revision

    check_revision(manifest.revision)
    for name in manifest.files:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise UsageError("{name}: a file outside of the folder; nothing was written", name=name)
    defects = list(backups.list_defects(manifest))
    for defect in defects:
        print(tr(defect))
    if defects:
        raise UsageError(
            "{count} files of this backup are lost or changed, nothing was written; an earlier one may be whole: "
            "{names}",
            count=len(defects), names=", ".join(path.name for path in backups.manifests()[::-1]),
        )  # fmt: skip


def _put_back(
    args: Namespace, context: CommandContext, manifest: Manifest, backups: BackupFolder, name: str
) -> Mapping[str, Sequence[str]]:
    """Write everything, and return the last numbers of papers by county.

    schedule.yaml comes last, for without it no command works in the folder.
    """
    from tracker.daemon.process import command_origin
    from tracker.store.backup import is_empty, load_dump
    from tracker.store.restores import list_last_numbers, record_restore

    folder: Path = args.folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("{folder} is not empty; name an empty folder, or one to be made", folder=folder)
    url = args.database or os.environ.get("DUBAN_DATABASE") or f"sqlite:///{folder / 'duban.db'}"
    store = Store(url, origin=command_origin())
    if store.sqlite != (manifest.kind == "sqlite"):
        example = "sqlite:///FILE" if manifest.kind == "sqlite" else "postgresql://…"
        raise UsageError("the backup is of another kind of database than {name}; give --database {example}",
                         name=store.name, example=example)  # fmt: skip
    if store.sqlite and store.exists:
        raise UsageError("{name} is there already; give --database with another file", name=store.name)
    folder.mkdir(parents=True, exist_ok=True)
    if not store.sqlite:
        with store:
            if not is_empty(store):
                raise UsageError("{name} has tables already; give --database with an empty database", name=store.name)
    for file, entry in manifest.files.items():
        if file != _SCHEDULE:
            backups.put_back(entry, folder / file)
    if store.sqlite:
        backups.put_back(manifest.database, Path(str(store.url.database)))
    with store:
        if not store.sqlite:
            load_dump(store, backups.place(manifest.database.sha256))
        store.migrate()
        with store.begin() as tx:
            record_restore(tx, datetime.fromisoformat(manifest.made_at), name, context.instant(_ZONE))
            numbers = list_last_numbers(tx)
    if (schedule := manifest.files.get(_SCHEDULE)) is not None:
        backups.put_back(schedule, folder / _SCHEDULE)
    return numbers


def _say_what_is_missing(args: Namespace, manifest: Manifest, numbers: Mapping[str, Sequence[str]]) -> None:
    say("restored to {folder}; it reads and decides, and sends nothing until it is confirmed", folder=args.folder)
    say(
        "what was recorded after the backup is not in it: events, filings, decisions, answers, circulars; record it "
        "again"
    )
    for county, head in manifest.heads.items():
        say(
            "{county}: its journal ends at row {height}; `duban journal verify --from MAIL` with the newest report "
            "mail says how many rows were lost",
            county=county, height=head.height,
        )  # fmt: skip
    for county, last in numbers.items():
        say("{county}: the last numbers in it are {last}; later ones may be out", county=county, last="、".join(last))
    for name in manifest.left_out:
        say("{name} was not in the backup: bring it back from its own copy", name=name)
    say("next: end the old installation, `duban crawl` and `duban tick` here, `duban restore --confirm --dry-run "
        "--ran-until INSTANT`, then --confirm with --by and --reason")  # fmt: skip


def _confirm(args: Namespace, context: CommandContext) -> int:
    from tracker.store.counties import lock_county
    from tracker.store.restores import list_presumed, load_restores, record_confirmation

    zone = context.loaded.schedule.zone
    now = context.instant(zone)
    with context.open_store() as store:
        with store.read() as tx:
            restores = load_restores(tx)
            unconfirmed = [county for county, restore in restores.items() if restore.is_held]
            if not unconfirmed:
                raise UsageError("nothing here waits for a confirmation: no backup was restored, or it was confirmed")
            until = _parse_end(args, zone, now, [restores[county] for county in unconfirmed])
            rows = [row for county in unconfirmed for row in list_presumed(tx, county, restores[county].made_at, until)]
        emit(
            WAITING,
            [row_of(row, WAITING, {"planned_at": row.planned_at.astimezone(zone)}) for row in rows],
            args.format,
        )
        say("{count} mails and notices count as sent by then, and are not sent again", count=len(rows))
        if args.dry_run:
            return 0
        if missing := [f"--{name}" for name in ("by", "reason") if not getattr(args, name)]:
            raise UsageError("--confirm needs {missing}: who says so, and why", missing=tr(" and ").join(missing))
        for county in unconfirmed:
            with store.begin() as tx:
                lock_county(tx, county)
                record_confirmation(tx, county, until, args.by, args.reason, now)
    say("confirmed: what is due later than that leaves with the next delivery")
    return 0


def _parse_end(args: Namespace, zone: object, now: datetime, held: list[Restore]) -> datetime:
    """When the lost installation last ran. It ran when the backup was made."""
    made_at = max(restore.made_at for restore in held)
    if not args.ran_until:
        raise UsageError(
            "--confirm needs --ran-until INSTANT: when the lost installation last ran ({made_at:%Y-%m-%dT%H:%M}Z, if "
            "it ended with the backup)",
            made_at=made_at,
        )
    until = begin_of(parse_moment(args.ran_until, zone, "--ran-until"), zone)
    if not made_at.replace(second=0, microsecond=0) <= until <= now:
        raise UsageError(
            "--ran-until {until:%Y-%m-%d %H:%M}: write an instant between the backup ({made_at:%Y-%m-%d %H:%M}) and "
            "now",
            until=until, made_at=made_at.astimezone(until.tzinfo),
        )  # fmt: skip
    return max(until, made_at)


# -- copy ------------------------------------------------------------------------------------------


@command("copy")
@option("--to", required=True, metavar="URL", help="an empty database: postgresql://… or sqlite:///FILE")
def copy_to(args: Namespace, context: CommandContext) -> None:
    from tracker.store.backup import copy_rows
    from tracker.store.jobs import read_lease

    with context.open_store() as source, Store(args.to, origin=source.origin) as target:
        if target.url == source.url:
            raise UsageError("--to {name}: that is the database itself", name=target.name)
        with source.read() as tx:
            lease = read_lease(tx, "scheduler")
            if lease is not None and lease.until > context.instant(UTC):
                raise UsageError("{holder} runs on {name}: stop it first, or what it does meanwhile is lost",
                                 holder=lease.holder, name=source.name)  # fmt: skip
        target.migrate()
        with source.read() as tx, target.engine.begin() as copy:  # past `begin`, which would journal every row anew
            count = copy_rows(tx, copy)
    say("{count} rows copied to {name}, every journal verified", count=count, name=target.name)
    say("next: set DUBAN_DATABASE or --database to it, and keep {name} aside: two that go on would both send",
        name=source.name)  # fmt: skip
