"""The form of the annual report on government information disclosure: its tables of requests and of appeals.

Since 2021 that of 国办公开办函〔2021〕30号, for 2019 and 2020 that of 国办公开办函〔2019〕60号, whose line 其他处理 has
no lines under it. Before 2019 reports had the indicators of 国办发〔2014〕32号, which know neither kinds of applicants
nor requests carried over: for those years the form of 2019 is used, and the table says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: The columns of part 三 without 总计: each kind of applicant with its head.
APPLICANTS: Mapping[str, str] = {
    "natural": "自然人",
    "company": "商业企业",
    "research": "科研机构",
    "welfare": "社会公益组织",
    "legal": "法律服务机构",
    "other": "其他",
}
#: The columns that stand under 法人或其他组织.
ORGANISATIONS = tuple(APPLICANTS)[1:]
TOTAL = "total"
COLUMNS: Mapping[str, str] = {**APPLICANTS, TOTAL: "总计"}

#: Part 四: the remedies, and how they ended.
REMEDY_HEADS: Mapping[str, tuple[str, ...]] = {
    "review": ("行政复议",),
    "suit": ("行政诉讼", "未经复议直接起诉"),
    "suit-after-review": ("行政诉讼", "复议后起诉"),
}
REMEDY_TITLES = {name: f"{first}（{rest[0]}）" if rest else first for name, (first, *rest) in REMEDY_HEADS.items()}
RESULTS: Mapping[str, str] = {
    "upheld": "结果维持",
    "corrected": "结果纠正",
    "other": "其他结果",
    "pending": "尚未审结",
    TOTAL: "总计",
}

#: Lines of part 三 that count requests by more than their answer.
NEW, CARRIED_OVER, DONE, CARRIED_ON = "1", "2", "3.7", "4"


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line with numbers. `code`: its place, as "3.3.4"; `heads`: what stands left of the numbers, outermost first."""

    code: str
    heads: tuple[str, ...]

    @property
    def title(self) -> str:
        """（三）不予公开 1.属于国家秘密."""
        return " ".join(self.heads[1:] or self.heads)


@dataclass(frozen=True, slots=True)
class NationalForm:
    """A form of part 三 and the years for which it was prescribed; `last` 0: it still is."""

    instrument: str
    first: int
    last: int
    lines: tuple[FormLine, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(line.code for line in self.lines)

    def is_prescribed(self, year: int) -> bool:
        return self.first <= year <= (self.last or year)

    def place(self, line: str) -> str:
        """The code of the line in which an answer counts whose kind names `line`, as "6.2"; "" where there is none."""
        code = f"3.{line}"
        while code != "3" and code not in self.codes:
            code = code.rpartition(".")[0]
        return code if code != "3" and line else ""

    def under(self, code: str) -> tuple[str, ...]:
        """The codes of the lines with numbers at or under a code: of "3.4" three lines, of "3" all results but 总计."""
        under = tuple(own for own in self.codes if own == code or own.startswith(f"{code}."))
        return tuple(own for own in under if own != DONE) if code == "3" else under


_RESULTS = "三、本年度办理结果"
_PARTLY = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
_GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "3": (
        "（三）不予公开",
        (
            "属于国家秘密",
            "其他法律行政法规禁止公开",
            "危及“三安全一稳定”",
            "保护第三方合法权益",
            "属于三类内部事务信息",
            "属于四类过程性信息",
            "属于行政执法案卷",
            "属于行政查询事项",
        ),
    ),
    "4": (
        "（四）无法提供",
        ("本机关不掌握相关政府信息", "没有现成信息需要另行制作", "补正后申请内容仍不明确"),
    ),
    "5": (
        "（五）不予处理",
        (
            "信访举报投诉类申请",
            "重复申请",
            "要求提供公开出版物",
            "无正当理由大量反复申请",
            "要求行政机关确认或重新出具已获取信息",
        ),
    ),
    "6": (
        "（六）其他处理",
        (
            "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
            "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
            "其他",
        ),
    ),
}


def _lines(without: str = "") -> tuple[FormLine, ...]:
    """The lines of part 三; the group `without` is one line."""
    lines = [
        FormLine(NEW, ("一、本年新收政府信息公开申请数量",)),
        FormLine(CARRIED_OVER, ("二、上年结转政府信息公开申请数量",)),
        FormLine("3.1", (_RESULTS, "（一）予以公开")),
        FormLine("3.2", (_RESULTS, _PARTLY)),
    ]
    for group, (head, titles) in _GROUPS.items():
        if group == without:
            lines.append(FormLine(f"3.{group}", (_RESULTS, head)))
            continue
        for number, title in enumerate(titles, 1):
            lines.append(FormLine(f"3.{group}.{number}", (_RESULTS, head, f"{number}.{title}")))
    lines.append(FormLine(DONE, (_RESULTS, "（七）总计")))
    lines.append(FormLine(CARRIED_ON, ("四、结转下年度继续办理",)))
    return tuple(lines)


FORMS: tuple[NationalForm, ...] = (
    NationalForm("国办公开办函〔2019〕60号", 2019, 2020, _lines(without="6")),
    NationalForm("国办公开办函〔2021〕30号", 2021, 0, _lines()),
)


def form_for(year: int) -> NationalForm:
    """The form of a year's report; before 2019 that of 2019 (assumed)."""
    return next((form for form in FORMS if form.is_prescribed(year)), FORMS[0])
