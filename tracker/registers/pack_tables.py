"""A pack as a sheet: a row for each duty, and for each part of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from tracker.core.law.county import County
from tracker.registers.duty_words import Words
from tracker.registers.errors import RegisterError
from tracker.registers.names import NameTable
from tracker.registers.rule_table import Key, RuleTable, TableColumn
from tracker.rulebook.document import Loc
from tracker.rulebook.offered import COLUMN_NAMES
from tracker.rulebook.scalars import is_slug
from tracker.rulebook.yaml_edit import value_at

#: A spreadsheet takes no longer name of a sheet.
_LONGEST_SHEET = 31
_KINDS: Mapping[str, str] = {"column": "", "page": "网页：", "record": "登记："}


class DutyTable(RuleTable):
    """The duties of a pack and their parts: a row each."""

    columns: ClassVar[Mapping[str, TableColumn]] = {
        "title": TableColumn(("任务", "任务名称"), 24, "任务的名称，用自己的话写。"),
        "id": TableColumn(
            ("代号", "id"),
            20,
            "小写字母和数字，用连字符连接。已有任务的代号不能改，记录都在它名下；新增的自己取。"
            "“任务代号.分项代号”是任务的一个分项，只填任务、时限、栏目、标题用词、内容要素。",
        ),
        "clause": TableColumn(("条款",), 14, "文件的哪一条，只写条号，不抄原文。"),
        "departments": TableColumn(
            ("责任单位",), 20,
            "单位名称，用顿号隔开。“全部单位”是每个单位都要做；“有关单位”由 county.yaml 的 overrides 指定。"
            "共同承担的写“共同：甲局、乙局”；有牵头的写“牵头：甲局；配合：乙局、丙局”。",
        ),
        "deadline": TableColumn(
            ("时限",), 30,
            "每月；每季度（上期情况）；每季度后15日内；每月第10日前；每年3月31日前；2026年9月30日前；"
            "预算批复后20个工作日内；或者口径的代号。几个时限用分号隔开。"
            "括号里可写：上期情况、本期情况、可零报告、可延长15个工作日、遇休息日顺延、遇休息日不顺延。",
        ),
        "explained": TableColumn(("时限含义",), 30, "只作说明，不能改：时限一格写的是口径代号时，它是什么意思。"),
        "channels": TableColumn(("公开位置",), 16, "网站名称。须在几处都公开的写（均须），任一处即可的写（任一）。"),
        "place": TableColumn(("栏目",), 16, "栏目名称或代号，几个栏目用顿号隔开。“网页：”“登记：”开头的照样写。"),
        "words": TableColumn(("标题用词",), 30, "标题里出现哪些字才算，用竖线 | 隔开，任一即可。"),
        "contents": TableColumn(
            ("内容要素",), 44,
            "正文必须有的内容，用分号隔开；同一内容的不同叫法用斜线隔开；只是鼓励的后面写（鼓励）。"
            "有一项即可的，开头写“任一：”。花括号里的照规则文件的写法改。",
        ),
    }  # fmt: skip
    needed = ("title", "id")
    key_columns = ("id",)
    shown_columns = ("explained",)
    _places: Mapping[str, Loc] = {"words": ("evidence", "title")}
    _part_columns = ("title", "id", "deadline", "explained", "channels", "place", "words", "contents")

    def __init__(self, data: Mapping[str, Any], county: County) -> None:
        super().__init__()
        self.sheet = data["pack"][:_LONGEST_SHEET]
        self.hint = (
            f"{data['title']}。一行一项任务，新增的在下面加一行；删去一行、清空一格只会被提示，加 --remove 才会去掉。"
            "表上没有的（示例、注释等）原样保留。改好后先运行 duban pack import 文件名 --dry-run。"
        )
        self._words = _make_words(data, county)
        self._data = data
        self._roots: dict[Key, Loc] = {}
        for index, duty in enumerate(data["duties"]):
            self._add((duty["id"],), ("duties", index))
            for name in duty.get("parts", ()):
                self._add((duty["id"], name), ("duties", index, "parts", name))

    def _add(self, key: Key, root: Loc) -> None:
        self._roots[key] = root
        entry = value_at(self._data, root)
        cells = {column: self._words.write(column, entry.get(column)) for column in ("departments", "deadline")}
        cells |= {column: self._words.write(column, entry.get(column)) for column in ("channels", "contents")}
        kind = self._kind(key)
        place = value_at(entry, ("evidence", kind))
        self.rows[key] = cells | {
            "title": entry.get("title") or key[-1],
            "id": ".".join(key),
            "clause": entry.get("clause", ""),
            "explained": self._words.explain(entry["deadline"]) if "deadline" in entry else "",
            "place": _KINDS[kind] + self._words.write(kind, place) if place else "",
            "words": value_at(entry, ("evidence", "title")) or "",
        }

    def _kind(self, key: Key) -> str:
        evidence = value_at(self._data, (*self._roots.get(key, ()), "evidence")) or {}
        return next((kind for kind in _KINDS if kind in evidence), "column")

    def key_of(self, cells: Mapping[str, str]) -> Key:
        key = tuple(cells["id"].split("."))
        if not (all(map(is_slug, key)) and len(key) <= 2):
            raise RegisterError(
                "{id!r} is no ID: lower-case letters and digits, joined by single hyphens", id=cells["id"]
            )
        if key not in self._roots:
            if len(key) == 1:
                self._roots[key] = ("duties", sum(len(root) == 2 for root in self._roots.values()))
            elif key[:1] in self._roots:
                self._roots[key] = (*self._roots[key[:1]], "parts", key[1])
            else:
                raise RegisterError("no duty {id!r} above, whose part this could be", id=key[0])
        return key

    def root(self, key: Key) -> Loc:
        return self._roots[key]

    def place(self, key: Key, column: str) -> Loc:
        if column == "id" and len(key) > 1:
            return self.root(key)
        below = ("evidence", self._kind(key)) if column == "place" else self._places.get(column, (column,))
        return (*self.root(key), *below)

    def parse(self, key: Key, column: str, text: str) -> Any:
        if len(key) > 1 and column not in self._part_columns:
            raise RegisterError("this belongs into the row of the duty {id!r}, not of its part", id=key[0])
        if column == "words":
            return text.replace("｜", "|")
        if column in ("title", "id", "clause"):
            return text
        if column == "place":
            prefix = _KINDS[self._kind(key)]
            if not (text := text.replace(":", "：")).startswith(prefix) or (not prefix and "：" in text):
                raise RegisterError(
                    "{text!r}: whether a column, a 网页： or a 登记： proves it, only an editor can change", text=text
                )
            return self._words.read(self._kind(key), text[len(prefix) :], value_at(self._data, self.place(key, column)))
        return self._words.read(column, text, value_at(self._data, self.place(key, column)))


def _make_words(data: Mapping[str, Any], county: County) -> Words:
    departments = [(id, name) for id, one in county.departments.items() for name in one.names]
    span = data["in_force"]
    year = span["from"][:4] if span["from"][:4] == span["until"][:4] else ""
    return Words(
        NameTable([("all", "全部单位"), ("concerned", "有关单位"), *departments]),
        NameTable([("attested", "报备材料"), ("tracker", "本系统登记"), *county.channels.items()]),
        NameTable(_columns_of(county)),
        NameTable((id, event["title"]) for id, event in data.get("events", {}).items()),
        data.get("readings", {}),
        int(year) if year else None,
    )


def _columns_of(county: County) -> Iterator[tuple[str, str]]:
    """The columns and pages of the county by id and title, and under their usual names those that packs look at."""
    known: Iterable[tuple[str, str]] = [(one.name, one.title) for one in county.columns.values()]
    yield from known
    taken = {name for pair in known for name in pair}
    yield from ((id, names[0]) for id, names in COLUMN_NAMES.items() if not taken & {id, names[0]})
