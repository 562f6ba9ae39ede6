"""The county's file as sheets: 本县 (office, supervisor), 单位 (departments, contacts), 栏目 (columns of sites)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from tracker.registers.county_sheet import (
    COLUMN_HEADS,
    COLUMN_KINDS,
    COLUMNS,
    DEPARTMENT_HEADS,
    DEPARTMENTS,
    FACT_HEADS,
    FACTS,
    find_column_kind,
    is_mail,
)
from tracker.registers.errors import RegisterError, suggest_names
from tracker.registers.rule_table import Key, RuleTable, TableColumn
from tracker.registers.sheet_records import split_names
from tracker.rulebook.document import Loc
from tracker.rulebook.offered import name_column, name_department
from tracker.rulebook.scalars import is_slug
from tracker.rulebook.yaml_edit import value_at

#: Where the facts of the first sheet stand in the county's file; the mail server stands in schedule.yaml.
_FACT_PLACES: Mapping[str, Loc] = {
    "name": ("name",),
    "office": ("roles", "county-office", "name"),
    "office_mail": ("roles", "county-office", "mail"),
    "person": ("roles", "county-office", "person"),
    "tel": ("roles", "county-office", "tel"),
    "supervisor": ("roles", "supervisor", "name"),
    "supervisor_mail": ("roles", "supervisor", "mail"),
}
_FACT_KEYS = {head: key for key in _FACT_PLACES for head in FACT_HEADS[key]}
_CONTACT_NOTE = "职务调整、人员变动时改这里。"
_MAIL_NOTE = "写完整的邮箱，如 name@example.gov.cn。通知按此发送。"


def make_county_tables(data: Mapping[str, Any]) -> tuple[RuleTable, ...]:
    """The tables of a county's file. `data`: as the file has it, with `${NAME}` as written."""
    departments = DepartmentTable(data)
    return FactTable(data), departments, ColumnTable(data, departments)


class FactTable(RuleTable):
    """The office in charge and the supervisor: a row each."""

    sheet = FACTS
    columns: ClassVar[Mapping[str, TableColumn]] = {
        "fact": TableColumn(("项目",), 18, "不要改动这一列。"),
        "value": TableColumn(
            ("内容",), 48, "直接改写。邮件服务器、网站首页等不在此表，在 schedule.yaml 和 county.yaml 中。"
        ),
    }
    needed = ("fact",)
    key_columns = ("fact",)
    hint = "改“内容”一列即可；改好后运行 duban county import 文件名 --dry-run 看一看会改动什么。"

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__()
        for key, loc in _FACT_PLACES.items():
            self.rows[(key,)] = {"fact": FACT_HEADS[key][0], "value": value_at(data, loc) or ""}

    def key_of(self, cells: Mapping[str, str]) -> Key:
        key = _FACT_KEYS.get(cells["fact"])
        if key is None:
            hint = suggest_names(cells["fact"], _FACT_KEYS)
            raise RegisterError("{name!r} is no line of this sheet: {hint}", name=cells["fact"], hint=hint)
        return (key,)

    def root(self, key: Key) -> Loc:
        return _FACT_PLACES[key[0]]

    def place(self, key: Key, column: str) -> Loc:
        return _FACT_PLACES[key[0]]

    def parse(self, key: Key, column: str, text: str) -> Any:
        return _checked_mail(text) if "@" in text else text


class DepartmentTable(RuleTable):
    """The departments with their liaisons and leaders: a row each."""

    sheet = DEPARTMENTS
    columns: ClassVar[Mapping[str, TableColumn]] = {
        key: TableColumn(heads, width, note)
        for (key, heads), (width, note) in zip(
            DEPARTMENT_HEADS.items(),
            (
                (20, "单位全称。"),
                (13, "小写拼音，规则包里也用它。已有单位的代号不能改；新增单位可留空，由程序取名。"),
                (34, "网站标题里常用的其他叫法，用顿号隔开。"),
                (10, _CONTACT_NOTE),
                (26, _MAIL_NOTE),
                (14, "接收短信的手机，没有的留空。"),
                (11, _CONTACT_NOTE),
                (26, _MAIL_NOTE),
                (15, "接收短信的手机，没有的留空。"),
            ),
            strict=True,
        )
    }
    needed = ("name",)
    key_columns = ("id",)
    hint = (
        "一个单位一行。新增单位在下面加一行；删去一行或清空一格只会被提示，加 --remove 才会从文件中去掉。"
        "可以另加“序号”“备注”两列。"
    )
    _places: Mapping[str, Loc] = {
        "name": ("name",), "aliases": ("aliases",),
        "liaison": ("liaison", "name"), "liaison_mail": ("liaison", "mail"), "liaison_phone": ("liaison", "phone"),
        "lead": ("lead", "name"), "lead_mail": ("lead", "mail"), "lead_phone": ("lead", "phone"),
    }  # fmt: skip

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__()
        self.names: dict[str, str] = {}
        for id, department in data["departments"].items():
            cells = {column: value_at(department, loc) or "" for column, loc in self._places.items()}
            self.names |= dict.fromkeys([*(cells["aliases"] or ()), cells["name"], id], id)
            cells["aliases"] = "、".join(cells["aliases"])
            self.rows[(id,)] = {"id": id, **cells}

    def key_of(self, cells: Mapping[str, str]) -> Key:
        id, name = cells.get("id", ""), cells["name"]
        same = next((key for (key,), row in self.rows.items() if row["name"] == name), None)
        if not id:
            id = same or name_department(name, {key for (key,) in self.rows} | set(self.names.values()))
        elif not is_slug(id):
            raise RegisterError("{id!r} is no ID: lower-case letters and digits, joined by single hyphens", id=id)
        elif same is not None and (id,) not in self.rows:
            raise RegisterError(
                "{name} has the ID {same}, which facts are recorded under: put it back", name=name, same=same
            )
        self.names |= {name: id, id: id}
        return (id,)

    def root(self, key: Key) -> Loc:
        return ("departments", *key)

    def place(self, key: Key, column: str) -> Loc:
        return (*self.root(key), *self._places.get(column, ()))

    def parse(self, key: Key, column: str, text: str) -> Any:
        if column == "aliases":
            return split_names(text)
        return _checked_mail(text) if column.endswith("_mail") else text

    def find(self, name: str) -> str:
        """The ID of a department by ID, name or alias, also of one that the sheet adds. Raises RegisterError."""
        if name not in self.names:
            raise RegisterError("no department {name!r}: {hint}", name=name, hint=suggest_names(name, self.names))
        return self.names[name]


class ColumnTable(RuleTable):
    """The columns and single pages of the sites: a row each; of one with an address for each department, a row for each
    of them."""

    sheet = COLUMNS
    columns: ClassVar[Mapping[str, TableColumn]] = {
        "title": TableColumn(COLUMN_HEADS["title"], 30, "网站上栏目的名称。"),
        "url": TableColumn(COLUMN_HEADS["url"], 40, "完整网址，或以 / 开头、接在网站首页之后的部分。"),
        "id": TableColumn(COLUMN_HEADS["id"], 20, "规则包按它引用栏目。已有栏目的代号不能改；新增的可留空。"),
        "site": TableColumn(("网站", "网站代号"), 16, "county.yaml 中 channels 下的代号；新增的可留空，即县政府网站。"),
        "department": TableColumn(("单位", "所属单位"), 18, "只归某单位的栏目写单位名称或代号，其余留空。"),
        "kind": TableColumn(COLUMN_HEADS["kind"], 10, "列表：一条条信息的栏目；单页：内容就在这一页上。留空即列表。"),
    }
    needed = ("title", "url")
    key_columns = ("id", "site", "department", "kind")
    hint = (
        "一个栏目一行。改版后改“网址”；新增栏目在下面加一行；删去一行只会被提示，加 --remove 才会从文件中去掉。"
        "读法（list、interface 等）不在此表，原样保留。"
    )

    def __init__(self, data: Mapping[str, Any], departments: DepartmentTable) -> None:
        super().__init__()
        self._departments = departments
        self._sites = data["channels"]
        for kind, group in COLUMN_KINDS.items():
            for site, channel in self._sites.items():
                self._add_columns(site, kind, channel.get(group), "")
                if channel.get("per") == "department":
                    for id, department in data["departments"].items():
                        self._add_columns(site, kind, value_at(department, ("site", group)), id)

    def _add_columns(self, site: str, kind: str, columns: Mapping[str, Any] | None, owner: str) -> None:
        for id, column in (columns or {}).items():
            urls = column["url"] if isinstance(column["url"], dict) else {owner: column["url"]}
            for department, url in urls.items():
                name = self._departments.rows[(department,)]["name"] if department else ""
                self.rows[(site, COLUMN_KINDS[kind], id, department)] = {
                    "title": column.get("title") or id, "url": url, "id": id, "site": site, "department": name,
                    "kind": kind,
                }  # fmt: skip

    def key_of(self, cells: Mapping[str, str]) -> Key:
        site = cells.get("site", "") or next(name for name, one in self._sites.items() if "base" in one)
        if site not in self._sites or not {"base", "per"} & set(self._sites[site]):
            known = [name for name, one in self._sites.items() if {"base", "per"} & set(one)]
            raise RegisterError("no site {name!r}: {hint}", name=site, hint=suggest_names(site, known))
        owner = self._departments.find(cells["department"]) if cells.get("department") else ""
        group = find_column_kind(cells.get("kind", ""))
        id = cells.get("id", "")
        if not id:
            same = (
                key[2] for key, row in self.rows.items() if key[:2] == (site, group) and row["title"] == cells["title"]
            )
            id = next(same, "") or name_column(cells["title"], {key[2] for key in self.rows})
        elif not is_slug(id):
            raise RegisterError("{id!r} is no ID: lower-case letters and digits, joined by single hyphens", id=id)
        return (site, group, id, owner)

    def check_new(self, key: Key, cells: Mapping[str, str]) -> None:
        site, _, id, owner = key
        others = [one for one in self.rows if one[:3] == key[:3]]
        if not self._is_own(site) and any(bool(one[3]) != bool(owner) for one in others):
            raise RegisterError(
                "the column {id} has either one address or one for each department; both cannot be", id=id
            )
        if self._is_own(site) and not owner:
            raise RegisterError("each department has a site {name!r} of its own: write which in 单位", name=site)

    def _is_own(self, site: str) -> bool:
        return bool(self._sites[site].get("per"))

    def root(self, key: Key) -> Loc:
        owner = key[3]
        shared = sum(one[:3] == key[:3] for one in self.rows) > 1 and key in self.rows
        return (*self._entry(key), "url", owner) if owner and shared and not self._is_own(key[0]) else self._entry(key)

    def place(self, key: Key, column: str) -> Loc:
        if column == "url" and key[3] and not self._is_own(key[0]):
            return (*self._entry(key), "url", key[3])
        return (*self._entry(key), column) if column in ("title", "url") else ()

    def _entry(self, key: Key) -> Loc:
        site, group, id, owner = key
        own: Loc = ("departments", owner, "site") if self._is_own(site) else ("channels", site)
        return (*own, group, id)

    def parse(self, key: Key, column: str, text: str) -> Any:
        if column == "url" and not re.match(r"/|\$\{|https?://[^\s/]+", text):
            raise RegisterError("{url!r} is no address; write it whole, as http://… or https://…", url=text)
        return text


def _checked_mail(text: str) -> str:
    if not is_mail(text):
        raise RegisterError("{mail!r} is no mail address; write name@host", mail=text)
    return text
