"""A circular's words and page: a county's own template, titles that would break out, what each sentence rests on."""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.decide.small_county import COUNTY, Small, at
from tests.live_county import all_live
from tests.reports.criticised import CIRCULAR, SEPTEMBER, acting, consulted, lived, signed, standing, text_of
from tracker.core.assessment.circular import find_criticisms
from tracker.core.assessment.lines import Line, ProofLink
from tracker.core.law.periods import window_of
from tracker.core.values.verdicts import Light, Status
from tracker.documents.docx import docx_of
from tracker.documents.page import evidence_of, page_of
from tracker.reports.circulars.shared import document_of
from tracker.reports.circulars.text import ColumnLook, official, values_of, words_of
from tracker.reports.snapshot import CountySnapshot
from tracker.rulebook.load import load
from tracker.store.circulars import list_papers

MONTH, BEFORE, YEAR_AGO = (window_of(one) for one in ("2015-09", "2015-08", "2014-09"))
NOW = datetime(2015, 10, 12, 2, tzinfo=UTC)
HOSTILE = "水质<script>alert(1)</script>&amp;\n三、伪造的标题\ue000line-9\ue001假的依据\ue002 {{ 7 * 7 }} ]]> “名”"


def matter(department: str = "huanbao", **more: Any) -> Line:
    made = Line(
        key=f"c/p/water/{department}/2015-09", pack="p", duty="water", department=department, label="2015-09",
        who=department, title="水环境质量", clause="一1", weight=1, period="2015年9月",
        due="2015年9月10日", opens_on=None,
        due_on=date(2015, 9, 10), due_at=None, status=Status.OVERDUE, status_zh="逾期未公开", light=Light.RED,
        reason="未见所要求的内容", derivation="每月10日前", proved_at=None, published_on=None, days_late=12,
        assumed=False, provisional=False, is_liable=True,
    )  # fmt: skip
    return replace(made, **more)


def set_up(rulebook: Any, *lines: Line, folder: Path | None = None) -> tuple[dict[str, Any], str, Any]:
    """The values, the page and the document of a circular that finds these lines."""
    reading = CountySnapshot(rulebook, None, NOW, lines)  # type: ignore[arg-type]
    found = find_criticisms(lines, MONTH, BEFORE, YEAR_AGO, rulebook.circular, {}, tuple(rulebook.county.departments))
    looked = {one.key: [ColumnLook("环境保护", "https://www.example.gov.cn/hjbh/", NOW)] for one in lines}
    values = values_of(reading, found, looked, 5)
    document = official(rulebook, values, [[list(run) for run in one] for one in words_of(values, folder).paragraphs])
    return values, page_of(document, evidence_of(values), values["as_of"]), document


@pytest.fixture
def rulebook(county: Small) -> Any:
    county.reload(county=COUNTY + CIRCULAR)
    return county.office.loaded.rulebooks[0]


def anchors(html: str) -> tuple[set[str], set[str]]:
    """Where the page's own links lead, and the places there are."""
    tree = HTMLParser(html)
    led = {str(one.attributes["href"]) for one in tree.css("a[href^='#']")}
    return led, {f"#{one.attributes['id']}" for one in tree.css("[id]")}


async def test_every_link_leads_to_a_place_in_the_same_file(county: Small) -> None:
    await lived(county)
    await signed(county)
    row = standing(county)[0]
    html = page_of(document_of(row, county.office.loaded.rulebooks[0]), evidence_of(row.values), "")
    led, there = anchors(html)
    assert led == {"#line-1", "#line-2", "#table-1", "#table-2"}
    assert led <= there
    evidence = HTMLParser(html).css_first("#line-2").text()  # type: ignore[union-attr]
    for said in ("时限由来", "判定理由", "欠缺内容", "基金收支", "查看栏目", "二季度社会保险情况"):
        assert said in evidence, said
    assert re.search(r"社会保险（2015年10月\d+日\d+时查看）", evidence)


async def test_a_page_loads_nothing_from_outside(rulebook: Any) -> None:
    _, html, _ = set_up(rulebook, matter(proofs=(ProofLink("https://www.example.gov.cn/1.html", "标题", NOW),)))
    assert "default-src 'none'" in html
    assert re.findall(r"<(?:script|link|iframe|object|img)\b", html) == []
    assert "url(" not in html
    assert "@import" not in html


async def test_a_hostile_title_breaks_out_of_nothing(rulebook: Any) -> None:
    line = matter(title=HOSTILE, reason=HOSTILE, proofs=(ProofLink("javascript://x/%0aalert(1)", HOSTILE, NOW),))
    values, html, document = set_up(rulebook, line)
    tree = HTMLParser(html)
    assert tree.css("script") == []
    assert anchors(html)[0] == {"#line-1", "#table-1", "#table-2"}
    assert not [one for one in tree.css("a") if str(one.attributes["href"]).startswith("javascript")]
    headings = [one.text for one in document.body if one.level == 1]
    assert headings == ["一、总体情况", "二、主要问题", "三、工作要求"]
    assert "{{ 7 * 7 }}" in "".join(one.text for one in document.body)
    read = Document(io.BytesIO(docx_of(document)))
    words = "\n".join(one.text for one in read.paragraphs)
    assert "<script>alert(1)</script>" in words
    assert "“水质" in words
    assert "‘名’" in words
    assert values["lines"][0]["number"] == 1


async def test_what_several_owe_jointly_is_one_line_that_names_them_all(rulebook: Any) -> None:
    values, html, _ = set_up(rulebook, matter(department="keji+shebao", who="科技局、社保局"))
    assert [one["who"] for one in values["lines"]] == ["科技局、社保局"]
    assert [(one["who"], one["named"]) for one in values["departments"]] == [("社保局", 1), ("科技局", 1)]
    assert "科技局、社保局“水环境质量”" in HTMLParser(html).css_first("main").text()  # type: ignore[union-attr]


async def test_sixty_departments_are_all_in_the_table_and_each_line_has_its_evidence(rulebook: Any) -> None:
    many = {f"d{n:02}": replace(rulebook.county.departments["keji"], id=f"d{n:02}", name=f"第{n}局") for n in range(60)}
    large = replace(rulebook, county=replace(rulebook.county, departments=many))
    values, html, document = set_up(large, *(matter(one) for one in many))
    assert len(values["departments"]) == len(values["lines"]) == 60
    assert {f"#line-{n}" for n in range(1, 61)} <= anchors(html)[1]
    assert [len(one.rows) for one in document.attachments] == [60, 61]  # and their sum


async def test_the_table_of_counts_ends_with_their_sum_each_matter_once(rulebook: Any) -> None:
    joint = matter(department="keji+shebao", who="科技局、社保局")
    _, _, document = set_up(rulebook, joint, matter(), matter("keji", status=Status.MET, key="c/p/water/keji/1"))
    *rows, total = [[cell.text for cell in row] for row in document.attachments[-1].rows]  # type: ignore[union-attr]
    assert total == ["合计", "3", "1", "0", "2", "0", "0", "33.3%", "2"]
    assert [(row[0], row[1], row[-1]) for row in rows] == [
        ("环保局", "1", "1"),
        ("社保局", "1", "1"),
        ("科技局", "2", "1"),
    ]


UNKEPT = "内容已公开，但至2015年9月10日未见更新，也未确认仍然有效"
GONE = "《水质》曾公开，其网页（https://www.example.gov.cn/1）自2015年9月6日起无法打开（404）"


async def test_what_is_published_is_not_called_unpublished(rulebook: Any) -> None:
    kept = matter(reason=UNKEPT, status_zh="未核对更新")
    gone = matter("keji", reason=GONE, days_late=0, published_on=date(2015, 7, 8))
    daily = [matter("shebao", status=Status.MET, label=f"2015-09-0{day}", key=f"c/p/air/{day}") for day in (1, 2)]
    _, _, document = set_up(rulebook, kept, gone, *daily)
    matters, counts = document.attachments[:2]
    rows = [[row[place].text for place in (1, 5, 7)] for row in matters.rows]  # type: ignore[union-attr]
    assert rows == [["keji", "2015年7月8日", "公开后撤下"], ["huanbao", "已公开", "未核对更新"]]
    assert list(counts.columns)[1:3] == ["到期", "其中每日"]  # type: ignore[union-attr]
    assert [cell.text for cell in counts.rows[-1]] == ["合计", "4", "2", "2", "0", "1", "0", "1", "0", "50.0%", "2"]  # type: ignore[union-attr]
    text = "".join(paragraph.text for paragraph in document.body)
    assert "到期应公开事项4项（其中每日事项2期），按时公开2项，逾期后公开0项，逾期未公开1项" in text
    assert "公开不完整0项，未核对更新1项，按时公开率50.0%" in text
    assert "原公开网页自2015年9月6日起无法打开〔404〕，请核实恢复" in text
    assert "逾期未公开。" not in text


async def test_a_month_with_nobody_to_criticise_has_one_table_and_is_a_report(rulebook: Any) -> None:
    _, html, document = set_up(rulebook, matter(status=Status.MET, days_late=0))
    assert document.title == "小县人民政府办公室关于2015年9月政府信息公开情况的通报"
    assert [one.title for one in document.attachments] == ["各单位公开情况统计表"]
    assert anchors(html)[0] == {"#table-1"}
    assert "三、工作要求" not in html


def own(county: Small, text: str, name: str = "circular") -> None:
    folder = county.root / "rules" / "counties" / "small" / "templates"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.txt.j2").write_text(text, "utf-8")


async def test_a_county_s_own_words_stand_in_place_of_the_shipped_ones(county: Small) -> None:
    await lived(county)
    each = "{% for one in lines %}\n{{ one.title|quoted|link(one.anchor) }}\n{% endfor %}"
    own(county, "本县{{ month }}通报{{ named }}项。\n" + each)
    county.office.adopt(all_live(load(county.root, dict(os.environ))))
    async with acting(county) as circulars:
        row = circulars.draft(SEPTEMBER, "王敏")
        assert circulars.fault == ""
    assert text_of(row) == "本县2015年9月通报2项。\n“行政权力清单”\n“社会保险情况”"


BROKEN = {
    "unknown value": "{{ nobody }}",
    "no template": "{% for one in lines %}",
    "reaches for more": "{{ ''.__class__.__mro__ }}",
    "says nothing": "\n",
    "calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
async def test_a_template_that_fails_gives_way_to_the_shipped_one_and_is_told(county: Small, text: str) -> None:
    await lived(county)
    own(county, text)
    county.office.adopt(all_live(load(county.root, dict(os.environ))))
    async with acting(county) as circulars:
        row = circulars.draft(SEPTEMBER, "王敏")
        assert circulars.fault.startswith("circular: ")
    assert "一、总体情况" in text_of(row)
    assert [one for one in county.notices() if "template:circular" in one] != []
    (reason,) = [one for one in county.reasons() if "措辞" in one]
    assert reason.startswith("已改用系统自带的措辞：circular: ")


@pytest.mark.nightly
async def test_an_erratum_in_the_county_s_own_words(county: Small) -> None:
    await lived(county)
    own(county, "更正{{ number }}第{{ corrections[0].line }}项：{{ corrections[0].truth }}。", "erratum")
    county.office.adopt(all_live(load(county.root, dict(os.environ))))
    await consulted(county, "2015-10-16")
    async with acting(county, "2015-10-26") as circulars:
        circulars.sign(SEPTEMBER, "赵督查")
        circulars.issue(SEPTEMBER, "王敏")
        row = circulars.correct(SEPTEMBER, 1, "已公开。", "查实", "赵督查")
        paper = list_papers(circulars.tx, row.id)[-1]
    assert paper.text == [[["更正小政办公开通〔2015〕1号第1项：已公开。", ""]]]
    assert paper.title == "小县人民政府办公室关于更正2015年9月政府信息公开督办情况通报有关内容的通报"
    document = document_of(row, county.office.loaded.rulebooks[0], paper)
    assert docx_of(document) == paper.docx
    assert document.number == "小政办公开通〔2015〕2号"
    assert at("2015-10-26", "10:00") == paper.issued_at
