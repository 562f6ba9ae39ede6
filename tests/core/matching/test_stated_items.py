"""An item that a text gives, and one that it only mentions: a heading, a label, a cell, a file and a figure give it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.verdict.judging import COUNTY, LOOKED, cell, duty, entry, items, listing, verdicts
from tracker.core.law.duties import Every, Item
from tracker.core.matching.contents import holds_item
from tracker.core.matching.stated_items import only_lists_items, states_item
from tracker.rulebook.lexicon import load_lexicon

CONTENT = Item(("检查内容",))
STATED = [
    # text, given
    ("检查内容：污染防治设施运行情况", True),
    ("一、检查内容\n污染防治设施是否正常运行。", True),
    ("（二）检查内容。污染防治设施。", True),
    ("第二章 检查内容。污染防治设施。", True),
    ("检查依据\n环境保护法\n检查内容\n污染防治设施", True),
    ("企业\t检查内容\n造纸厂\t污染防治设施", True),
    ("附件：1.检查内容一览表", True),
    ("本次检查内容共计12项。", True),
    ("依据《环境保护法》，检查内容：排污口。", True),
    ("检查内容12项", True),
    # mentioned
    ("会议明确了检查内容和处罚标准。", False),
    ("检查内容包括灭火器、疏散通道，结果良好。", False),
    ("要进一步丰富检查内容，2015年6月底前报送总结。", False),
    ("检查内容丰富，发放传单300份。", False),
    ("检查内容：______", False),
    ("企业\t检查内容\n造纸厂\t", False),
    ("一是要突出检查内容，严格标准，务求实效，确保检查不走过场。", False),
]


@pytest.mark.parametrize(("text", "given"), STATED, ids=[text for text, _ in STATED])
def test_a_text_gives_an_item_or_mentions_it(text, given):
    assert states_item(entry("环境执法", "2015-06-10", text=text).current, CONTENT) is given


@pytest.mark.parametrize(("several", "given"), [(True, True), (False, False)])
def test_people_counted_give_an_item_that_is_one_of_several(several, given):
    relief = entry("社会救助", "2015-06-10", text="全县城乡低保对象8,214户，与上年持平，按月足额发放。")
    assert states_item(relief.current, Item(("低保",)), is_one_of_several=several) is given


def test_a_title_repeated_in_the_text_gives_nothing():
    assert not states_item(
        entry("关于检查内容的通知", "2015-06-10", text="关于检查内容的通知\n请遵照执行。").current, CONTENT
    )


def test_a_file_gives_what_its_name_or_text_gives():
    for files in ([("检查内容.doc", "见表")], [("附件.doc", "检查内容：排污口")]):
        assert states_item(entry("环境执法", "2015-06-10", text="见附件", files=files).current, CONTENT)


ABSENT = [
    ("“三公”经费预算另行公开。", False),
    ("三公经费尚未批复。", False),
    ("三公经费：______", False),
    ("三公经费12万元，政府采购预算另行公开。", True),
    ("三公经费另行公开。三公经费12万元。", True),
]


@pytest.mark.parametrize(("text", "held"), ABSENT, ids=[text for text, _ in ABSENT])
def test_what_a_text_says_is_not_there_is_not_held(text, held):
    assert holds_item(entry("部门预算", "2015-03-20", text=text).current, Item(("三公经费",))) is held


LISTED = [
    ("会议从范围、内容和程序方面提出要求。", True),
    ("范围、内容和程序见下表。", False),
    ("公开范围、内容、程序。", False),  # heads without their table
    ("范围、内容、程序详见附件。", False),
    ("一、范围：县属企业。二、内容：财务指标。", False),
    ("公开范围是县属企业。公开内容是财务指标，程序从简。", False),
    ("从范围、内容和程序方面提出要求。\n内容：财务指标", False),
]


@pytest.mark.parametrize(("text", "listed"), LISTED, ids=[text for text, _ in LISTED])
def test_a_sentence_that_lists_all_items_gives_none(text, listed):
    asked = tuple(Item((word,)) for word in ("范围", "内容", "程序"))
    assert only_lists_items(entry("意见", "2015-06-10", text=text).current, asked) is listed


#: title, text, status in the end: what is doubtful is put to a person, and nobody is accused.
DECIDED = [
    ("水质工作情况", "一、甲：12\n二、乙：13", "met"),
    ("水质工作情况", "全县甲对象8214户，乙对象13户，与上年持平，按月足额发放。", "met"),
    ("水质工作情况", "会上介绍了甲和乙的做法，部署了下一步工作，提出三点意见。", "unverifiable"),
    ("水质监测结果", "甲为良，比上月有所好转。乙为优，各断面均达到标准，与上月持平。", "met"),
    ("水质监测结果", "会上介绍了甲和乙的做法，部署了下一步工作，提出三点意见。", "unverifiable"),
    ("水质监测结果", "甲为良，与上月持平，各断面均达到相应的标准。", "incomplete"),
]


@pytest.mark.parametrize(("title", "text", "status"), DECIDED)
def test_what_is_only_mentioned_is_put_to_a_person(title, text, status):
    asked = duty(Every(unit="month"), cells=[cell(listing(title="水质"))], contents=items("甲", "乙"))
    found = verdicts(
        asked,
        "2015-07-03",
        entries=[entry(title, "2015-06-10", text=text)],
        visits=LOOKED,
        county=replace(COUNTY, lexicon=load_lexicon()),
    )["2015-06"]
    assert found.status == status
