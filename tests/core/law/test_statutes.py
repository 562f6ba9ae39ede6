"""Acts: when they are in force, and how a sentence cites their articles."""

from __future__ import annotations

from datetime import date

import pytest

from tests.shipped_acts import ACTS
from tracker.core.law.statutes import Act, Provision, cite, grounds_in_force, provisions_in_force

OLD = Act("foi-2007", "中华人民共和国政府信息公开条例", "国务院令第492号", date(2008, 5, 1), date(2019, 5, 14))
NEW = Act("foi-2019", "中华人民共和国政府信息公开条例", "国务院令第711号", date(2019, 5, 15))
PENALTY = Act("penalty-law", "中华人民共和国行政处罚法", "主席令第七十号", date(2021, 7, 15))

STABILITY = "危及国家安全、公共安全、经济安全和社会稳定"


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        ("2008-04-30", ()),
        ("2008-05-01", (OLD,)),
        ("2019-05-14", (OLD,)),
        ("2019-05-15", (NEW,)),
        ("2030-01-01", (NEW,)),
    ],
)
def test_of_two_texts_the_one_in_force_that_day_is_cited(day: str, holds: tuple[Act, ...]) -> None:
    law = [Provision(OLD, "18"), Provision(NEW, "26")]
    assert tuple(one.act for one in provisions_in_force(law, date.fromisoformat(day))) == holds


@pytest.mark.parametrize(
    ("articles", "text"),
    [
        ([], ""),
        ([(OLD, "1")], "《政府信息公开条例》第一条"),
        ([(OLD, "10")], "《政府信息公开条例》第十条"),
        ([(OLD, "14")], "《政府信息公开条例》第十四条"),
        ([(OLD, "20")], "《政府信息公开条例》第二十条"),
        ([(OLD, "31")], "《政府信息公开条例》第三十一条"),
        ([(OLD, "100")], "《政府信息公开条例》第一百条"),
        ([(OLD, "105")], "《政府信息公开条例》第一百零五条"),
        ([(OLD, "110")], "《政府信息公开条例》第一百一十条"),
        ([(OLD, "201")], "《政府信息公开条例》第二百零一条"),
        ([(OLD, "4.12")], "《政府信息公开条例》第4.12项"),
        ([(PENALTY, "48"), (PENALTY, "85")], "《行政处罚法》第四十八条、第八十五条"),
        ([(OLD, "18"), (PENALTY, "48")], "《政府信息公开条例》第十八条、《行政处罚法》第四十八条"),
    ],
)
def test_articles_are_cited_under_the_act_s_short_title(articles: list[tuple[Act, str]], text: str) -> None:
    assert cite(Provision(act, article) for act, article in articles) == text


@pytest.mark.parametrize(
    ("day", "grounds"),
    [
        ("2008-04-30", {}),
        ("2015-05-05", {"国家秘密": "十四", "商业秘密": "十四", "个人隐私": "十四", STABILITY: "八"}),
        ("2019-05-14", {"国家秘密": "十四", "商业秘密": "十四", "个人隐私": "十四", STABILITY: "八"}),
        (
            "2019-05-15",
            {
                "国家秘密": "十四", "法律、行政法规禁止公开": "十四",
                "危及国家安全、公共安全、经济安全、社会稳定": "十四",
                "商业秘密": "十五", "个人隐私": "十五", "内部事务信息": "十六", "过程性信息": "十六",
                "行政执法案卷信息": "十六",
            },
        ),
    ],
)  # fmt: skip
def test_the_grounds_of_refusal_are_those_of_the_text_in_force(day: str, grounds: dict[str, str]) -> None:
    found = grounds_in_force(ACTS, date.fromisoformat(day)).values()
    assert {title: cite([article]) for title, article in found} == {
        title: f"《政府信息公开条例》第{number}条" for title, number in grounds.items()
    }
