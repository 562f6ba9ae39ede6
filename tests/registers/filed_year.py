"""Lists what people of the sample county file in 2015, when, and how the office answers."""

from __future__ import annotations

from dataclasses import dataclass

OFFICE = "政务公开科 林主任"
COUNTY, PLAN, REGULATIONS = "sample", "plan-2015", "foi-2007"

#: The files that are filed, and what they are made from.
NAMES = {
    "保密审查制度.pdf": "notice.pdf",
    "内容保障制度.docx": "notice.docx",
    "考核评议制度.doc": "notice.doc",
    "公开申请台账.xlsx": "table.xlsx",
    "汇报材料.wps": "notice.doc",
}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing told. `matter`: the occurrence from its duty on; `accepted`: the office's reason, "" for none needed.

    `later`: it is met only by what is told after it. `event`: the name of an event that is recorded.
    """

    at: str
    matter: str
    who: str
    what: tuple[str, ...]
    accepted: str = ""
    later: bool = False
    event: str = ""

    @property
    def key(self) -> str:
        pack = REGULATIONS if self.matter.startswith("reading-places/") else PLAN
        return f"{COUNTY}/{pack}/{self.matter}"

    @property
    def argv(self) -> list[str]:
        said = ["--by", self.who, "--now", self.at]
        if self.event:
            return ["event", "add", self.event, "--department", self.matter.split("/")[1], *self.what, *said]
        if self.what[0] in ("zero-report", "upkeep"):
            return [self.what[0], self.matter, "--statement", self.what[1], *said]
        if self.what[0] == "evidence":
            return ["evidence", "accept", self.matter, *self.what[1:], *said]
        return ["attest", self.matter, *self.what, *said]

    @property
    def journalled(self) -> list[tuple[str, str, str]]:
        """Who did what about what, as the journal has it."""
        if self.event:
            reference = self.what[self.what.index("--reference") + 1]
            subject = f"event:{self.event}:{self.matter.split('/')[1]}:{reference}"
            return [(self.who, "event.recorded", subject)]
        action = {"zero-report": "zero-report.filed", "upkeep": "upkeep.filed", "evidence": "ruling.accept"}
        first = (self.who, action.get(self.what[0], "attestation.filed"), self.key)
        return [first, (OFFICE, "ruling.accept", self.key)] if self.accepted else [first]


#: 市县媒体与省网，均不在抓取范围内。
_PAPER, _PROVINCE = "https://paper.example", "https://www.province.example"
_SPILL = "environment-emergency/huanbao/event:environment-emergency:1号.response"
_FOUND = "environment-emergency/huanbao/event:environment-emergency-investigated:1号.findings"
_ASKED = "environment-emergency/huanbao/event:environment-emergency:1号.concerns"
_TOLD = "分管负责同志王强，工作人员李梅"

#: 科技局李梅、县政府办公室贾文、发改局赵刚、社保局孙莉、环保局周环报送；政务公开科认定。
_FILED: tuple[tuple[str, str, str, tuple[str, ...], str], ...] = (
    ("03-02T09:00", "secrecy-review/keji/once", "李梅", ("--file", "保密审查制度.pdf"), "制度已印发"),
    ("03-05T09:00", "responsible-person/keji/once", "李梅", ("--statement", _TOLD), "已核对"),
    ("03-10T09:00", "assessment/keji/once", "李梅", ("--file", "考核评议制度.doc"), "制度已印发"),
    ("03-10T10:00", "content-upkeep-system/keji/once", "李梅", ("--file", "内容保障制度.docx"), "制度已印发"),
    ("03-20T09:00", "proactive/keji/2015-Q1", "李梅", ("--link", f"{_PAPER}/keji"), "见报属实"),
    ("03-21T09:00", "project-approval/fagai/2015-Q1", "赵刚", ("--link", f"{_PAPER}/projects"), "见报属实"),
    ("03-21T10:00", "project-execution/fagai/2015-Q1", "赵刚", ("--link", f"{_PAPER}/works"), "见报属实"),
    ("04-08T09:00", "foi-rules/xianfuban/once", "贾文", ("--link", f"{_PAPER}/foi-rules"), "见报属实"),
    ("04-08T10:00", "foi-templates/xianfuban/once", "贾文", ("--file", "内容保障制度.docx"), "文本齐全"),
    ("04-30T21:00", _SPILL, "周环", ("--statement", "县电视台21时播出应对情况"), "已收看"),
    ("05-15T16:00", _FOUND, "周环", ("--statement", "县电视台16时播出调查结果"), "已收看"),
    ("05-18T09:00", _ASKED, "周环", ("--statement", "5月17日在县电视台回应群众对饮用水的关切"), "已收看"),
    ("06-18T09:00", "reading-places/xianfuban/2015", "贾文", ("--statement", "档案馆和图书馆均有查阅场所"), "实地看过"),
    ("06-20T09:00", "work-briefing/keji/2015-H1", "李梅", ("--file", "汇报材料.wps"), "领导已听取汇报"),
    ("06-25T09:00", "foi-review/keji/2015-Q2", "李梅", ("--file", "公开申请台账.xlsx"), "台账完整"),
    ("07-28T09:00", "focus-column-backend/xianfuban/once", "贾文", ("--statement", "后台账号已开放"), "已登录查看"),
    ("09-20T09:00", "insurance-catalogues/shebao/once", "孙莉", ("--file", "保密审查制度.pdf"), "现场照片属实"),
    ("12-20T09:00", "work-briefing/keji/2015-H2", "李梅", ("--statement", "12月18日听取汇报"), "领导已听取汇报"),
    ("12-26T09:00", "foi-review/keji/2015", "李梅", ("--statement", "全年申请内容、问题和建议"), "分析到位"),
)
#: 零报告：到期前报送，当期有效。
_NOTHING: tuple[tuple[str, str, str], ...] = (
    ("03-25T09:00", "foi-review/keji/2015-Q1", "李梅"),
    *(
        (f"{day}T09:00", f"proactive/keji/2015-{quarter}", "李梅")
        for day, quarter in (("06-26", "Q2"), ("09-26", "Q3"))
    ),
    *(
        (f"{day}T{hour}:00", f"{duty}/fagai/2015-{quarter}", "赵刚")
        for day, quarter in (("06-27", "Q2"), ("09-27", "Q3"), ("12-27", "Q4"))
        for hour, duty in (("09", "project-approval"), ("10", "project-execution"))
    ),
    ("09-25T09:00", "foi-review/keji/2015-Q3", "李梅"),
    ("12-25T09:00", "foi-review/keji/2015-Q4", "李梅"),
    ("12-25T10:00", "proactive/keji/2015-Q4", "李梅"),
)
#: 网站一侧由政务公开科按省网公布的内容认定。
_ELSEWHERE: tuple[tuple[str, str, str, str], ...] = (
    ("04-30T22:00", _SPILL, "spill", "省厅网站同步发布"),
    ("05-15T17:00", _FOUND, "findings", "省厅网站同步发布"),
    ("09-20T10:00", "insurance-catalogues/shebao/once", "catalogue", "省网统一公布"),
)
#: 突发事件及其调查，登记后起算二十四小时。
_EVENTS: tuple[tuple[str, str, str], ...] = (
    ("04-30T19:00", _SPILL, "2015-04-30T18:20"),
    ("05-15T11:00", _FOUND, "2015-05-15T10:00"),
)
_BOTH = {matter for _, matter, *_ in _ELSEWHERE}


def _acts() -> list[Act]:
    found = [Act(f"2015-{at}", key, who, what, why, key in _BOTH) for at, key, who, what, why in _FILED]
    found += [Act(f"2015-{at}", key, who, ("zero-report", "本期无应公开事项")) for at, key, who in _NOTHING]
    for at, key, path, why in _ELSEWHERE:
        found.append(Act(f"2015-{at}", key, OFFICE, ("evidence", f"{_PROVINCE}/{path}", "--reason", why)))
    for at, key, on in _EVENTS:
        name = key.split(":")[1]
        found.append(Act(f"2015-{at}", key, "周环", ("--on", on, "--reference", "1号"), "", True, name))
    return sorted(found, key=lambda one: one.at)


ACTS = tuple(_acts())
