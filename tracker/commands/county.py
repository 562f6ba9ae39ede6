"""`duban county`: the county's office, departments, contacts and columns by spreadsheet."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from tracker.commands.context import CommandContext
from tracker.commands.parsing import command, option
from tracker.commands.rule_sheets import IMPORT, RuleFile, import_tables, write_tables
from tracker.registers.county_tables import make_county_tables


@command("county export", all_counties=True)
@option("file", type=Path, metavar="FILE")
def export_county(args: Namespace, context: CommandContext) -> None:
    """Write office, departments, contacts and columns of the county as .xlsx, to be edited."""
    write_tables(args.file, context.county.name, make_county_tables(_county_file(context).yaml.data))


@command("county import", rows=True, all_counties=True)
@IMPORT
def import_county(args: Namespace, context: CommandContext) -> int:
    """Make the changes of an edited .xlsx in the county's file, all of them or none; comments and order stay."""
    file = _county_file(context)
    return import_tables(args, context, {file: make_county_tables(file.yaml.data)})


def _county_file(context: CommandContext) -> RuleFile:
    return RuleFile(context.folder / "rules" / "counties" / context.county.id / "county.yaml")
