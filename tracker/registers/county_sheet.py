"""Reads a county from a spreadsheet: 本县 (facts), 单位 (departments and contacts), 栏目 (columns of its site)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.core.values.message import Message
from tracker.evidence.attachments.readers.sheet_rows import BadTable, Table, list_filled_sheets, read_table
from tracker.registers.errors import RegisterError, suggest_names
from tracker.registers.eventrows import format_cell, normalize_head
from tracker.registers.sheet_records import OWN_HEADS, read_records, row_error, split_names
from tracker.rulebook.offered import name_column, name_department, usual_aliases
from tracker.rulebook.scalars import is_slug

FACTS, DEPARTMENTS, COLUMNS = "本县", "单位", "栏目"
#: The facts of the first sheet by their key: what stands in its first column.
FACT_HEADS: Mapping[str, tuple[str, ...]] = {
    "name": ("县名", "名称", "县区名称"),
    "site": ("网站地址", "网站首页", "县政府网站", "网址"),
    "office": ("主管科室", "科室", "政务公开科室"),
    "office_mail": ("科室邮箱", "主管科室邮箱", "邮箱"),
    "person": ("联系人",),
    "tel": ("联系电话", "电话"),
    "supervisor": ("分管领导",),
    "supervisor_mail": ("分管领导邮箱",),
    "smtp": ("邮件服务器",),
}
#: The head of the first sheet's first column.
_FACT_COLUMN = ("项目", "item")
#: The heads of the other sheets; the first of each stands in the form.
DEPARTMENT_HEADS: Mapping[str, tuple[str, ...]] = {
    "name": ("单位名称", "单位", "部门", "部门名称", "name"),
    "id": ("代号", "id"),
    "aliases": ("别名", "其他名称", "简称", "aliases"),
    "liaison": ("联络员", "联络员姓名"),
    "liaison_mail": ("联络员邮箱", "联络员邮件"),
    "liaison_phone": ("联络员手机", "联络员电话"),
    "lead": ("分管负责人", "负责人", "分管领导"),
    "lead_mail": ("分管负责人邮箱", "负责人邮箱", "分管领导邮箱"),
    "lead_phone": ("分管负责人手机", "负责人手机", "分管领导手机"),
}
COLUMN_HEADS: Mapping[str, tuple[str, ...]] = {
    "title": ("栏目名称", "栏目", "title"),
    "url": ("网址", "地址", "栏目网址", "url"),
    "id": ("代号", "id"),
    "kind": ("形式", "kind"),
}
#: What a row of the third sheet is, and where it stands in the county's file.
COLUMN_KINDS: Mapping[str, str] = {"列表": "columns", "单页": "pages"}
_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>.]+(\.[^@\s<>.]+)+")


@dataclass(frozen=True, slots=True)
class SheetContact:
    """A person who gets mails; what the sheet leaves out is empty."""

    name: str = ""
    mail: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SheetDepartment:
    """A department with its contacts. `id`: as given, else pinyin of a usual name, else numbered."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    liaison: SheetContact = SheetContact()
    lead: SheetContact = SheetContact()


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of the county's site. `id`: as given, else that of a pack that looks at such a one, else numbered.
    `also`: the ids of columns that are looked at with it. `is_page`: it is one page, no list."""

    id: str
    title: str
    url: str
    also: tuple[str, ...] = ()
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class CountySheet:
    """What a spreadsheet says of a county. `facts`: by the keys of FACT_HEADS, those that are filled in."""

    facts: Mapping[str, str] = field(default_factory=dict)
    departments: tuple[SheetDepartment, ...] = ()
    columns: tuple[SheetColumn, ...] = ()


def read_county_sheet(body: bytes) -> CountySheet:
    """The county of a workbook with the sheets 本县, 单位 and 栏目, any of which may be left out; a CSV file holds
    departments alone. Raises RegisterError with every error by sheet and line."""
    errors: list[Message] = []
    if not body.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _checked(
            CountySheet(departments=_departments(_read_sheet(body, None, DEPARTMENTS, errors), errors)), errors
        )
    sheets = read_sheets(body, (FACTS, DEPARTMENTS, COLUMNS), errors)
    facts = _facts(sheets[FACTS], errors)
    departments = _departments(sheets[DEPARTMENTS], errors)
    columns = _columns(sheets[COLUMNS], errors)
    return _checked(CountySheet(facts, departments, columns), errors)


def build_departments(names: Iterable[str]) -> tuple[SheetDepartment, ...]:
    """Departments of which only the names are known."""
    made: dict[str, SheetDepartment] = {}
    for name in names:
        id = name_department(name, made)
        made[id] = SheetDepartment(id, name, usual_aliases(id, name))
    return tuple(made.values())


def _checked(sheet: CountySheet, errors: Sequence[Message]) -> CountySheet:
    if errors:
        raise RegisterError(Message.lines(errors))
    return sheet


def read_sheets(body: bytes, names: Sequence[str], errors: list[Message]) -> dict[str, Table]:
    """The sheets of a workbook by name, empty where it has none of that name. An error where nothing can be read, and
    where a sheet of another name holds something while one of these is missing: it may be that one, renamed."""
    expected = "、".join(names)
    try:
        filled = list_filled_sheets(body)
    except BadTable as error:
        errors.append(Message("{sheet}: {error}", sheet=expected, error=error.args[0]))
        return dict.fromkeys(names, Table(()))
    missing = [name for name in names if name not in filled]
    unknown = [name for name in filled if name not in names]
    if unknown and missing:
        text = Message(
            "not read: the sheet {unknown}. Sheets are known by their names: {expected}; not there: {missing}. Give it "
            "its name again, or delete it from the workbook",
            unknown="、".join(unknown),
            expected=expected,
            missing="、".join(missing),
        )
        errors.append(text)
    elif not filled:
        errors.append(
            Message("nothing to read: it has none of the sheets {sheets}, or they are empty", sheets=expected)
        )
    return {name: _read_sheet(body, name, name, errors) if name in filled else Table(()) for name in names}


def _read_sheet(body: bytes, sheet: str | None, shown: str, errors: list[Message]) -> Table:
    """A sheet, called `shown` in errors."""
    try:
        return read_table(body, sheet)
    except BadTable as error:
        errors.append(Message("{sheet}: {error}", sheet=shown, error=error.args[0]))
        return Table(())


def _facts(table: Table, errors: list[Message]) -> dict[str, str]:
    keys = {head: key for key, heads in FACT_HEADS.items() for head in (key, *heads)}
    facts: dict[str, str] = {}
    for row in table.rows:
        texts = [format_cell(cell) for cell in row.cells]
        key = keys.get(normalize_head(texts[0])) if texts else None
        value = texts[1] if len(texts) > 1 else ""
        if key is None and value and normalize_head(texts[0]) not in (*OWN_HEADS, *_FACT_COLUMN):
            known = [name for names in FACT_HEADS.values() for name in names]
            unknown = Message(
                "{name!r} is no line of this sheet: {hint}", name=texts[0], hint=suggest_names(texts[0], known)
            )
            errors.append(row_error(FACTS, row.line, unknown))
        if key is None or not value:
            continue
        facts[key] = value
        if key.endswith("_mail"):
            errors += _mail_errors(FACTS, row.line, value)
        if key == "site":
            errors += _url_errors(FACTS, row.line, value)
    return facts


def _departments(table: Table, errors: list[Message]) -> tuple[SheetDepartment, ...]:
    made: dict[str, SheetDepartment] = {}
    for record in read_records(table, DEPARTMENTS, DEPARTMENT_HEADS, ("name",), errors):
        line, cells = record.line, dict.fromkeys(DEPARTMENT_HEADS, "") | dict(record.cells)
        name, id = cells["name"], cells["id"]
        errors += _id_errors(DEPARTMENTS, line, id, made)
        if name in {one.name for one in made.values()}:
            errors.append(row_error(DEPARTMENTS, line, Message("{name} stands in two rows", name=name)))
        for key in ("liaison_mail", "lead_mail"):
            errors += _mail_errors(DEPARTMENTS, line, cells[key]) if cells[key] else ()
        id = id if id and id not in made else name_department(name, made)
        aliases = tuple(split_names(cells["aliases"])) or usual_aliases(id, name)
        contacts = (
            SheetContact(cells[role], cells[f"{role}_mail"], cells[f"{role}_phone"]) for role in ("liaison", "lead")
        )
        made[id] = SheetDepartment(id, name, aliases, *contacts)
    return tuple(made.values())


def _columns(table: Table, errors: list[Message]) -> tuple[SheetColumn, ...]:
    made: dict[str, SheetColumn] = {}
    for record in read_records(table, COLUMNS, COLUMN_HEADS, ("title", "url"), errors):
        line, cells = record.line, dict.fromkeys(COLUMN_HEADS, "") | dict(record.cells)
        errors += _id_errors(COLUMNS, line, cells["id"], made)
        if not cells["url"].startswith("/"):
            errors += _url_errors(COLUMNS, line, cells["url"])
        id = cells["id"] if cells["id"] and cells["id"] not in made else name_column(cells["title"], made)
        try:
            group = find_column_kind(cells["kind"])
        except RegisterError as error:
            errors.append(row_error(COLUMNS, line, error.args[0]))
            continue
        made[id] = SheetColumn(id, cells["title"], cells["url"], is_page=group == "pages")
    return tuple(made.values())


def find_column_kind(text: str) -> str:
    """Where the county's file has a column of this kind: in `columns`, or as a single page in `pages`. Raises
    RegisterError."""
    kind = text or next(iter(COLUMN_KINDS))
    if kind not in COLUMN_KINDS:
        known = "、".join(COLUMN_KINDS)
        raise RegisterError("{name!r} is no form of a column: write {hint}", name=text, hint=known)
    return COLUMN_KINDS[kind]


def _id_errors(sheet: str, line: int, id: str, taken: Mapping[str, object]) -> Iterator[Message]:
    if id and not is_slug(id):
        text = Message("{id!r} is no ID: lower-case letters and digits, joined by single hyphens", id=id)
        yield row_error(sheet, line, text)
    elif id in taken:
        yield row_error(sheet, line, Message("the ID {id} stands in two rows", id=id))


def _mail_errors(sheet: str, line: int, mail: str) -> Iterator[Message]:
    if not is_mail(mail):
        yield row_error(sheet, line, Message("{mail!r} is no mail address; write name@host", mail=mail))


def _url_errors(sheet: str, line: int, url: str) -> Iterator[Message]:
    if not re.match(r"https?://[^\s/]+", url):
        yield row_error(
            sheet, line, Message("{url!r} is no address; write it whole, as http://… or https://…", url=url)
        )


def is_mail(text: str) -> bool:
    """Whether a mail can be addressed so."""
    return _MAIL.fullmatch(text) is not None
