"""What a new county is offered: the packs in force on a day with what they look at, and usual names for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tracker.rulebook.errors import RuleError
from tracker.rulebook.yaml_files import read, rule_files

#: Columns that packs look at: what a county's site usually calls each, the first standing for all.
COLUMN_NAMES: Mapping[str, tuple[str, ...]] = {
    "annual-reports": ("政府信息公开年报", "年度报告", "公开年报", "年报"),
    "guide": ("政府信息公开指南", "公开指南"),
    "catalogue": ("政府信息公开目录", "公开目录"),
    "finance": ("财政预决算", "预决算", "预算决算", "财政资金", "财政信息"),
    "audit": ("审计公开", "财政审计", "审计"),
    "documents": ("规范性文件", "政策文件", "政府文件"),
    "functions": ("机构职能", "机关职能", "机构概况", "机构设置", "部门职责"),
    "planning": ("规划计划", "规划信息", "发展规划", "规划"),
    "statistics": ("统计信息", "统计数据", "统计"),
    "permits": ("行政许可", "行政审批", "办事指南"),
    "penalties": ("行政处罚", "处罚强制", "行政执法"),
    "charges": ("行政事业性收费", "收费项目", "收费"),
    "procurement": ("政府采购", "集中采购"),
    "projects": ("重大建设项目", "重大项目", "重点项目"),
    "livelihood": ("民生信息", "民生保障", "社会保障"),
    "emergencies": ("应急管理", "应急预案", "突发事件"),
    "inspections": ("监督检查", "双随机", "执法检查"),
    "recruitment": ("公务员招考", "招考录用", "人事招考", "招考"),
    "municipal": ("市政建设", "市政服务", "城市建设"),
    "public-services": ("公共服务", "公益事业"),
    "land-taking": ("土地征收", "征地信息", "征地补偿"),
    "house-taking": ("房屋征收", "国有土地上房屋征收"),
    "public-security": ("治安管理", "社会治安"),
    "assistance": ("社会救助", "低保救助"),
}
#: Of these, what many sites have on one page in place of a list.
ONE_PAGE = frozenset({"guide"})
#: Words in the names of the columns into which a site may split one.
COLUMN_PARTS: Mapping[str, tuple[str, ...]] = {"finance": ("预算", "决算")}
#: Departments of a county: what their names hold, the usual short name first. The id is pinyin of it.
DEPARTMENT_NAMES: Mapping[str, tuple[str, ...]] = {
    "xianfuban": ("政府办", "府办"), "fagai": ("发改", "发展和改革", "发展改革"), "jiaoyu": ("教育", "教体"),
    "keji": ("科技", "科学技术"), "gongxin": ("工信", "工业和信息化"), "gongan": ("公安",), "minzheng": ("民政",),
    "sifa": ("司法",), "caizheng": ("财政",), "renshe": ("人社", "人力资源和社会保障"), "ziran": ("自然资源",),
    "shengtai": ("生态环境",), "zhujian": ("住建", "住房和城乡建设"), "jiaotong": ("交通",),
    "shuili": ("水利", "水务"), "nongye": ("农业农村",), "shangwu": ("商务",), "wenlv": ("文旅", "文化和旅游"),
    "weijian": ("卫健", "卫生健康"), "tuiyi": ("退役军人",), "yingji": ("应急",), "shenji": ("审计",),
    "shichang": ("市场监管", "市场监督管理"), "tongji": ("统计",), "yibao": ("医保", "医疗保障"), "linye": ("林业",),
    "xinfang": ("信访",), "chengguan": ("城管", "城市管理"), "zhengwu": ("政务服务", "行政审批", "数据"),
}  # fmt: skip
#: The full name of departments that packs name.
_FULL = {"xianfuban": "县政府办公室", "caizheng": "财政局", "shenji": "审计局"}
#: The packs that a county takes where nobody says otherwise.
_USUAL = ("foi-2019", "budget", "rectification")
_EVERYBODY = ("all", "concerned")


@dataclass(frozen=True, slots=True)
class OfferedPack:
    """A shipped pack that is in force.

    `duties`: their titles; `departments`: those, and groups, that it names; `concerned`: the duties for which the
    county names them; `columns`: those of its site that it looks at; `lists`: readings that name the day by which
    something has to stand.
    """

    name: str
    title: str
    duties: tuple[str, ...]
    departments: tuple[str, ...]
    concerned: tuple[str, ...]
    columns: tuple[str, ...]
    lists: tuple[str, ...]

    @property
    def is_usual(self) -> bool:
        """Whether a county takes it where nobody says otherwise."""
        return self.name in _USUAL


def list_offered_packs(folder: Path, day: date) -> list[OfferedPack]:
    """The packs of a folder of shipped rules that are in force on that day, the usual ones first."""
    errors: list[RuleError] = []
    files = (read(path, str(path), errors).data for path in rule_files(folder))
    packs = [_offered(data) for data in files if _is_in_force(data["in_force"], day)]
    return sorted(packs, key=lambda pack: (_USUAL.index(pack.name) if pack.is_usual else len(_USUAL), pack.name))


def _is_in_force(span: Mapping[str, str], day: date) -> bool:
    return date.fromisoformat(span["from"]) <= day <= date.fromisoformat(span["until"])


def _offered(pack: Mapping[str, Any]) -> OfferedPack:
    duties = pack["duties"]
    named = [name for duty in duties for name in _names_of(duty["departments"]) if name not in _EVERYBODY]
    concerned = [duty["id"] for duty in duties if duty["departments"] == "concerned"]
    columns = dict.fromkeys(column for duty in duties for column in _columns_of(duty))
    lists = [name for name, reading in pack.get("readings", {}).items() if _has_day(reading["deadline"])]
    return OfferedPack(
        pack["pack"],
        pack["title"],
        tuple(duty["title"] for duty in duties),
        tuple(dict.fromkeys(named)),
        tuple(concerned),
        tuple(columns),
        tuple(lists),
    )


def _has_day(deadline: Any) -> bool:
    return any("by" in one for one in (deadline if isinstance(deadline, list) else [deadline]))


def _names_of(departments: Any) -> Iterator[str]:
    if isinstance(departments, str):
        yield departments
    elif isinstance(departments, Mapping):
        for value in departments.values():
            yield from _names_of(value)
    else:
        yield from departments


def _columns_of(duty: Mapping[str, Any]) -> Iterator[str]:
    for piece in (duty, *duty.get("parts", {}).values()):
        column = piece.get("evidence", {}).get("column", ())
        yield from (column,) if isinstance(column, str) else column


def name_column(title: str, taken: Collection[str]) -> str:
    """The name under which rules know a column of that title: that of a pack, else `column-2`."""
    for name, words in COLUMN_NAMES.items():
        if name not in taken and any(word in title for word in words):
            return name
    return _numbered("column", taken)


def name_department(name: str, taken: Collection[str]) -> str:
    """The id of a department of that name: pinyin where it is a usual one, else `unit-2`."""
    for id, words in DEPARTMENT_NAMES.items():
        if id not in taken and any(word in name for word in words):
            return id
    return _numbered("unit", taken)


def usual_aliases(id: str, name: str) -> tuple[str, ...]:
    """Other names in titles for a department: 住建局 for 住房和城乡建设局."""
    words = DEPARTMENT_NAMES.get(id, ())
    if id == "xianfuban" and name.endswith("办公室"):
        return tuple(alias for alias in ("人民政府办公室", "政府办公室", "政府办") if alias != name)
    if not name.endswith("局") or not words:
        return ()
    short = f"{words[0]}局"
    return (short,) if short not in name else ()


def full_name(id: str) -> str:
    """The usual name of a department that a pack names by its id."""
    return _FULL.get(id, id)


def _numbered(word: str, taken: Collection[str]) -> str:
    return next(name for number in range(1, len(taken) + 2) if (name := f"{word}-{number}") not in taken)
