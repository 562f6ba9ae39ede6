"""`duban county`: the county's office, departments, contacts and columns by spreadsheet."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from tracker.commands.context import CommandContext
from tracker.commands.parsing import command, option
from tracker.commands.rule_sheets import IMPORT, import_tables, read_text, write_tables
from tracker.registers.county_tables import make_county_tables
from tracker.rulebook.yaml_edit import YamlText


@command("county export")
@option("file", type=Path, metavar="FILE")
def export_county(args: Namespace, context: CommandContext) -> None:
    """Write office, departments, contacts and columns of the county as .xlsx, to be edited."""
    text = read_text(_county_file(context))
    write_tables(args.file, context.county.name, make_county_tables(YamlText(text.removeprefix("\ufeff")).data))


@command("county import", rows=True)
@IMPORT
def import_county(args: Namespace, context: CommandContext) -> int:
    """Make the changes of an edited .xlsx in the county's file, all of them or none; comments and order stay."""
    path = _county_file(context)
    text = read_text(path)
    return import_tables(args, context, path, text, make_county_tables(YamlText(text.removeprefix("\ufeff")).data))


def _county_file(context: CommandContext) -> Path:
    return context.folder / "rules" / "counties" / context.county.id / "county.yaml"
