"""Writes a rule file as a workbook, and makes the changes of an edited workbook in the file."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.language import tr
from tracker.commands.output import emit, row_of, say, write_file
from tracker.commands.parsing import option, options
from tracker.core.values.message import Message
from tracker.evidence.attachments.readers.sheet_rows import MAX_BYTES
from tracker.evidence.disk import replaced
from tracker.registers.county_sheet import read_sheet_of
from tracker.registers.rule_table import Change, RuleTable, apply_changes, compare_table
from tracker.registers.sheet_records import cell_error
from tracker.rulebook.document import Document
from tracker.rulebook.errors import RuleError, RuleErrors
from tracker.rulebook.load import load_rules
from tracker.rulebook.yaml_edit import YamlText
from tracker.rulebook.yaml_files import parse

COLUMNS = ("sheet", "row", "entry", "field", "change", "before", "after")
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


def read_text(path: Path) -> str:
    """The text of a rule file that is known to load."""
    return path.read_bytes().decode("utf-8")


def import_tables(args: Namespace, context: CommandContext, path: Path, text: str, tables: Sequence[RuleTable]) -> int:
    """Make the changes of the workbook in the rule file at `path`, all of them or none, and print them."""
    errors: list[Message] = []
    body = _read_body(args.file)
    changes: list[Change] = []
    is_read = False
    for table in tables:
        given = read_sheet_of(body, table.sheet, table.sheet, errors)
        is_read = is_read or bool(given.rows)
        changes += compare_table(table, given, remove=args.remove, errors=errors)
    if not is_read and not errors:
        sheets = "、".join(table.sheet for table in tables)
        errors.append(Message("nothing to read: it has none of the sheets {sheets}, or they are empty", sheets=sheets))
    file = YamlText(text.removeprefix("\ufeff"))
    if not errors:
        apply_changes(file, changes, errors)
    edited = text[: len(text) - len(text.removeprefix("\ufeff"))] + file.text
    if not errors and edited != text:
        errors += _find_faults(context.folder, path, edited, changes)
    if errors:
        raise UsageError("{file}: {why}", file=args.file, why=Message.lines(errors))
    if changes or args.format != "table":
        emit(COLUMNS, (row_of(change, COLUMNS, {"row": change.line}) for change in changes), args.format)
    missing = sum(change.change == "missing" for change in changes)
    if missing:
        say("{count} are not in the sheet and stay; --remove takes them out", count=missing)
    if edited == text:
        say("{path}: nothing to change", path=path)
    elif args.dry_run:
        say("{path}: {count} changes; nothing was written", path=path, count=len(changes) - missing)
    else:
        _replace_file(path, text, edited)
        say("{path}: {count} changes written; next: duban check", path=path, count=len(changes) - missing)
    return 0


def _read_body(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            body = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError("{file}: {why}", file=path, why=tr(error.strerror or str(error))) from None
    if not body.startswith(b"PK\x03\x04"):
        raise UsageError("{file}: no .xlsx; save it as one", file=path)
    return body


def _find_faults(root: Path, path: Path, text: str, changes: Sequence[Change]) -> list[Message]:
    """What the loader says of the rules with the edited file in its place, by cell where a cell is the cause."""
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        shutil.copytree(root / "rules", there / "rules")
        shutil.copyfile(root / "schedule.yaml", there / "schedule.yaml")
        (there / path.relative_to(root)).write_bytes(text.encode("utf-8"))
        try:
            load_rules(there, os.environ)
        except RuleErrors as found:
            errors = found.errors
        else:
            return []
    document = parse(text.removeprefix("\ufeff"), Document("", []))
    cells = {
        position: change
        for change in changes
        if change.change in ("added", "changed")
        for loc in (change.root, *(loc for loc, _ in change.edits))
        for position in (document.values.get(loc), document.keys.get(loc))
        if position
    }
    return [_describe(error, cells.get((error.line, error.column)), str(there), str(root)) for error in errors]


def _describe(error: RuleError, change: Change | None, there: str, root: str) -> Message:
    if change is not None:
        placed = error.message
        if error.allowed:
            allowed = Message.joined(", ", error.allowed)
            placed = Message("{message} (allowed: {allowed})", message=error.message, allowed=allowed)
        return cell_error(change.sheet, change.address, change.field or change.entry, placed)
    return RuleError(error.path.replace(there, root), error.line, error.column, error.message, error.allowed).text


def _replace_file(path: Path, before: str, after: str) -> None:
    """Put the new text in the place of the old one, so that a crash leaves the one or the other."""
    target = path.resolve()
    if read_text(target) != before:
        raise UsageError("{path}: somebody changed it meanwhile; nothing was written", path=path)
    with replaced(target, stat.S_IMODE(target.stat().st_mode)) as out:
        out.write(after.encode("utf-8"))
