"""`duban init`: writes rules, schedule and the file of a county into a folder; at a terminal it asks what to write."""

from __future__ import annotations

import re
import shutil
import sys
from argparse import Namespace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker.commands.context import CommandContext, UsageError, shipped
from tracker.commands.language import tr
from tracker.commands.outline import Outline, list_missing_departments, write_outline
from tracker.commands.output import say, write_file
from tracker.commands.parsing import command, exclusive, now_option, option
from tracker.core.law.county import FILL_IN
from tracker.registers.county_sheet import (
    COLUMN_HEADS,
    COLUMNS,
    DEPARTMENT_HEADS,
    DEPARTMENTS,
    FACT_HEADS,
    FACTS,
    CountySheet,
    read_county_sheet,
)
from tracker.registers.errors import RegisterError
from tracker.rulebook.offered import list_offered_packs
from tracker.rulebook.scalars import is_slug

ZONE = ZoneInfo("Asia/Shanghai")
_UNNAMED = f"{FILL_IN}县"
#: The lines of schedule.yaml that send mail through a server.
_DELIVERY = {
    "  via: ": "smtp",
    "    host: ": "{host}",
    "    port: ": "{port}",
    "    tls: ": "{tls}",
    "  sender: ": "{sender}",
}
#: The port on which a mail server speaks TLS from the first byte (RFC 8314).
_SUBMISSIONS = "465"
#: A server on this machine rarely has a certificate, and nobody listens between.
_LOOPBACK = ("localhost", "127.0.0.1")


@command("init")
@option("folder", nargs="?", default=".", metavar="DIR")
@option("--name", metavar="NAME", help="what the county is called (--county: its ID)")
@exclusive(
    option("--sample", action="store_true", help="the demo's sample county instead, with its plan of 2015"),
    option("--from", dest="sheet", type=Path, metavar="FILE", help="departments, contacts, columns: .xlsx or .csv"),
    option("--form", type=Path, metavar="FILE", help="write an empty .xlsx for --from, and nothing else"),
)
@now_option(metavar="DAY", help="as if it were then: the day from which is supervised")
def init(args: Namespace, context: CommandContext) -> None:
    if args.form is not None:
        _write_form(args.form)
        return
    folder = Path(args.folder)
    _refuse_present(folder)
    outline = None if args.sample else _make_outline(args, context.instant(ZONE).date())
    _refuse_present(folder)  # a person may have thought for long
    _copy_rules(folder, with_counties=args.sample)
    county = "sample"
    if outline is not None:
        county = outline.id
        file = folder / "rules" / "counties" / county / "county.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(write_outline(outline), "utf-8")
        if outline.sheet is not None and (server := outline.sheet.facts.get("smtp", "")):
            _send_through(folder / "schedule.yaml", server, outline.sheet.facts.get("office_mail", ""))
    say("wrote rules/ and schedule.yaml to {folder}", folder=folder.resolve())
    if outline is not None and (missing := list_missing_departments(outline)):
        say(
            "not in the list of departments, but named by the packs, and so written into county.yaml to be filled in: "
            "{missing}; if one of them has another name here, change its name and keep its ID",
            missing="、".join(f"{one.name} ({one.id})" for one in missing),
        )
    say(
        "next: fill in rules/counties/{county}/county.yaml, then `duban check`, `duban doctor`, `duban once`, "
        "`duban columns enrol`, `duban run`",
        county=county,
    )


def _refuse_present(folder: Path) -> None:
    present = [name for name in ("rules", "schedule.yaml") if (folder / name).exists()]
    if present:
        raise UsageError(
            "{folder}: {present} already there; nothing was written", folder=folder, present=tr(" and ").join(present)
        )


def _copy_rules(folder: Path, *, with_counties: bool) -> None:
    source = shipped()
    folder.mkdir(parents=True, exist_ok=True)
    for path in [source / "schedule.yaml", *sorted((source / "rules").rglob("*.*"))]:
        place = path.relative_to(source)  # contents alone: the modes are those of new files
        if path.is_file() and (with_counties or "counties" not in place.parts):
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / place)


def _make_outline(args: Namespace, start: date) -> Outline:
    """The county in shadow mode, supervised from that day on: from a sheet, from what a person says at the terminal, or
    empty. Raises UsageError for an ID or a name that cannot be written into a rule file."""
    id, name = args.county or "county", args.name
    if not is_slug(id):
        raise UsageError(
            "--county {county}: an ID has lower-case letters and digits, joined by single hyphens", county=id
        )
    if name is not None:
        check_name(name)
    sheet = _read_sheet(args.sheet) if args.sheet else None
    if sheet is not None and name is None and (said := sheet.facts.get("name", "")):
        name = check_name(said)
    if sys.stdin.isatty() and (sheet is not None or not (args.name or args.county)):
        from tracker.commands.init_dialogue import ask_outline

        return ask_outline(Outline(id, name or "", start, sheet or CountySheet()))
    if sheet is None:
        return Outline(id, name or _UNNAMED, start)
    packs = [pack for pack in list_offered_packs(shipped() / "rules/packs", start) if pack.is_usual]
    return Outline(id, name or _UNNAMED, start, sheet, packs)


def check_name(name: str) -> str:
    """The name, if a rule file can hold it. Raises UsageError."""
    if not name.strip() or "$" in name:
        raise UsageError(
            "--name {name!r}: write what the county is called, such as {example}", name=name, example="样例县"
        )
    return name.strip()


def _read_sheet(path: Path) -> CountySheet:
    """The county of a file. Raises UsageError with every error by sheet and line."""
    try:
        return read_county_sheet(path.read_bytes())
    except OSError as error:
        raise UsageError("{file}: {why}", file=path, why=tr(error.strerror or str(error))) from None
    except RegisterError as error:
        raise UsageError("{file}: {why}", file=path, why=error.args[0]) from None


def _send_through(schedule: Path, server: str, sender: str) -> None:
    """Have mail sent through that server, `host` or `host:port`, under the office's address."""
    host, _, port = server.partition(":")
    tls = "none" if host in _LOOPBACK else "implicit" if port == _SUBMISSIONS else "starttls"
    values = {"host": host, "port": port or "587", "tls": tls, "sender": sender}
    text = schedule.read_text("utf-8")
    for key, value in _DELIVERY.items():
        if filled := value.format(**values):
            line = f"{key}{filled}".replace("\\", "")
            text = re.sub(rf"(?m)^{key}\S.*?(?=\s+#|$)", line, text, count=1)
    schedule.write_text(text, "utf-8")


def _write_form(path: Path) -> None:
    """Write the workbook that --from reads, to be filled in."""
    from tracker.reports.list_sheet import ListColumn, ListSheet, write_lists

    if path.suffix.lower() != ".xlsx":
        raise UsageError("--form {path}: name it .xlsx", path=path)
    if path.exists():
        raise UsageError(
            "{folder}: {present} already there; nothing was written", folder=path.parent, present=path.name
        )
    facts = [[heads[0], ""] for heads in FACT_HEADS.values()]
    sheets = [ListSheet(FACTS, FACTS, [ListColumn("项目", 18), ListColumn("内容", 40)], facts)]
    for name, heads in ((DEPARTMENTS, DEPARTMENT_HEADS), (COLUMNS, COLUMN_HEADS)):
        columns = [ListColumn(names[0], 22) for names in heads.values()]
        sheets.append(ListSheet(name, name, columns, [[""] * len(columns)] * 3))
    write_file(path, write_lists("县情况表", sheets))
    say("{path}: fill it in, then: duban init --from {path}", path=path)
