"""Names each kind of notice in Chinese, and says in which section of a mail it stands and in which tone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Tone = Literal["red", "yellow", "blue", "grey", "green"]


@dataclass(frozen=True, slots=True)
class KindWords:
    """The words of one kind. `short`: two characters for a narrow screen. `section`: of the digest; "" where the notice
    has a mail of its own. `tone`: None where the light of the occurrence decides. `own_reason`: notices of one
    occurrence with different reasons are separate lines."""

    name: str
    short: str
    section: str = ""
    tone: Tone | None = None
    own_reason: bool = False


KIND_WORDS: Mapping[str, KindWords] = {
    "reminder": KindWords("催办提醒", "提醒", "soon"),
    "question": KindWords("请核对", "核对", "question", "blue"),
    "overdue": KindWords("逾期通知", "逾期", "pressed"),
    "escalation": KindWords("提级督办", "提级", "pressed"),
    "slip": KindWords("督办单", "督办", "pressed"),
    "reopened": KindWords("重新督办", "重开", "pressed"),
    "mended": KindWords("督办办结", "整改", "mended", "green"),
    "confirmed": KindWords("核对完毕", "核毕", "confirmed", "green"),
    "recorded": KindWords("登记确认", "登记", "recorded", "blue"),
    "record": KindWords("请登记", "登记", "record", "grey"),
    "decide": KindWords("请判定", "待定", "decide", "yellow"),
    "returned": KindWords("退回", "退回", "returned", "yellow", own_reason=True),
    "wait": KindWords("暂缓催办", "暂缓", "blind", "grey"),
    "fault": KindWords("系统提示", "故障", "blind", "grey"),
    "restored": KindWords("恢复查看", "恢复", "restored", "green"),
    "explained": KindWords("情况说明", "说明", "explained", "blue"),
    "correction": KindWords("更正", "更正", "correction", "blue"),
    "head": KindWords("日志存证", "存证", "head", "grey"),
    "report": KindWords("逾期情况报告", "报告", tone="blue"),
    "week": KindWords("一周督办要点", "要点", tone="blue"),
    "consult": KindWords("征求意见", "征求", tone="yellow"),
    "circular": KindWords("通报", "通报", tone="red"),
    "erratum": KindWords("更正通报", "更正", tone="yellow"),
}


def words_of(kind: str) -> KindWords:
    """The words of a kind; one that another version of the program stored goes by its own name."""
    return KIND_WORDS.get(kind) or KindWords(kind, kind)


@dataclass(frozen=True, slots=True)
class SectionWords:
    """A section of a digest: its heading, and its name in the subject line. `asks`: it asks the reader to act."""

    heading: str
    counted_as: str
    asks: bool = True


#: The sections in the order of the mail.
SECTIONS: Mapping[str, SectionWords] = {
    "pressed": SectionWords("逾期事项", "逾期"),
    "question": SectionWords("请核对的事项", "请核对"),
    "decide": SectionWords("待判定事项", "待判定"),
    "returned": SectionWords("退回的材料", "退回"),
    "explained": SectionWords("单位情况说明", "情况说明"),
    "correction": SectionWords("更正", "更正", asks=False),
    "record": SectionWords("时限起算依据待登记", "待登记"),
    "soon": SectionWords("即将到期事项", "即将到期"),
    "blind": SectionWords("暂时无法核验", "无法核验", asks=False),
    "system": SectionWords("系统运行提示", "系统提示", asks=False),  # faults of the system itself
    "restored": SectionWords("网站恢复查看", "恢复查看", asks=False),
    "head": SectionWords("日志存证", "日志存证", asks=False),
    "recorded": SectionWords("时限起算依据已登记", "已登记", asks=False),
    "mended": SectionWords("已整改办结", "已办结", asks=False),
    "confirmed": SectionWords("已核对完毕", "已核对", asks=False),
}
