"""`duban request key`: the keys with which the personal data of requests is encrypted."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.language import tr
from tracker.commands.output import emit, say
from tracker.commands.parsing import command, option, person
from tracker.registers.person_keys import retire_key, rotate_keys
from tracker.store.engine import Store
from tracker.store.person_keys import create_key_file, load_keys
from tracker.store.persons import count_persons_by_key

KEYS = ("key", "current", "persons")
_ACTS = ("list", "create", "rotate", "retire")


@command("request key", rows=True)
@option("act", choices=_ACTS, metavar="ACT", help="list, create, rotate (a new key for all) or retire (an older key)")
@option("key", nargs="?", default="", metavar="KEY", help="the older key to retire")
@option("--anew", action="store_true", help="create: although the key of stored data is lost for good")
@person(required=False)
def act_on_keys(args: Namespace, context: CommandContext) -> None:
    """List, make, rotate and retire the keys of personal data."""
    path = context.folder / context.loaded.schedule.persons.key_file
    if bool(args.key) != (args.act == "retire"):
        raise UsageError("a key is named to retire it, and only then: duban request key retire KEY")
    if args.act in ("rotate", "retire"):
        if not args.by:
            raise UsageError("request key {act}: give --by WHO", act=args.act)
        with context.open_store() as store:
            (_rotate if args.act == "rotate" else _retire)(args, context, store, path)
    else:
        (_list if args.act == "list" else _create)(args, context, path)


def _count_persons(context: CommandContext) -> dict[str, int]:
    if not Store(context.database).exists:
        return {}
    with context.open_store() as store, store.read() as tx:
        return count_persons_by_key(tx)


def _list(args: Namespace, context: CommandContext, path: Path) -> None:
    keys, used = load_keys(path), _count_persons(context)
    rows = [
        {"key": name, "current": name == keys.current.name, "persons": used.get(name, 0)}
        for name in sorted(keys.by_name)
    ]
    emit(KEYS, rows, args.format)
    for name in sorted(used.keys() - keys.by_name.keys()):
        say("{count} persons need the key {name}, which is missing", count=used[name], name=name)


def _create(args: Namespace, context: CommandContext, path: Path) -> None:
    used = _count_persons(context)
    if used and not args.anew:
        raise UsageError(
            "{count} persons are encrypted with {names}: bring {path} back from its copy; only where that is lost for "
            "good, --anew begins another one",
            count=sum(used.values()),
            names=", ".join(used),
            path=path,
        )
    keys = create_key_file(path, context.now.date())
    say("{path} is made with the key {key}", path=path, key=keys.current.name)
    _ask_for_copy()


def _ask_for_copy() -> None:
    say("copy the file now to where no copy of the database lies: without it the data cannot be read again")


def _rotate(args: Namespace, context: CommandContext, store: Store, path: Path) -> None:
    done = rotate_keys(store, path, args.by, context.now, context.now.date())
    if done.has_new_key:
        say("{path} has the new key {key}", path=path, key=done.key)
        _ask_for_copy()
    say("{count} persons are encrypted with {key} now", count=done.rows, key=done.key)
    for name in sorted(load_keys(path).by_name.keys() - {done.key}):
        say(
            "{name} is needed by no row any more, only by older copies of the database (request key retire {name})",
            name=name,
        )


def _retire(args: Namespace, context: CommandContext, store: Store, path: Path) -> None:
    print(tr(retire_key(store, path, args.key, args.by, context.now).message))
