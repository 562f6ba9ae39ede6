"""Readers of what people and mail servers write: dates, titles, returned mails, the files of rules."""
# ruff: noqa: E501  (seeds are easier to read as they would come)

from __future__ import annotations

import tempfile
from datetime import datetime
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from fuzz.page_readers import SHANGHAI, TODAY
from fuzz.reader import Reader
from fuzz.wounds import WORDS, soup, wounded
from notifications.bounces import bounce_of
from tests.decide.small_county import COUNTY, PACK, SCHEDULE, write_rules
from tests.deliver.test_bounces import READ as LETTERS
from tests.titles.measure import Line, classify, load_duties, read_lines
from tracker.core.law.county import County
from tracker.core.law.duties import Duty
from tracker.core.matching.naming import named_windows, names_unit
from tracker.evidence.page.dates import (
    day_of,
    find_moment,
    labelled_day,
    moment_in_url,
    strict_moment,
    strict_month_day,
)
from tracker.evidence.page.encoding import decode
from tracker.evidence.wrappers.day_forms import FORMS, read_day, without_day
from tracker.registers.eventdates import parse_moment
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.load import load_rules

TESTS = Path(__file__).resolve().parents[1] / "tests"
_DAYS = [
    "2015-09-25", "2015年9月25日 10:32", "二〇一五年九月二十五日", "25/09/2015", "Sep 25, 2015", "[09-25]", "9月25日", "昨天", "3天前",
    "20150925", "2015.9.25", "１２：３０", "发布时间：", "上午", "+0800", "Z", "星期五", "/", "-", "年", "月", "日", "十", "廿", "〇", " ", "13", "00", "1443403800000",
]  # fmt: skip


def check_days(text: str) -> None:
    """A text has a day, an instant with its zone, or none."""
    for moment in (find_moment(text, SHANGHAI), strict_moment(text, SHANGHAI), labelled_day(text, SHANGHAI, TODAY)):
        assert moment is None or not isinstance(moment, datetime) or moment.tzinfo is not None
        assert moment is None or day_of(moment)
    strict_month_day(text)
    moment_in_url(f"http://www.yangli.gov.cn/{text}")
    for form in FORMS:
        read_day(text, form, SHANGHAI, TODAY)
    assert len(without_day(text)) <= len(text)
    for unit in ("year", "half-year", "quarter", "month", "week", "day"):
        names_unit(text, unit)
        for named in named_windows(text[:500], unit, TODAY):
            assert named.window.first <= named.window.last
    try:
        parse_moment(text, SHANGHAI)
    except ValueError as error:  # as documented, with a right example
        assert str(error)


@cache
def duties() -> tuple[dict[str, Duty], County]:
    return load_duties()


@cache
def titles() -> list[Line]:
    return [line for path in sorted((TESTS / "titles").glob("*.tsv")) for line in read_lines(path)]


def title_cases() -> st.SearchStrategy[tuple[str, str]]:
    """A duty (with its part), and a title that fits it or another one, with words put in, left out or doubled."""
    lines = titles()
    known = [line.title for line in lines]

    @st.composite
    def changed(draw: st.DrawFn) -> str:
        title = draw(st.sampled_from(known))
        for _ in range(draw(st.integers(0, 5))):
            at, end = draw(st.integers(0, len(title))), draw(st.integers(0, len(title)))
            title = title[:at] + draw(st.sampled_from(WORDS) | st.sampled_from(known)) + title[end:]
        return title[:2000]

    return st.tuples(st.sampled_from(sorted({line.duty for line in lines})), changed() | soup(WORDS, 30))


def check_title(case: tuple[str, str]) -> None:
    """A title that fits a rule is the thing, about it, or undecided, with a reason."""
    known, county = duties()
    name, _, part = case[0].partition("/")
    kind = classify(known[name], part, case[1], county)
    assert kind is None or (kind.answer in ("thing", "about", "undecided") and kind.reason)


def check_bounce(body: bytes) -> None:
    """A mail reports a failure of one of ours in printable words, or nothing."""
    bounce = bounce_of(body)
    if bounce is not None:
        assert bounce.message.isprintable()
        assert bounce.answer.isprintable()
        assert len(bounce.answer) <= 300


def check_encoding(case: tuple[bytes, str]) -> None:
    """Whatever the bytes are, some text comes out of them."""
    decode(*case)


RULES = {"pack": PACK, "county": COUNTY, "schedule": SCHEDULE}
_YAML = [
    "deadline: ", "{by: 2015-02-30}", "{every: month, about: previous}", "{within: 20 workdays, of: x}", "departments: [all]", "evidence:\n", "  - id: a\n",
    "&a ", "*a", "!!python/object:os.system ", "<<: ", "? ", "| \n", "\t", "---\n", "${X}", "${SMALL_SITE}", "\u202e", "\x00", "[" * 40, "{" * 40, "1e999",
    "title: '(((a+)+)+)+$'", "at: due -9999999999 workdays", "cron: '* * * * *'", "0", "-1", "null", "''", '"', "#", ":", "\n", "  ", "9" * 400,
]  # fmt: skip


@cache
def rules_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="duban-fuzz-"))


def check_rules(case: tuple[str, bytes]) -> None:
    """Rules are loaded, or each error says which file and line and what."""
    name, body = case
    root = rules_folder()
    write_rules(root)
    places = {
        "pack": "rules/packs/small.yaml", "county": "rules/counties/small/county.yaml", "schedule": "schedule.yaml"
    }  # fmt: skip
    (root / places[name]).write_bytes(body)
    try:
        load_rules(root, {"SMALL_SITE": "http://127.0.0.1/"})
    except RuleErrors as found:
        assert found.errors
        assert all(error.path and error.line >= 1 and str(error) for error in found.errors)


def rule_cases() -> st.SearchStrategy[tuple[str, bytes]]:
    return st.sampled_from(sorted(RULES)).flatmap(
        lambda name: st.tuples(st.just(name), wounded([RULES[name].encode()], _YAML, from_soup=False))
    )


READERS = (
    Reader("days", lambda: soup(_DAYS, 14), check_days),
    Reader("titles", title_cases, check_title),
    Reader("encoding", lambda: st.tuples(
        wounded([text.encode(code, "replace") for text in ("公告<meta charset=gbk>", "<?xml encoding='big5'?>环境")
                 for code in ("utf-8", "gb18030", "big5", "utf-16")]),
        st.sampled_from(("", "text/html; charset=gbk", "text/html; charset=none", "text/html;charset=utf-7")),
    ), check_encoding),
    Reader("bounces", lambda: wounded(
        [raw for raw, _ in LETTERS.values()], ["\r\n", "--b", "=?utf-8?b?6YC+5pyf?=", "=?x?q?=FF?=", "Message-ID: <m-1@x>", "\x00",
         "Content-Transfer-Encoding: base64\r\n", "charset=none", 'boundary="', "Action: failed", "Status: 5.1.1"], from_soup=False,
    ), check_bounce),
    Reader("rules", rule_cases, check_rules),
)  # fmt: skip
