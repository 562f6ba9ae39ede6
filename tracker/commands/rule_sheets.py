"""Writes rule files as a workbook, and makes the changes of an edited workbook in the files."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from argparse import Namespace
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.language import tr
from tracker.commands.output import emit, row_of, say, write_file
from tracker.commands.parsing import option, options
from tracker.core.values.message import Message
from tracker.core.values.near import find_near
from tracker.evidence.attachments.readers.sheet_rows import MAX_BYTES
from tracker.evidence.disk import replaced
from tracker.registers.county_sheet import DEPARTMENTS, read_sheets
from tracker.registers.rule_table import Change, RuleTable, apply_changes, compare_table
from tracker.registers.sheet_records import cell_error
from tracker.rulebook.document import Document
from tracker.rulebook.errors import RuleError, RuleErrors
from tracker.rulebook.load import load_rules
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.offered import name_department
from tracker.rulebook.yaml_edit import YamlText
from tracker.rulebook.yaml_files import parse

COLUMNS = ("sheet", "row", "entry", "field", "change", "before", "after")
#: Due days that move are shown one by one up to this number.
_SHOWN_MOVES = 10
IMPORT = options(
    option("file", type=Path, metavar="FILE"),
    option("--dry-run", action="store_true", help="show what would change, write nothing"),
    option("--remove", action="store_true", help="remove what the sheet no longer has (otherwise it stays)"),
)


def write_tables(path: Path, title: str, tables: Sequence[RuleTable]) -> None:
    """Write the tables as a workbook of a sheet each. Raises UsageError."""
    from tracker.reports.list_sheet import ListColumn, ListSheet, write_lists

    if path.suffix.lower() != ".xlsx":
        raise UsageError("{path}: name it .xlsx", path=path)
    if path.exists():
        raise UsageError(
            "{folder}: {present} already there; nothing was written", folder=path.parent, present=path.name
        )
    sheets = []
    for table in tables:
        columns = [ListColumn(one.heads[0], one.width, note=one.note) for one in table.columns.values()]
        rows = [[cells.get(column, "") for column in table.columns] for cells in table.rows.values()]
        sheets.append(ListSheet(table.sheet, f"{title}·{table.sheet}", columns, rows, hint=table.hint))
    write_file(path, write_lists(title, sheets))


class RuleFile:
    """A rule file that is known to load, and its text as it is edited."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before = _read_text(path)
        self._mark = "\ufeff" if self.before.startswith("\ufeff") else ""
        self.yaml = YamlText(self.before.removeprefix(self._mark))

    @property
    def edited(self) -> str:
        return self._mark + self.yaml.text


def import_tables(args: Namespace, context: CommandContext, files: Mapping[RuleFile, Sequence[RuleTable]]) -> int:
    """Make the changes of the workbook in the rule files, all of them or none, and print them."""
    errors: list[Message] = []
    body = _read_body(args.file)
    changes: dict[RuleFile, list[Change]] = {}
    sheets = read_sheets(body, [table.sheet for tables in files.values() for table in tables], errors)
    for file, tables in files.items():
        changes[file] = []
        for table in tables:
            changes[file] += compare_table(table, sheets[table.sheet], remove=args.remove, errors=errors)
    if not errors:
        for file in files:
            apply_changes(file.yaml, changes[file], errors)
    edited = {file: changes[file] for file in files if file.edited != file.before}
    notes: list[Message] = []
    loaded = _load_edited(context.folder, edited, errors, notes) if edited and not errors else None
    if errors:
        raise UsageError("{file}: {why}", file=args.file, why=Message.lines(errors))
    _print_changes(args, [change for each in changes.values() for change in each])
    _say_new_departments(context, [change for each in changes.values() for change in each])
    if loaded is not None:
        _say_moves(context, loaded)
    for note in notes:
        say("an example that no longer holds, to be changed in the file: {error}", error=note)
    if not edited:
        say("{path}: nothing to change", path=args.file)
    elif args.dry_run:
        for file, made in edited.items():
            say("{path}: {count} changes; nothing was written", path=file.path, count=_count(made))
    else:
        _write_files(edited)
    return 0


def _count(changes: Sequence[Change]) -> int:
    return sum(change.change != "missing" for change in changes)


def _print_changes(args: Namespace, changes: Sequence[Change]) -> None:
    if changes or args.format != "table":
        emit(COLUMNS, (row_of(change, COLUMNS, {"row": change.line}) for change in changes), args.format)
    missing = sum(change.change == "missing" for change in changes)
    if missing:
        say("{count} are not in the sheet and stay; --remove takes them out", count=missing)


def _say_new_departments(context: CommandContext, changes: Sequence[Change]) -> None:
    """Name each department that the county does not have yet, with those whose name comes close: it may be mistyped."""
    departments = context.county.departments
    known = {name: one.name for one in departments.values() for name in one.names}
    for change in changes:
        if change.sheet != DEPARTMENTS or change.change != "added":
            continue
        near = dict.fromkeys(known[name] for name in find_near(change.entry, known))
        if usual := departments.get(name_department(change.entry, ())):
            near[usual.name] = None
        say("a new department: {name}, ID {id}", name=change.entry, id=change.root[-1])
        if near:
            say("  did you mean {names}? Then write that one's ID into the row of {name}", names="、".join(near),
                name=change.entry)  # fmt: skip


def _say_moves(context: CommandContext, loaded: Loaded) -> None:
    """Say which occurrences up to a year from now the edited rules create, move and close."""
    from tracker.rulebook.diff import diff

    before = context.loaded
    books = {book.county.id: book for book in before.rulebooks}
    until = context.instant(before.schedule.zone).date() + timedelta(days=366)
    for book in loaded.rulebooks:
        found = diff(books.get(book.county.id), book, before.calendar, until)
        if not found:
            continue
        say(
            "{county}, up to {until}: {created} matters are new, {moved} change, {closed} are gone",
            county=book.county.name, until=until,
            created=len(found.created), moved=len(found.moved), closed=len(found.closed),
        )  # fmt: skip
        for move in [move for move in found.moved if "due" in move.what][:_SHOWN_MOVES]:
            say("  {key}: {before} -> {after}", key=move.new.key, before=move.old.due_on, after=move.new.due_on)


def _read_body(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            body = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError("{file}: {why}", file=path, why=tr(error.strerror or str(error))) from None
    if not body.startswith(b"PK\x03\x04"):
        raise UsageError("{file}: no .xlsx; save it as one", file=path)
    return body


def _load_edited(
    root: Path, files: Mapping[RuleFile, Sequence[Change]], errors: list[Message], notes: list[Message]
) -> Loaded | None:
    """The rules with the edited files in their places. What the loader finds wrong is an error, by cell where a cell is
    the cause; an example that does not hold is a note."""
    from tracker.rulebook.examples import check_examples

    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        shutil.copytree(root / "rules", there / "rules")
        shutil.copyfile(root / "schedule.yaml", there / "schedule.yaml")
        places = {str(there / file.path.relative_to(root)): file for file in files}
        for place, file in places.items():
            Path(place).write_bytes(file.edited.encode("utf-8"))
        try:
            loaded = load_rules(there, os.environ)
            wrong = (error for book in loaded.rulebooks for error in check_examples(book, loaded.calendar))
            notes += [_describe(error, None, str(there), str(root)) for error in wrong]
            return loaded
        except RuleErrors as found:
            cells = {place: _find_cells(file, files[file]) for place, file in places.items()}
            for error in found.errors:
                cell = cells.get(error.path, {}).get((error.line, error.column))
                errors.append(_describe(error, cell, str(there), str(root)))
            return None


def _find_cells(file: RuleFile, changes: Sequence[Change]) -> dict[tuple[int, int], tuple[str, str, str]]:
    """The sheet, cell and head that say what stands at a line and column of the edited file."""
    document = parse(file.yaml.text, Document("", []))
    said = {
        loc: (change.sheet, address, head)
        for change in changes
        if change.change in ("added", "changed")
        for loc, address, head in (
            (change.root, change.address, change.field or change.entry),
            *((edit.loc, edit.address, edit.head) for edit in change.edits),
        )
    }
    cells = {}
    for positions in (document.keys, document.values):
        for loc, position in positions.items():
            near = (loc[:length] for length in range(len(loc), 0, -1))
            if cell := next((said[one] for one in near if one in said), None):
                cells[position] = cell
    return cells


def _describe(error: RuleError, cell: tuple[str, str, str] | None, there: str, root: str) -> Message:
    if cell is not None:
        placed = error.message
        if error.allowed:
            allowed = Message.joined(", ", error.allowed)
            placed = Message("{message} (allowed: {allowed})", message=error.message, allowed=allowed)
        return cell_error(*cell, placed)
    return RuleError(error.path.replace(there, root), error.line, error.column, error.message, error.allowed).text


def _write_files(files: Mapping[RuleFile, Sequence[Change]]) -> None:
    """Put each new text in the place of the old one, so that a crash leaves the one or the other."""
    for file in files:
        if _read_text(file.path) != file.before:
            raise UsageError("{path}: somebody changed it meanwhile; nothing was written", path=file.path)
    for file, changes in files.items():
        target = file.path.resolve()
        with replaced(target, stat.S_IMODE(target.stat().st_mode)) as out:
            out.write(file.edited.encode("utf-8"))
        say("{path}: {count} changes written; next: duban check", path=file.path, count=_count(changes))


def _read_text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")
