"""`duban init` at a terminal and from a sheet: what a person says stands in the county's file, and loads."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.beside import web_pages
from tests.commands.command_line import Duban, Said
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store

DAY = "2026-12-02"
NOWHERE = "http://127.0.0.1:9/"


class _Terminal(io.StringIO):
    """What a person types, line by line."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run `duban init` in an empty folder while somebody types these lines."""

    def run(*lines: str, argv: tuple[str, ...] = ()) -> Said:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "stdin", _Terminal("".join(f"{line}\n" for line in lines)))
        return duban("init", "--now", DAY, *argv)

    return run


def loaded(folder: Path) -> Loaded:
    return load(folder, {})


def test_what_a_person_says_at_a_terminal_makes_a_county(typed: Callable[..., Said], tmp_path: Path) -> None:
    said = typed("新县", "", "gongkai@xin.gov.cn", "smtp.xin.gov.cn:465", "财政局、科技局，住房和城乡建设局", "")
    assert said.status == 0, said.err
    assert "[foi-2019, budget, rectification]" in said.err
    rules = loaded(tmp_path)
    [book] = rules.rulebooks
    county = book.county
    assert (county.name, county.mode, str(county.start)) == ("新县", "shadow", DAY)
    assert [one.name for one in county.departments.values()] == [
        "财政局", "科技局", "住房和城乡建设局", "审计局", "县政府办公室",
    ]  # fmt: skip  # the last two are named by the packs
    assert county.departments["zhujian"].aliases == ("住建局",)
    assert county.roles["county-office"].mail == "gongkai@xin.gov.cn"
    delivery = rules.schedule.delivery
    assert (delivery.via, delivery.sender, delivery.smtp.host) == ("smtp", "gongkai@xin.gov.cn", "smtp.xin.gov.cn")
    assert (delivery.smtp.port, delivery.smtp.tls) == (465, "implicit")
    assert "待填写" in county.columns["county-site/finance"].title


def test_what_cannot_be_used_is_asked_again(typed: Callable[..., Said], tmp_path: Path) -> None:
    said = typed("", "${HOME}", "新县", "ftp:/x y", "", "gongkai", "", "a b", "", "", "foi-2020", "foi-2019")
    assert said.status == 0, said.err
    for words in ("this one is needed", "--name '${HOME}'", "is no address", "'gongkai' is no mail address",
                  "'a b' is no mail server", "no pack foi-2020"):  # fmt: skip
        assert words in said.err
    assert {duty.pack for duty in loaded(tmp_path).rulebooks[0].duties} == {"foi-2019"}


def test_an_end_of_input_writes_nothing(typed: Callable[..., Said], tmp_path: Path) -> None:
    said = typed("新县")
    assert (said.status, list(tmp_path.iterdir())) == (2, [])
    assert "nothing was written" in said.err


def test_chinese_is_spoken_in_a_chinese_locale(typed: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    said = typed("新县", "", "", "", "", "")
    assert said.status == 0
    questions = said.err.partition("wrote")[0]
    assert "县名" in questions
    assert "What" not in questions


@pytest.mark.nightly
def test_the_county_that_was_asked_for_passes_its_check(typed: Callable[..., Said], duban: Duban) -> None:
    typed("新县", "", "", "", "财政局、科技局", "foi-2019, foi-2019-items, budget")
    checked = duban("check", "--now", DAY)
    assert checked.status == 0, checked.err
    assert "departments: caizheng, keji, shenji, xianfuban (liaison.name, " in checked.out


@pytest.mark.nightly
def test_columns_of_the_navigation_are_proposed_with_what_was_seen(
    typed: Callable[..., Said], site: str, tmp_path: Path
) -> None:
    said = typed("新县", site, "", "", "财政局", "budget", "y")
    assert said.status == 0, said.err
    assert "财政预决算" in said.out
    assert "2015-09-28" in said.out
    county = loaded(tmp_path).rulebooks[0].county
    assert county.columns["county-site/finance"].url == f"{site.rstrip('/')}/czyjs/"
    assert county.columns["county-site/audit"].title == "财政审计"


def listing(*titles: str) -> str:
    rows = "".join(
        f'<li><a href="t{n}.html">{title}</a><span>2026-02-1{n}</span></li>' for n, title in enumerate(titles)
    )
    return f"<h2>列表</h2><ul class='list'>{rows}</ul>"


@pytest.mark.nightly
def test_a_column_that_a_site_splits_is_taken_with_all_its_parts(typed: Callable[..., Said], tmp_path: Path) -> None:
    names = {"/zw/cz/ys/": "部门预算", "/zw/cz/js/": "部门决算", "/zw/cz/zys/": "政府预算"}
    pages = {path: listing(*(f"{office}2026年{name}公开" for office in ("民政局", "教育局", "水利局", "财政局")))
             for path, name in names.items()}  # fmt: skip
    pages["/"] = '<ul><li><a href="/zw/cz/">财政资金</a></li><li><a href="/xw/">新闻</a></li></ul>'
    pages["/zw/cz/"] = (
        "<ul>" + "".join(f'<li><a href="{path}">{name}</a></li>' for path, name in names.items()) + "</ul>"
    )
    with web_pages(pages) as site:
        said = typed("新县", site, "", "", "财政局", "budget", "y")
    assert said.status == 0, said.err
    rules = loaded(tmp_path).rulebooks[0]
    titles = {key: column.title for key, column in rules.county.columns.items() if "finance" in key}
    keys = ("county-site/finance", "county-site/finance-2", "county-site/finance-3")
    assert titles == dict(zip(keys, names.values(), strict=True))
    duty = rules.duty("budget", "department-final-accounts")
    assert duty is not None
    assert duty.assignments[0].cells[0].sources[0].columns == keys


GUIDE = """
<div class="left"><ul><li><a href="/zn/">政府信息公开指南</a></li><li><a href="/zd/">政府信息公开制度</a></li>
<li><a href="/nb/">政府信息公开年报</a></li></ul></div>
<div class="content"><h1>样例县政府信息公开指南</h1><p>发布时间：2025-11-03 来源：县政府办公室</p>
<p>为了便于公民、法人和其他组织获取政府信息，编制本指南。</p>
<p>一、信息分类和编排体系：主动公开的信息分为机构职能、政策文件、规划计划等类别。</p>
<p>二、获取方式：县政府网站、政府公报。三、工作机构：县政府办公室政务公开科，办公地址：人民大街1号，</p>
<p>办公时间：工作日8:30至17:00，联系电话：0431-80000000。</p></div>"""


@pytest.mark.nightly
def test_a_guide_that_is_one_page_is_proposed_as_a_page(typed: Callable[..., Said], tmp_path: Path) -> None:
    front = '<ul><li><a href="/zn/">政府信息公开指南</a></li><li><a href="/nb/">政府信息公开年报</a></li></ul>'
    reports = listing(
        *(f"{office}2025年政府信息公开工作年度报告" for office in ("民政局", "教育局", "财政局", "审计局"))
    )
    with web_pages({"/": front, "/zn/": GUIDE, "/nb/": reports}) as site:
        said = typed("新县", site, "", "", "财政局", "foi-2019, budget", "y", "y")
    assert said.status == 0, said.err
    assert "one page" in said.out
    assert "审计局2025" not in said.out, "a headline is no column"
    rules = loaded(tmp_path).rulebooks[0]
    assert rules.county.columns["county-site/annual-reports"].url == f"{site.rstrip('/')}/nb/"
    duty = rules.duty("foi-2019", "guide-and-catalogue")
    assert duty is not None
    [source] = duty.assignments[0].cells[0].sources
    assert (source.kind, source.columns) == ("page", ("county-site/page:guide",))
    assert rules.county.columns["county-site/page:guide"].url == f"{site.rstrip('/')}/zn/"


def test_the_government_s_office_is_known_by_the_name_under_which_it_issues(
    typed: Callable[..., Said], tmp_path: Path
) -> None:
    typed("新县", "", "", "", "县政府办公室、住房和城乡建设局", "foi-2019")
    departments = loaded(tmp_path).rulebooks[0].county.departments
    assert departments["xianfuban"].aliases == ("人民政府办公室", "政府办公室", "政府办")


def test_a_mail_server_on_this_machine_is_asked_for_no_certificate(typed: Callable[..., Said], tmp_path: Path) -> None:
    typed("新县", "", "gongkai@xin.gov.cn", "127.0.0.1:8025", "", "foi-2019")
    assert loaded(tmp_path).schedule.delivery.smtp.tls == "none"


def test_a_site_that_cannot_be_read_leaves_the_columns_to_be_filled_in(
    typed: Callable[..., Said], tmp_path: Path
) -> None:
    said = typed("新县", NOWHERE, "", "", "", "foi-2019")
    assert said.status == 0
    assert "the site could not be read" in said.err
    assert "待填写" in loaded(tmp_path).rulebooks[0].county.columns["county-site/guide"].title


# -- sheets ----------------------------------------------------------------------------------------

DEPARTMENTS = """\
单位名称,别名,联络员,联络员邮箱,分管负责人,分管负责人邮箱
县财政局,财政局、国资办,陈静,chenjing@xin.gov.cn,吴志远,wu@xin.gov.cn
地震局,,李平,,,
"""


def test_a_sheet_gives_departments_and_contacts(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text(DEPARTMENTS, "utf-8")
    made = duban("init", tmp_path / "c", "--now", DAY, "--name", "新县", "--from", tmp_path / "units.csv")
    assert made.status == 0
    assert re.search(r"to be filled in: [^;]*审计局 \(shenji\)", made.err)
    assert "财政局 (caizheng)" not in made.err
    departments = loaded(tmp_path / "c").rulebooks[0].county.departments
    assert departments["caizheng"].aliases == ("财政局", "国资办")
    assert departments["caizheng"].liaison.mail == "chenjing@xin.gov.cn"
    assert departments["unit-1"].name == "地震局"
    assert departments["unit-1"].liaison.name == "李平"


def test_every_error_of_a_sheet_is_named_with_its_line(duban: Duban, tmp_path: Path) -> None:
    wrong = DEPARTMENTS.replace("chenjing@xin.gov.cn", "chenjing") + "县财政局,,,,,\n,,王五,,,\n"
    (tmp_path / "units.csv").write_text(wrong, "utf-8")
    said = duban("init", tmp_path / "c", "--from", tmp_path / "units.csv")
    assert said.status == 2
    for words in ("单位 line 2: 'chenjing' is no mail address", "单位 line 4: 县财政局 stands in two rows",
                  "单位 line 5: 单位名称 is empty"):  # fmt: skip
        assert words in said.err, said.err
    assert not (tmp_path / "c").exists()


def test_the_form_that_is_written_is_read_back(duban: Duban, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    assert duban("init", "--form", form).status == 0
    said = duban("init", tmp_path / "c", "--now", DAY, "--from", form)
    assert said.status == 0, said.err
    assert loaded(tmp_path / "c").rulebooks[0].county.name == "待填写县"
    assert not Store(f"sqlite:///{tmp_path / 'c' / 'duban.db'}").exists


@pytest.mark.parametrize(
    ("heads", "said"),
    [
        ("单位名称,姓名", "单位 B1 (姓名): no column is called so; the columns are 单位名称、代号、"),
        ("单位名称,姓名", "did you mean 联络员姓名?"),
        ("单位名称,联络员油箱", "did you mean 联络员邮箱"),
        ("单位名称,微信", "and 序号 and 备注 may stand beside them. \n"),
        ("单位名称,联络员,联络员姓名", "单位 C1 (联络员姓名): two columns for 联络员"),
    ],
)
def test_a_column_whose_head_is_not_known_is_never_passed_over(
    duban: Duban, tmp_path: Path, heads: str, said: str
) -> None:
    (tmp_path / "units.csv").write_text(f"{heads}\n地震局,李平,李平\n", "utf-8")
    refused = duban("init", tmp_path / "c", "--from", tmp_path / "units.csv")
    assert refused.status == 2
    assert said in refused.err
    assert not (tmp_path / "c").exists()


def test_people_may_number_the_rows_and_remark_on_them(duban: Duban, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("序号,单位名称,备注\n1,地震局,新设\n", "utf-8")
    assert duban("init", tmp_path / "c", "--name", "新县", "--from", tmp_path / "units.csv").status == 0
