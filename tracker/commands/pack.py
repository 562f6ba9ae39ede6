"""`duban pack`: the duties of packs by spreadsheet."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.parsing import command, option
from tracker.commands.rule_sheets import IMPORT, RuleFile, import_tables, write_tables
from tracker.registers.errors import suggest_names
from tracker.registers.pack_tables import DutyTable
from tracker.rulebook.yaml_files import rule_files


@command("pack export", all_counties=True)
@option("file", type=Path, metavar="FILE")
@option("packs", nargs="*", metavar="PACK", help="(default: those of the county)")
def export_packs(args: Namespace, context: CommandContext) -> None:
    """Write the duties of packs as .xlsx, a sheet a pack, to be edited."""
    files = _pack_files(context)
    names = args.packs or list(dict.fromkeys(duty.pack for duty in context.rulebook.duties))
    for name in names:
        if name not in files:
            raise UsageError("no pack {name!r} in rules/packs: {hint}", name=name, hint=suggest_names(name, files))
    write_tables(args.file, context.county.name, [DutyTable(files[name].yaml.data, context.county) for name in names])


@command("pack import", rows=True, all_counties=True)
@IMPORT
def import_packs(args: Namespace, context: CommandContext) -> int:
    """Make the changes of an edited .xlsx in the files of its packs, all of them or none; comments and order stay."""
    files = _pack_files(context).values()
    return import_tables(args, context, {file: [DutyTable(file.yaml.data, context.county)] for file in files})


def _pack_files(context: CommandContext) -> dict[str, RuleFile]:
    folder = context.folder if context.loaded else Path()  # what does not load is said first
    files = map(RuleFile, rule_files(folder / "rules" / "packs"))
    return {file.yaml.data["pack"]: file for file in files}
