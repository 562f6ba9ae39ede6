"""Writes the file of a new county: the outline to be filled in, or with what was said of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from string import Template
from urllib.parse import urlsplit, urlunsplit

from tracker.core.law.county import FILL_IN
from tracker.registers.county_sheet import CountySheet, SheetColumn, SheetContact, SheetDepartment
from tracker.rulebook.offered import COLUMN_NAMES, DEPARTMENT_NAMES, OfferedPack, full_name

_SKELETON = Path(__file__).parent / "skeleton.yaml"
#: What lies there cannot be reached, and is named by `duban check` until it is filled in.
_NOWHERE = "fill-in.invalid"


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a new county. `is_private`: its site stands on a private address."""

    id: str
    name: str
    start: date
    sheet: CountySheet | None = None
    packs: Sequence[OfferedPack] = ()
    is_private: bool = False


def write_outline(outline: Outline) -> str:
    """The text of county.yaml. What nobody said is left to be filled in; without a sheet nearly all of it is."""
    head = {"id": outline.id, "name": _quoted(outline.name), "start": outline.start.isoformat()}
    text = Template(_SKELETON.read_text("utf-8")).substitute(head)
    if outline.sheet is None:
        return text
    departments = [*outline.sheet.departments, *list_missing_departments(outline)]
    departments = departments or [SheetDepartment("example", f"{FILL_IN}局")]
    blocks = {
        "packs": [f"packs: [{', '.join(pack.name for pack in outline.packs)}]"],
        "departments": ["departments:", *(_department(one) for one in departments)],
        "roles": ["roles:", *_roles(outline.sheet)],
        "channels": list(_site(outline.sheet, outline.packs)),
    }
    for key, lines in blocks.items():
        text = _put(text, key, lines)
    return text.rstrip("\n") + "\n" + "".join(f"\n{block}\n" for block in _rest(outline))


def _put(text: str, key: str, lines: Iterable[str]) -> str:
    """The text with other lines in place of a key's, which end at the next blank line."""
    return re.sub(rf"(?ms)^{key}:.*?(?=\n\n|\n*\Z)", lambda _: "\n".join(lines), text, count=1)


def list_missing_departments(outline: Outline) -> list[SheetDepartment]:
    """The departments that the packs name and nobody gave."""
    given = {one.id for one in outline.sheet.departments} if outline.sheet is not None else set()
    named = {name for pack in outline.packs for name in pack.departments if name in DEPARTMENT_NAMES}
    return [SheetDepartment(id, full_name(id)) for id in sorted(named - given)]


def _department(one: SheetDepartment) -> str:
    contacts = "".join(
        f"\n    {role}: {_contact(contact, f'{one.id}-{role}')}"
        for role, contact in (("liaison", one.liaison), ("lead", one.lead))
    )
    aliases = f"\n    aliases: [{', '.join(map(_quoted, one.aliases))}]" if one.aliases else ""
    return f"  {one.id}:\n    name: {_quoted(one.name)}{aliases}{contacts}"


def _contact(contact: SheetContact, box: str) -> str:
    phone = f", phone: {_quoted(contact.phone)}" if contact.phone else ""
    mail = contact.mail or f"{box}@{_NOWHERE}"
    return f"{{name: {_quoted(contact.name or FILL_IN)}, mail: {_quoted(mail)}{phone}}}"


def _roles(sheet: CountySheet) -> Iterator[str]:
    facts = sheet.facts
    office = {
        "name": facts.get("office", "县政府办公室政务公开科"),
        "person": facts.get("person", FILL_IN),
        "tel": facts.get("tel", FILL_IN),
        "mail": facts.get("office_mail", f"office@{_NOWHERE}"),
    }
    supervisor = {
        "name": facts.get("supervisor", "县政府分管领导"),
        "mail": facts.get("supervisor_mail", f"supervisor@{_NOWHERE}"),
    }
    for role, fields in (("county-office", office), ("supervisor", supervisor)):
        yield f"  {role}: {{{', '.join(f'{key}: {_quoted(value)}' for key, value in fields.items())}}}"


def _site(sheet: CountySheet, packs: Sequence[OfferedPack]) -> Iterator[str]:
    """The county's site with its columns: those that are known, and those that the packs look at besides."""
    wanted = list(dict.fromkeys(column for pack in packs for column in pack.columns))
    known = {one.id for one in sheet.columns}
    missing = [
        SheetColumn(name, f"{FILL_IN}栏目（{COLUMN_NAMES.get(name, (name,))[0]}）", f"/{name}/")
        for name in wanted
        if name not in known
    ]
    base = sheet.facts.get("site", "")
    columns = [*sheet.columns, *missing] or [SheetColumn("news", f"{FILL_IN}栏目", "/news/")]
    yield "channels:"
    yield "  county-site:"
    yield "    title: 县政府网站"
    yield f"    base: {_quoted(base or f'https://www.{_NOWHERE}/')}"
    yield "    own: true"
    for key, is_page in (("columns", False), ("pages", True)):
        lines = [
            f"      {one.id}: {{title: {_quoted(one.title)}, url: {_quoted(_below(base, one.url))}{_with(one)}}}"
            for one in columns
            if one.is_page is is_page
        ]
        if lines:
            yield from (f"    {key}:", *lines)


def _with(column: SheetColumn) -> str:
    """The columns that are looked at with a column."""
    return f", also: [{', '.join(column.also)}]" if column.also else ""


def _below(base: str, url: str) -> str:
    """The address without the site's own, where it lies on the site."""
    here, there = urlsplit(base), urlsplit(url)
    return url if here[:2] != there[:2] else urlunsplit(("", "", *there[2:]))


def _rest(outline: Outline) -> Iterator[str]:
    """What the packs leave to the county: groups, the departments concerned, and days that lie before its start."""
    if outline.is_private:
        yield "# 网站在内网地址上。\nallow_private: true"
    groups = sorted({name for pack in outline.packs for name in pack.departments if name not in DEPARTMENT_NAMES})
    if groups:
        lines = "\n".join(f"  {name}: []" for name in groups)
        yield f"# 规则包提到的单位组（如 budget-units：单独公开预决算的所属单位），没有的留空。\ngroups:\n{lines}"
    if concerned := [duty for pack in outline.packs for duty in pack.concerned]:
        lines = "\n".join(f"  {duty}: {{departments: []}}" for duty in concerned)
        yield f"# 规则包没有写明承担单位的事项，由本县写明：写单位代号，没有承担单位的留空。\noverrides:\n{lines}"
    lists = [(pack.name, name) for pack in outline.packs for name in pack.lists]
    if lists:
        by = _next_quarter_end(outline.start)
        packs = dict.fromkeys(pack for pack, _ in lists)
        lines = "\n".join(
            f"  {pack}:\n" + "\n".join(_reading(name, by) for of, name in lists if of == pack) for pack in packs
        )
        yield (
            "# 公开指南、公开目录等长期公开的内容：规则包所定日期早于本县开始督办之日，只显示、不督办，\n"
            "# 所以由本县另定公布到位的日期。"
            f"\nreadings:\n{lines}"
        )


def _reading(name: str, by: date) -> str:
    basis = "本县开始督办后一个季度末前公布到位，此后每季度核对"
    return (
        f"    {name}:\n      assumed: true\n      basis: {basis}\n"
        f"      deadline: [{{by: {by}}}, {{every: quarter, upkeep: true}}]"
    )


def _next_quarter_end(start: date) -> date:
    """The last day of the quarter after the one in which the day lies."""
    month = (start.month - 1) // 3 * 3 + 7
    year, month = start.year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1) - timedelta(days=1)


def _quoted(text: str) -> str:
    return json.dumps(text.strip().replace("$", "＄"), ensure_ascii=False)  # ${NAME} would be filled in
