"""`duban notify` and `duban silence`: what a person sees before anything goes out, and what the other side said."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.commands.command_line import Duban

BUDGET = "budget/keji/event:budget-approved:2015-03-02"
NOW = ("--now", "2015-05-05T09:00")


class TestPreview:
    def test_it_shows_each_message_of_the_step(self, county: Path, duban: Duban, tmp_path: Path) -> None:
        page = tmp_path / "notice.html"
        said = duban("notify", "preview", BUDGET, "--step", "to-lead", "--html", page, *NOW)
        assert said.status == 0
        assert said.out.count("To: ") == 2
        assert "To: liaison " in said.out
        assert "To: lead " in said.out
        assert "Subject: 【样例县政务公开督办】" in said.out
        assert page.read_text("utf-8").startswith("<!DOCTYPE html>")

    def test_where_the_link_will_stand_is_said_but_none_is_made(
        self, county: Path, duban: Duban, tmp_path: Path
    ) -> None:
        page, asked = tmp_path / "notice.html", ("notify", "preview", BUDGET, "--step", "to-lead")
        assert "链接" not in duban(*asked, *NOW).out  # without pages no mail bears any
        schedule = county / "schedule.yaml"
        pages = "console:\n  listen: 127.0.0.1:8080\n  base: http://127.0.0.1:8080/\n"
        pages += "  secret: q7Zk0sVb3mXr9tLw2nHc5yDg8fJp4aEu\n"
        schedule.write_text(schedule.read_text("utf-8") + pages, "utf-8")
        said = duban(*asked, "--html", page, *NOW)
        assert (
            "知悉、已公开、报送材料、说明情况或者提出异议，请打开：（发出的邮件在此处附有收件人本人的链接，预览不生成）"
            in said.out
        )
        assert "回执：（发出的邮件在此处附有收件人本人的链接，预览不生成）" in page.read_text("utf-8")
        assert "/r/" not in said.out + page.read_text("utf-8")

    @pytest.mark.parametrize(
        ("asked", "now", "subject"),
        [
            (BUDGET, "2015-05-05T09:00", "请核对"),  # the step that stands
            (BUDGET, "2015-03-03T09:00", "即将到期1件"),  # none does: the next one
            ("budget/huanbao/awaiting:budget-approved", "2015-05-05T09:00", "即将到期1件"),  # none has a day: the first
        ],
    )
    def test_without_a_step_it_shows_the_current_one_or_the_next(
        self, county: Path, duban: Duban, asked: str, now: str, subject: str
    ) -> None:
        said = duban("notify", "preview", asked, "--now", now)
        assert said.status == 0
        assert [subject in line for line in said.out.splitlines() if line.startswith("Subject: ")] == [True]

    def test_only_one_role(self, county: Path, duban: Duban) -> None:
        said = duban("notify", "preview", BUDGET, "--step", "to-lead", "--to", "lead", *NOW)
        assert said.out.count("To: ") == 1

    @pytest.mark.parametrize(
        ("asked", "words"),
        [
            ((BUDGET, "--step", "overdu"), "no step 'overdu'"),
            ((BUDGET, "--step", "question", "--to", "supervisor"), "is not sent to 'supervisor'"),
            (("budget/kejj/event:budget-approved:2015-03-02",), "no occurrence"),
        ],
    )
    def test_what_is_unknown_is_named(self, county: Path, duban: Duban, asked: tuple[str, ...], words: str) -> None:
        said = duban("notify", "preview", *asked, *NOW)
        assert said.status == 2
        assert words in said.err


class TestTrial:
    def test_it_says_what_the_other_side_answered(self, county: Path, duban: Duban) -> None:
        said = duban("notify", "test", "--to", "liaison@huanbao")
        assert said.status == 0
        assert "taken: written to" in said.out
        (path,) = (county / "mails").glob("*.eml")
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert mail["Subject"] == "【样例县政务公开督办】测试"

    @pytest.mark.parametrize(
        ("asked", "words"),
        [
            (("--to", "liaison@huanbo"), "no role 'liaison@huanbo'"),
            (("--to", "county-office", "--channel", "wecom"), "no channel 'wecom' (one of: mail)"),
        ],
    )
    def test_what_is_unknown_is_named(self, county: Path, duban: Duban, asked: tuple[str, ...], words: str) -> None:
        said = duban("notify", "test", *asked)
        assert said.status == 2
        assert words in said.err

    def test_who_is_told_instead_is_said(self, county: Path, duban: Duban) -> None:
        path = next((county / "rules" / "counties").glob("*/county.yaml"))
        path.write_text(path.read_text("utf-8").replace("mail: huanbao@sample.example", 'mail: ""'), "utf-8")
        said = duban("notify", "test", "--to", "liaison@huanbao")
        assert said.status == 1
        assert (
            "liaison@huanbao (环保局联络员) cannot be written to, 未登记有效邮箱: 环保局负责人 is told instead"
            in said.err
        )
        assert "mail to huanbao-lead@sample.example: taken" in said.out

    def test_a_channel_that_does_not_get_through_is_found(self, county: Path, duban: Duban) -> None:
        schedule = county / "schedule.yaml"
        channel = "channels:\n  group: {kind: wecom, url: http://127.0.0.1:9/send?key=k}\n"
        schedule.write_text(schedule.read_text("utf-8") + channel, "utf-8")
        said = duban("notify", "test", "--to", "county-office", "--channel", "group")
        assert said.status == 1
        assert "group to group: not taken" in said.out


def test_a_silence_is_ordered_listed_and_lifted(county: Path, duban: Duban) -> None:
    who = ("--by", "李主任", "--reason", "机构改革")
    said = duban("silence", "add", "--until", "2015-08-31", "--duty", "environment-monthly", *who, *NOW)
    assert (said.status, said.out) == (0, "silence 1 holds until 2015-09-01 00:00\n")
    listed = duban("silence", "list", "--format", "csv", *NOW)
    assert [(row["id"], row["duty"], row["state"], row["by"]) for row in listed.rows] == [
        ("1", "environment-monthly", "holds", "李主任")
    ]
    assert duban("silence", "lift", "1", *who, *NOW).status == 0
    assert duban("silence", "list", "--format", "csv", *NOW).rows == []
    again = duban("silence", "list", "--all", "--format", "csv", *NOW)
    assert [row["state"] for row in again.rows] == ["lifted"]
    unknown = duban("silence", "lift", "7", *who, *NOW)
    assert (unknown.status, "no silence 7 (there are: 1)" in unknown.err) == (2, True)
