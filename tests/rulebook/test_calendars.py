"""Year files over the library's table, and the law where no year is announced."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest
from lunardate import LunarDate

from tracker.core.law.county import County
from tracker.core.law.duties import Assignment, Duty, EventRule, Part, Span, Within
from tracker.core.law.instances import from_event
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event
from tracker.rulebook.calendars import YearModel, load_calendar
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.festivals import FIRST_YEAR, pure_brightness, statutory_days

SHIPPED = Path(__file__).parents[2] / "rules" / "calendar"

# Made up for the test: how the notice for 2027 might read.
NOTICE_2027 = """\
year: 2027
notice: 试〔2026〕1号
off:
  - {name: 元旦, from: 2027-01-01, to: 2027-01-03}
  - {name: 春节, from: 2027-02-05, to: 2027-02-11}
  - {name: 清明节, from: 2027-04-03, to: 2027-04-05}
  - {name: 劳动节, from: 2027-05-01, to: 2027-05-05}
  - {name: 端午节, from: 2027-06-09, to: 2027-06-09}
  - {name: 中秋节, from: 2027-09-15, to: 2027-09-15}
  - {name: 国庆节, from: 2027-10-01, to: 2027-10-07}
work: [2026-12-26, 2027-01-31, 2027-02-20]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED, tmp_path / "calendar")
    return tmp_path / "calendar"


def errors(folder: Path) -> list[str]:
    with pytest.raises(RuleErrors) as caught:
        load_calendar(folder)
    return [str(error).removeprefix(f"{folder}/") for error in caught.value.errors]


def test_lunar_days_are_as_lunardate_computes_them() -> None:
    for year in range(FIRST_YEAR, 2100):  # as far as lunardate goes
        days = statutory_days(year)
        for month, day, name in ((1, 1, "春节"), (5, 5, "端午节"), (8, 15, "中秋节")):
            assert name in days[LunarDate(year, month, day).to_solar_date()]


def test_every_statutory_day_is_off_in_the_holidays_library_too() -> None:
    for year in range(FIRST_YEAR, 2101):
        known = holidays.country_holidays("CN", years=year, language="zh_CN")
        assert [day for day in statutory_days(year) if day not in known] == []
        assert "清明节" in known[pure_brightness(year)]


def test_the_law_of_2025_gives_new_years_eve_and_the_second_of_may() -> None:
    before, after = statutory_days(2024), statutory_days(2025)
    assert (len(before), len(after)) == (11, 13)
    assert date(2024, 2, 9) not in before
    assert date(2025, 1, 28) in after
    assert date(2024, 5, 2) not in before
    assert date(2025, 5, 2) in after


def test_an_unannounced_year_has_weekends_and_statutory_days_off_and_no_make_up_days() -> None:
    calendar = load_calendar(SHIPPED)
    off = {day: name for day, name in calendar.days_off(date(2027, 1, 1), date(2027, 12, 31)) if name[0] != "周"}
    assert {f"{day:%m-%d}": name for day, name in off.items()} == {
        "01-01": "元旦",
        **dict.fromkeys(["02-05", "02-06", "02-07", "02-08"], "春节"),
        "04-05": "清明节",
        **dict.fromkeys(["05-01", "05-02"], "劳动节"),
        "06-09": "端午节",
        "09-15": "中秋节",
        **dict.fromkeys(["10-01", "10-02", "10-03"], "国庆节"),
    }
    assert calendar.makeup_days(date(2027, 1, 1), date(2100, 12, 31)) == []
    assert calendar.is_provisional(date(2027, 7, 1))
    assert max(calendar.announced) == 2026


def test_the_shipped_files_say_what_the_library_says() -> None:
    ours, library = load_calendar(SHIPPED), load_calendar(None)
    every = [date(2004, 1, 1) + timedelta(days=n) for n in range(365 * 97)]
    assert [day for day in every if ours.is_workday(day) != library.is_workday(day)] == []
    assert ours.version == f"{library.version} + 2015.yaml + 2024.yaml + 2025.yaml + 2026.yaml"


def due_after(calendar: Calendar, occurred: date) -> Occurrence:
    rule = EventRule("received", "收到公开申请")
    within = Within(span=Span(20, "workdays"), event=rule)
    duty = Duty(
        county="sample",
        pack="p",
        id="foi",
        title="答复",
        clause="三",
        in_force_from=date(2015, 1, 1),
        in_force_until=date(2030, 12, 31),
        parts=(Part("", "答复", (within,)),),
        assignments=(Assignment("keji", ("keji",), ()),),
    )
    county = County("sample", "样例县", date(2015, 1, 1), {}, {}, {}, zone=ZoneInfo("Asia/Shanghai"))
    happened = Event(1, "received", "keji", "1", occurred, datetime(2026, 11, 24, tzinfo=UTC))
    (occurrence,) = from_event(duty, happened, calendar, county)
    return occurrence


def test_when_the_table_comes_a_provisional_date_is_computed_again(folder: Path) -> None:
    before = load_calendar(folder)
    (folder / "2027.yaml").write_text(NOTICE_2027, encoding="utf-8")
    after = load_calendar(folder)
    old, new = due_after(before, date(2027, 1, 15)), due_after(after, date(2027, 1, 15))
    assert (old.due_on, old.provisional) == (date(2027, 2, 16), True)
    # 9 to 11 February are off now, Sunday 31 January is worked.
    assert (new.due_on, new.provisional) == (date(2027, 2, 18), False)
    assert old.key == new.key
    assert "暂定" in old.derivation.text
    assert "暂定" not in new.derivation.text
    assert new.derivation.text.endswith("；放假安排：试〔2026〕1号。")
    assert after.version.endswith(" + 2015.yaml + 2024.yaml + 2025.yaml + 2026.yaml + 2027.yaml")
    assert before.digest != after.digest
    assert not after.is_provisional(date(2026, 12, 31))


def test_a_notice_may_reach_back_into_december(folder: Path) -> None:
    (folder / "2027.yaml").write_text(NOTICE_2027, encoding="utf-8")
    calendar = load_calendar(folder)
    assert calendar.is_workday(date(2026, 12, 26))
    assert calendar.day_off_name(date(2026, 10, 7)) == "国庆节"


def test_a_year_file_replaces_the_librarys_year_but_not_what_the_next_notice_said_of_it(folder: Path) -> None:
    # The notice for 2019 made a working day of Saturday 29 December 2018 and took Monday the 31st off.
    (folder / "2018.yaml").write_text(
        "year: 2018\noff:\n"
        "  - {name: 元旦, from: 2018-01-01, to: 2018-01-01}\n"
        "  - {name: 春节, from: 2018-02-15, to: 2018-02-21}\n"
        "  - {name: 清明节, from: 2018-04-05, to: 2018-04-07}\n"
        "  - {name: 三月三, from: 2018-04-18, to: 2018-04-18}\n"
        "  - {name: 劳动节, from: 2018-04-29, to: 2018-05-01}\n"
        "  - {name: 端午节, from: 2018-06-16, to: 2018-06-18}\n"
        "  - {name: 中秋节, from: 2018-09-22, to: 2018-09-24}\n"
        "  - {name: 国庆节, from: 2018-10-01, to: 2018-10-07}\n",
        encoding="utf-8",
    )
    calendar = load_calendar(folder)
    assert calendar.day_off_name(date(2018, 4, 18)) == "三月三"
    assert calendar.day_off_name(date(2018, 4, 8)) == "周日"  # worked in the library's table, not in this file
    assert calendar.is_workday(date(2018, 12, 29))
    assert calendar.day_off_name(date(2018, 12, 31)) == "元旦"


def test_a_folder_without_year_files_leaves_the_library(tmp_path: Path) -> None:
    assert load_calendar(tmp_path) == load_calendar(tmp_path / "nowhere") == load_calendar(None)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("year: 2027", "year: 2026", "2027.yaml:1:7: the file's name says 2027, the year is 2026"),
        ("year: 2027", "jahr: 2027", "2027.yaml:1:1: unknown key 'jahr'"),
        ("to: 2027-01-03", "to: 2027-02-31", "2027.yaml:4:38: no such day: '2027-02-31' (allowed: YYYY-MM-DD)"),
        ("from: 2027-01-01, to", "from: 2027-01-04, to", "2027.yaml:4:38: 2027-01-03 lies before 2027-01-04"),
        ("to: 2027-02-11", "to: 2027-04-03", "2027.yaml:6:23: overlaps the days off given before"),
        ("2027-01-31,", "2027-02-01,", "2027.yaml:11:20: 2027-02-01 is a Monday: only a Saturday or Sunday"),
        ("2027-01-31,", "2027-02-06,", "2027.yaml:11:20: 2027-02-06 is among the days off"),
        ("2026-12-26", "2026-11-29", "2027.yaml:11:8: not a day of 2027 or of the December before it"),
        ("from: 2027-06-09, to: 2027-06-09", "from: 2027-06-10, to: 2027-06-10",
         "2027.yaml:3:1: 2027-06-09 (端午节) is off by law and lies in no stretch"),
        ("work:", "\twork:", "2027.yaml:11:1: a tab"),
    ],
)  # fmt: skip
def test_a_slip_in_a_year_file_is_refused_with_its_place(folder: Path, old: str, new: str, message: str) -> None:
    (folder / "2027.yaml").write_text(NOTICE_2027.replace(old, new, 1), encoding="utf-8")
    assert any(error.startswith(message) for error in errors(folder)), errors(folder)


def test_all_defects_of_all_files_come_at_once(folder: Path) -> None:
    (folder / "2027.yml").write_text(NOTICE_2027, encoding="utf-8")
    (folder / "2028.yaml").write_bytes("year: 2028\noff: 元旦".encode("gb18030"))
    (folder / "2029.yaml").write_text("year: 2029\n", encoding="utf-8")
    assert errors(folder) == [
        "2027.yml:1:1: not a year file: '2027.yml' (allowed: YEAR.yaml, notices.yaml)",
        "2028.yaml:2:7: not UTF-8: save the file as UTF-8",
        "2029.yaml:1:1: missing key 'off'",
    ]


def test_the_schema_describes_a_year_file() -> None:
    schema = YearModel.model_json_schema()
    assert set(schema["properties"]) == {"year", "notice", "off", "work"}
    assert schema["required"] == ["year", "off"]
    assert schema["additionalProperties"] is False


# --- the numbers of the notices ---------------------------------------------------------------------


def test_a_number_stands_in_the_year_s_own_file_or_in_that_of_the_numbers(folder: Path) -> None:
    calendar = load_calendar(folder)
    assert calendar.notices[2015] == "国办发明电〔2014〕28号"
    assert calendar.notices[2018] == "国办发明电〔2017〕12号"
    (folder / "notices.yaml").write_text("notices: {2015: 甲, 2018: 乙, 2027: 丙}\n", encoding="utf-8")
    calendar = load_calendar(folder)
    assert calendar.notices[2015] == "国办发明电〔2014〕28号"  # the year's own goes before it
    assert calendar.notices[2018] == "乙"
    assert 2027 not in calendar.notices  # nothing is announced
    (folder / "notices.yaml").unlink()
    assert sorted(load_calendar(folder).notices) == [2015, 2024, 2025, 2026]


def test_a_notice_is_cited_by_its_number_else_by_its_year(folder: Path) -> None:
    calendar = load_calendar(folder)
    assert calendar.cite_notices([date(2018, 10, 1), date(2018, 10, 6), date(2019, 5, 1)]) == [
        "国办发明电〔2017〕12号",
        "国办发明电〔2018〕15号、国办发明电〔2019〕3号",
    ]
    assert calendar.cite_notices([date(2008, 10, 1)]) == ["国务院办公厅2008年节假日安排"]
    # Saturday 29 December 2018 was worked by the notice for 2019; Saturday the 22nd was off in 2018 as always.
    assert calendar.cite_notices([date(2018, 12, 29)]) == ["国办发明电〔2018〕15号、国办发明电〔2019〕3号"]
    assert calendar.cite_notices([date(2018, 12, 22)]) == []
    assert Calendar.from_body(calendar.body).cite_notices([date(2015, 9, 4)]) == ["国发明电〔2015〕1号"]
    assert calendar.cite_notices([date(2027, 1, 1)]) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("notices: {2018: }\n", "notices.yaml:1:11: the key '2018' has no value"),
        ("notices: {二〇一八: 乙}\n", "notices.yaml:1:11: expected a whole number, found '二〇一八'"),
        ("numbers: {2018: 乙}\n", "notices.yaml:1:1: missing key 'notices'"),
    ],
)
def test_a_slip_in_the_numbers_is_refused_with_its_place(folder: Path, text: str, message: str) -> None:
    (folder / "notices.yaml").write_text(text, encoding="utf-8")
    assert errors(folder)[0] == message


def test_a_stored_calendar_keeps_the_numbers(folder: Path) -> None:
    calendar = load_calendar(folder)
    assert Calendar.from_body(calendar.body).notices == calendar.notices
    old = Calendar("V", {}, [], [2015])
    assert "notices" not in old.body  # as it was before numbers were kept
    assert Calendar.from_body(old.body) == old
