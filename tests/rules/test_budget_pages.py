"""Budgets in the standard forms, as the readers of pages and files turn them into text: whole and in part."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from tests.rules.unlike import Published, outcome
from tracker.evidence.attachments.readers.reader import read_file
from tracker.evidence.page.parsed import Page
from tracker.evidence.reading.readings import read_article_page

#: 一般公共预算支出表 of the Ministry of Finance: the code spans 类, 款 and 项.
FUNCTIONS = """<p align="center">一般公共预算支出表</p><table border="1">
<tr><td colspan="4">部门：科技局</td><td colspan="3" align="right">单位：万元</td></tr>
<tr><td colspan="4">{head}</td><td rowspan="3">合计</td><td rowspan="3">基本支出</td><td rowspan="3">项目支出</td></tr>
<tr><td colspan="3">科目编码</td><td rowspan="2">科目名称</td></tr><tr><td>类</td><td>款</td><td>项</td></tr>
<tr><td>206</td><td></td><td></td><td>科学技术支出</td><td>{0}</td><td>{0}</td><td></td></tr>
<tr><td>206</td><td>01</td><td></td><td>科学技术管理事务</td><td>{0}</td><td>{0}</td><td></td></tr>
<tr><td>206</td><td>01</td><td>01</td><td>{item}</td><td>{0}</td><td>{0}</td><td></td></tr></table>"""
#: 一般公共预算“三公”经费支出表: the vehicles are divided into purchase and running.
OFFICIALS = """<p align="center">{caption}</p><table border="1">
<tr><td rowspan="2">合计</td><td rowspan="2">因公出国（境）费</td>
<td colspan="3">公务用车购置及运行费</td><td rowspan="2">公务接待费</td></tr>
<tr><td>小计</td><td>公务用车购置费</td><td>公务用车运行费</td></tr>
<tr><td>{0}</td><td>{0}</td><td>{0}</td><td>{0}</td><td>{0}</td><td>{0}</td></tr></table>"""
ECONOMY = """<p>基本支出预算表</p><table border="1"><tr><td>经济分类科目</td><td>金额</td></tr>
<tr><td>基本工资</td><td>42</td></tr><tr><td>公务接待费</td><td>2.1</td></tr></table>"""


def functions(figure: str = "120.50", head: str = "支出功能分类科目", item: str = "行政运行") -> str:
    return FUNCTIONS.format(figure, head=head, item=item)


def officials(figure: str = "2.10", caption: str = "一般公共预算“三公”经费支出表") -> str:
    return OFFICIALS.format(figure, caption=caption)


FORMS = {
    "both forms": (functions() + officials(), "+"),
    "heads without 功能分类, the 项 by name": (functions(head="项目") + officials(), "+"),
    "another 项, the head by name": (functions(item="其他科学技术管理事务支出") + officials(), "+"),
    "三公 in corner brackets": (functions() + officials(caption="「三公」经费支出表"), "+"),
    "三公 in single quotes": (functions() + officials(caption="‘三公’经费支出表"), "+"),
    "三公 by its parts alone": (functions() + officials(caption="行政经费支出表"), "+"),
    "with the economic classes": (functions() + ECONOMY + officials(), "+"),
    "no 三公": (functions() + ECONOMY, "-"),
    "only 三公": (officials(), "-"),
    "neither": (ECONOMY, "?"),
}


async def as_page(html: str) -> str:
    body = f"<html><body><h1>科技局2015年部门预算</h1><div>{html}</div></body></html>".encode()
    page = Page("http://www.yangli.gov.cn/t1.html", body, ZoneInfo("Asia/Shanghai"), date(2015, 3, 20), "text/html")
    return read_article_page(page).article.text or ""


async def as_file(html: str) -> str:
    """A page that was saved from the bureau's program under a name in .xls, as most are."""
    head = "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><head><meta charset=utf-8></head>"
    read = await read_file(f"{head}<body>{html}</body></html>".encode(), "2015年部门预算公开表.xls")
    return f"见附件。▤预算公开表.xls▤{read.text}"


@pytest.mark.parametrize("read", [as_page, as_file])
@pytest.mark.parametrize(("html", "expected"), FORMS.values(), ids=FORMS)
async def test_the_standard_forms_prove_a_budget(read, html: str, expected: str) -> None:
    event = {"of": "budget-approved", "event": "2015-03-02", "year": "2015"}
    text = await read(html)
    line = Published("", expected, "budget", "", "keji", date(2015, 3, 20), event, "科技局2015年部门预算", text)
    assert outcome(line) == expected
