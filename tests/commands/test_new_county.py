"""The first day of a new county: nobody gets a mail that was not meant, and what is still to be done is named."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.commands.beside import beside, web_pages
from tests.commands.command_line import Duban
from tests.smtp_server import Catcher, serving

NOW = "2026-11-30T10:00"
OFFICE = "gongkai@sample.example"
#: Nobody answers there.
NO_SITE = "http://127.0.0.1:9/"
NO_PLAN = "no plan is in force today"
OVER_A_YEAR = "start 2015-01-01 lies over a year back"
LOCAL = "mail leaves by smtp under"
NOT_LIVE = "sample has not gone live"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, where the commands are given."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUBAN_SITE", NO_SITE)
    return tmp_path


def readers(folder: Path) -> set[str]:
    """The addresses of all mails that left."""
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in (folder / "mails").glob("*.eml")]
    return {one.addr_spec for mail in mails for one in mail["To"].addresses}


def warned(duban: Duban, *argv: str) -> list[str]:
    return [line for line in duban(*argv).out.splitlines() if line.startswith("warning: ")]


def test_a_new_county_presses_nobody_for_2015(duban: Duban, empty: Path) -> None:
    assert duban("init", "--now", "2026-11-30").status == 0
    own = empty / "rules/counties/county/county.yaml"
    text = own.read_text("utf-8")
    assert "mode: shadow" in text
    assert "start: 2026-11-30" in text
    assert not (empty / "rules/counties/sample").exists()
    own.write_text(text.replace("https://www.fill-in.invalid/", NO_SITE) + "allow_private: true\n", "utf-8")
    duban("once", "--now", NOW)
    duban("once", "--now", "2026-12-02T10:00")
    assert "0 notices" in duban("once", "--now", "2026-12-03T10:00").err
    assert readers(empty) == set()
    assert "2015" not in duban("status", "--format", "csv").out


def test_what_init_leaves_open_is_named_by_check_and_doctor(duban: Duban, empty: Path) -> None:
    duban("init", "--now", "2026-11-30", "--county", "xin", "--name", "新县")
    checked = duban("check", "--now", NOW)
    assert checked.status == 0
    assert "xin: 1 duties, 1 departments, 2 examples" in checked.err
    places = [line.split(": ")[2] for line in checked.out.splitlines() if line.endswith("has to be filled in")]
    assert places == [
        "departments.example",
        "roles.county-office",
        "roles.supervisor",
        "channels.county-site.columns.news",
    ]
    assert "departments.example: name, liaison.name, liaison.mail, lead.name, lead.mail has" in checked.out
    plan = f"rules/counties/xin/county.yaml: {NO_PLAN} (none is listed); copy a pack of rules/packs"
    assert plan in checked.out
    asked = duban("doctor", "--offline", "--now", NOW, "--format", "csv")
    assert asked.status == 1
    wrong = [row["what"] for row in asked.rows if (row["check"], row["state"]) == ("county", "wrong")]
    assert len(wrong) == len(places) + 1
    assert wrong[-1].startswith(plan)


def test_the_outline_offers_what_the_regulations_need(duban: Duban, empty: Path) -> None:
    duban("init", "--now", "2026-11-30", "--county", "xin", "--name", "新县")
    own = empty / "rules/counties/xin/county.yaml"
    listed = own.read_text("utf-8").replace("packs: [rectification]", "packs: [rectification, foi-2019]")
    own.write_text(listed, "utf-8")
    said = duban("--lang", "zh", "check", "--now", NOW)
    assert said.status == 2
    for words in (
        "没有名为 'xianfuban' 的单位或者单位组（可选：example，departments: {xianfuban: {name: …}}",
        "没有栏目 'annual-reports'（可选：news，channels.county-site.columns: {annual-reports: {title: …, url: …}}）",
        "没有栏目 'guide'",
        "没有栏目 'catalogue'",
    ):
        assert words in said.err, said.err
    assert "unknown" not in said.err
    own.write_text(re.sub(r"(?m)^# (?= +(?!overrides)\S)", "", listed), "utf-8")
    checked = duban("check", "--now", NOW)
    assert (checked.status, NO_PLAN in checked.out) == (0, False), checked.err
    assert "channels.county-site.columns: news, annual-reports, guide, catalogue (title, url) has" in checked.out


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (("--county", "新县"), "an ID has lower-case letters and digits"),
        (("--name", " "), "write what the county is called"),
        (("--name", "${HOME}"), "write what the county is called"),
    ],
)
def test_a_name_that_no_rule_file_can_hold_is_refused(
    duban: Duban, empty: Path, argv: tuple[str, ...], why: str
) -> None:
    answer = duban("init", *argv)
    assert answer.status == 2
    assert why in answer.err
    assert list(empty.iterdir()) == []


def test_the_sample_of_2015_tells_nobody_but_its_office_in_2026(duban: Duban, empty: Path) -> None:
    duban("init", "--sample")
    first = duban("once", "--now", NOW)
    assert "; sample has not gone live: what is meant for departments goes to the county office alone" in first.err
    duban("once", "--now", "2026-12-02T10:00")
    duban("once", "--now", "2026-12-03T10:00")
    assert readers(empty) == {OFFICE}
    refused = duban("golive", "--by", "王敏", "--reason", "纪要", "--now", "2026-12-03T11:00")
    assert refused.status == 2
    assert (NO_PLAN in refused.err, OVER_A_YEAR in refused.err, LOCAL in refused.err) == (True, True, False)


SMTP = ("via: folder", "via: smtp")
ROWS = {
    "not live yet": ("2015-05-04", (), False, [NOT_LIVE]),
    "live": ("2015-05-04", (), True, []),
    "the plan's last day": ("2015-12-31", (), True, []),
    "a day later": ("2016-01-01", (), True, [NO_PLAN]),
    "a year after the start": ("2016-01-02", (), True, [NO_PLAN, OVER_A_YEAR]),
    "mail leaves under the machine's own name": ("2015-05-04", SMTP, True, [LOCAL]),
    "all of it": (NOW[:10], SMTP, False, [NO_PLAN, OVER_A_YEAR, LOCAL, NOT_LIVE]),
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("day", "change", "live", "expected"), ROWS.values(), ids=ROWS)
def test_check_and_doctor_warn(
    duban: Duban, county: Path, day: str, change: tuple[str, ...], live: bool, expected: list[str]
) -> None:
    if live:
        assert duban("golive", "--by", "王敏", "--reason", "纪要", "--now", "2015-05-04T09:00").status == 0
    schedule = county / "schedule.yaml"
    if change:
        schedule.write_text(schedule.read_text("utf-8").replace(*change), "utf-8")
    checked = warned(duban, "check", "--now", day)
    assert len(checked) == len(expected)
    assert all(part in line for part, line in zip(expected, checked, strict=True))
    rows = duban("doctor", "--offline", "--now", day, "--format", "csv").rows
    assert [
        f"warning: {row['what']}" for row in rows if row["check"] == "county" and "tick" not in row["what"]
    ] == checked


# -- what a first day must not frighten with ---------------------------------------------------------


def outline(folder: Path, packs: str) -> Path:
    """The file of an outlined county that lists these packs, with all that they ask for uncommented."""
    own = folder / "rules/counties/county/county.yaml"
    text = own.read_text("utf-8").replace("packs: [rectification]", f"packs: [{packs}]")
    own.write_text(re.sub(r"(?m)^# (?= +(?!overrides)\S)", "", text) + "allow_private: true\n", "utf-8")
    return own


def test_a_column_that_nobody_filled_in_is_not_asked_of_the_site(duban: Duban, empty: Path) -> None:
    duban("init", "--now", NOW[:10])
    own = outline(empty, "rectification, foi-2019")
    with web_pages({}) as site:
        text = own.read_text("utf-8").replace("https://www.fill-in.invalid/", site)
        own.write_text(text.replace("待填写栏目（公开指南）", "公开指南"), "utf-8")
        said = duban("once", "--now", NOW)
        assert "county-site/guide" in said.err
        for column in ("annual-reports", "catalogue", "news"):
            assert f"county-site/{column}" not in said.err
        rows = duban("doctor", "--now", NOW, "--format", "csv").rows
        assert [row["what"] for row in rows if row["check"] == "site"] == [f"county-site: {site}guide/ 404"]
        assert "1 columns could not be read yet" in duban("columns", "enrol").err
        assert faulty(duban) == ["crawl column:county-site/guide"]
        own.write_text(text, "utf-8")  # it is a placeholder again
        duban("once", "--now", "2026-12-02T10:00")
        assert faulty(duban) == []


def faulty(duban: Duban) -> list[str]:
    rows = duban("doctor", "--offline", "--now", NOW, "--format", "csv").rows
    return [row["what"].partition(": ")[0] for row in rows if row["check"] == "fault"]


def test_what_was_due_before_the_county_began_is_listed_only_when_asked_for(duban: Duban, empty: Path) -> None:
    duban("init", "--now", "2026-11-30")
    outline(empty, "rectification, foi-2019")
    duban("tick", "--now", NOW)
    assert [row for row in duban("status", "--format", "csv").rows if row["due_on"] < "2026-11-30"] == []
    before = [row for row in duban("status", "--all", "--format", "csv").rows if row["due_on"] < "2026-11-30"]
    assert {"2020-01-31", "2026-01-31"} <= {row["due_on"] for row in before}


def doctor_of_mail(duban: Duban, folder: Path, port: int) -> str:
    schedule = folder / "schedule.yaml"
    text = schedule.read_text("utf-8").replace("via: folder", "via: smtp")
    text = re.sub(r"(?m)^    host: \S*", "    host: 127.0.0.1", text)
    schedule.write_text(re.sub(r"(?m)^    port: \d+", f"    port: {port}", text), "utf-8")
    rows = duban("doctor", "--now", NOW, "--format", "csv").rows
    return next(row["what"] for row in rows if row["check"] == "mail")


def test_doctor_says_what_to_change_where_the_mail_server_does_not_take_the_mails(duban: Duban, empty: Path) -> None:
    duban("init", "--now", "2026-11-30")
    with beside(serving(Catcher())) as server:
        assert "`tls: none`" in doctor_of_mail(duban, empty, server.port)
    assert "no mail server answers (schedule.yaml: delivery.smtp)" in doctor_of_mail(duban, empty, server.port)
