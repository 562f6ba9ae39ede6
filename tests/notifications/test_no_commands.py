"""No mail to a liaison names a command: whoever reads it has a page and a mailbox, and no terminal."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from notifications.render import Addressee, SendingOffice, render
from tests.notifications.test_render import NOW, shown
from tracker.core.escalation.notice_kinds import NoticeKind
from tracker.deliver.bundles import OFFICE_ONLY

LINK = "https://pages.example.gov.cn/r/0000.xxxx"
COMMAND = re.compile(r"\bduban\b|--[a-z]|\$ ")
LINE = {
    "number": 1, "who": "环保局", "title": "环境质量月度信息", "period": "2015年9月", "clause": "一（七）1",
    "basis": "《工作方案》一（七）1", "due": "2015年9月30日", "days_late": 8,
    "problem_zh": "逾期未公开", "why": "逾期8个工作日",
    "reason": "未查到", "derivation": "每月公开一次", "missing": ["未查到"], "published": "", "deed": "公开",
    "looked": [{"title": "环境保护", "url": "http://x.example/", "at": "2015年10月19日6时"}], "proofs": [],
}  # fmt: skip
PAPER = {
    "paper": [2015, 1], "title": "9月份政府信息公开情况的通报", "number": "样政办公开通〔2015〕1号",
    "issued": "2015年10月19日",
    "digest": "ab" * 32, "lines": [LINE], "month": "2015-09", "again": False, "until": "2015年10月26日", "window": 5,
    "named": 1, "span": "10个工作日", "month_zh": "9月份", "count": {"due": 3, "on_time": 2}, "rate": "66.7%",
    "of": "样政办公开通〔2015〕1号", "line": 1, "said": "逾期未公开", "truth": "已按时公开", "ground": "网页存档",
}  # fmt: skip
#: The kinds that a department gets.
KINDS = [kind for kind in get_args(NoticeKind) if kind not in (*OFFICE_ONLY, "report", "week", "head")]


def fields_of(kind: str) -> dict[str, Any]:
    if kind in ("consult", "circular", "erratum"):
        return {**PAPER, "kind": kind, "step": kind, "reason": "征求意见"}
    own: dict[str, Any] = {"slip": "〔2015〕1号", "colour": "blue", "within": 3} if kind == "slip" else {}
    return shown(kind=kind, step=kind, reason="2015年10月19日尚未登记，请补充登记", **own)


@pytest.mark.parametrize("reply", ["", "office@example.gov.cn"])
@pytest.mark.parametrize("link", ["", LINK])
@pytest.mark.parametrize("kind", KINDS)
def test_no_mail_to_a_liaison_names_a_command(kind: str, link: str, reply: str) -> None:
    office = SendingOffice("县政府办公室政务公开科", person="王芳", tel="0431-81234567", reply=reply)
    mail = render(Addressee("样例县", "环保局联络员", "huanbao", link, office), [fields_of(kind)], NOW)
    assert mail.fault == ""
    for text in (mail.subject, mail.text, mail.html.partition("</style>")[2] or mail.html):
        assert COMMAND.findall(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)) == []
    if kind == "consult" and reply and not link:
        assert "直接回复本邮件" in mail.text


@pytest.mark.parametrize("kind", ["overdue", "record", "question", "slip", "consult"])
def test_a_mail_that_asks_for_something_leads_to_its_page(kind: str) -> None:
    mail = render(Addressee("样例县", "环保局联络员", "huanbao", LINK), [fields_of(kind)], NOW)
    assert LINK in mail.text
    assert LINK in mail.html
