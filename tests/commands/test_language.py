"""The command line in Chinese and in English: all is said in both, and CSV and JSON are the same in both."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.commands import messages
from tests.commands.command_line import Duban, Said
from tests.commands.messages import key
from tracker.catalogue import CATALOGUE, PoCatalogue
from tracker.commands import output
from tracker.commands.helptext import widen, wrap
from tracker.commands.language import asked_language, choose, language_of, pad, tr
from tracker.commands.main import main
from tracker.core.escalation.notices import OWN_STEPS
from tracker.core.values.message import Message
from tracker.rulebook.load import load

BUDGET = "budget/keji/event:budget-approved:2015-03-02"
NOW = ("--now", "2015-05-05T09:00")
WHY = ("--by", "张主任", "--reason", "属实")
#: What the system says of files, as Python hands it on.
SYSTEM = {
    os.strerror(code)
    for code in (errno.ENOENT, errno.EACCES, errno.EEXIST, errno.EISDIR, errno.ENOTDIR, errno.ENOSPC, errno.EROFS)
}
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z]{2,}")
_VALUES = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)[a-z]|%[a-z]")


@pytest.fixture(scope="session")
def catalogue() -> dict[str, str]:
    with CATALOGUE.open("rb") as stream:
        return PoCatalogue(stream).texts


@pytest.fixture
def chinese() -> Iterator[Callable[..., str]]:
    """What is said in Chinese."""
    choose("zh")
    yield tr
    choose("en")


# -- the catalogue ---------------------------------------------------------------------------------


def all_keys(monkeypatch: pytest.MonkeyPatch, steps: set[str]) -> set[str]:
    """Every key that the command line may ask for."""
    columns = {column for columns in messages.column_lists().values() for column in columns}
    heads = {key("column", column) for column in (*columns, *messages.MORE_COLUMNS)}
    words = {key(column, word) for column, words in messages.WORDS.items() for word in words}
    steps = {key("step", step) for step in steps}
    helps = messages.asked_by_help(monkeypatch)
    return {
        *messages.said_in_code(),
        *messages.said_on_pages(),
        *helps,
        *messages.argparse_texts(),
        *SYSTEM,
        *heads,
        *words,
        *steps,
    }


def test_everything_is_said_in_chinese_too_and_nothing_else(
    catalogue: dict[str, str], made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies = load(made, os.environ).schedule.policies.values()
    steps = {step.name for policy in policies for step in policy.steps} | OWN_STEPS
    keys = all_keys(monkeypatch, steps)
    assert sorted(keys - catalogue.keys()) == [], "these have no Chinese"
    # Another Python's argparse may say something that this one does not.
    stale = {text for text in catalogue.keys() - keys if "%" not in text}
    assert sorted(stale) == [], "nobody asks for these any more"


def test_a_text_is_never_put_together_before_it_is_translated() -> None:
    assert [*messages.put_together()] == []


def test_a_translation_has_the_values_of_its_text(catalogue: dict[str, str]) -> None:
    for text, said in catalogue.items():
        named, used = set(_VALUES.findall(text)), set(_VALUES.findall(said))
        assert used == named or (used < named and "%(type)s" in named), text
        if named and "%" not in text:
            assert "{" not in _VALUES.sub("", said), text


def test_the_catalogue_is_read_as_gettext_reads_it(catalogue: dict[str, str]) -> None:
    with CATALOGUE.open("rb") as stream:
        entries = [entry for entry in read_po(stream, abort_invalid=True) if entry.id]
    assert not [entry.id for entry in entries if entry.fuzzy]
    read = {}
    for entry in entries:
        text, said = (one if isinstance(one, str) else one[0] for one in (entry.id, entry.string))
        read[key(entry.context, text) if entry.context else text] = said
    assert catalogue == read


def test_the_heads_of_a_table_differ(catalogue: dict[str, str]) -> None:
    for name, columns in messages.column_lists().items():
        heads = [catalogue[key("column", column)] for column in columns]
        assert len(set(heads)) == len(heads), name


# -- which language --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.GB18030"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_locale_chooses(environ: dict[str, str], language: str) -> None:
    assert language_of(environ) == language


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (["status"], None),
        (["--lang", "zh", "status"], "zh"),
        (["status", "--lang=zh"], "zh"),
        (["--lang", "zh", "status", "--lang", "en"], "en"),
        (["--lang", "fr"], None),
        (["--lang"], None),
    ],
)
def test_the_option_chooses_before_anything_is_parsed(words: list[str], language: str | None) -> None:
    assert asked_language(words) == language


@pytest.mark.sampled(3)
@pytest.mark.parametrize("words", [("--lang", "zh", "status"), ("status", "--lang", "zh"), ("status", "--lan", "zh")])
def test_the_language_is_given_before_or_behind_the_command(duban: Duban, county: Path, words: tuple[str, ...]) -> None:
    assert "时限" in duban(*words).out.splitlines()[1]


@pytest.mark.nightly
def test_the_locale_of_the_process_is_the_default(duban: Duban, county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "时限" in duban("status").out.splitlines()[1]
    assert "due_on" in duban("status", "--lang", "en").out.splitlines()[1]


def test_an_unknown_language_is_refused(duban: Duban, county: Path) -> None:
    said = duban("status", "--lang", "fr")
    assert (said.status, said.out) == (2, "")
    assert "argument --lang: invalid choice: 'fr'" in said.err


# -- status, deadlines, explain --------------------------------------------------------------------

SHOWN = {
    "status": ("status", "--department", "keji"),
    "all": ("status", "--all"),
    "deadlines": ("deadlines", "--from", "2015-03-01", "--to", "2015-06-30"),
    "filed": ("explain", BUDGET, *NOW),
    "nothing filed": ("explain", "environment-monthly/huanbao/2015-03", *NOW),
    "waived": ("explain", "proactive/keji/2015-Q2", *NOW),
}


@pytest.fixture(scope="module")
def decided_once(ticked_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county in which proofs were filed, decided about and taken back; nobody writes here."""
    folder = tmp_path_factory.mktemp("decided") / "county"
    shutil.copytree(ticked_once, folder)
    waive = ("--ground", "secret", "--basis", "保密法", "--asked-by", "王敏")
    for words in (
        ("attest", BUDGET, "--statement", "已在公告栏张贴", "--on", "2015-03-10", "--by", "王敏"),
        ("evidence", "accept", BUDGET, "attestation:1", *WHY),
        ("waive", "proactive/keji/2015-Q2", *waive, *WHY, "--until", "2015-06-01"),
        ("decision", "revoke", "2", *WHY),
        ("tick",),
    ):
        assert main(["--root", str(folder), *words, *NOW]) == 0
    return folder


@pytest.fixture
def decided(decided_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, where the command is given; no cell of a table is broken into lines."""
    folder = tmp_path / "county"
    shutil.copytree(decided_once, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(output, "UNBOUNDED", 20_000)
    return folder


@pytest.mark.parametrize("words", SHOWN.values(), ids=SHOWN)
def test_english_holds_chinese_only_where_it_is_set_off(duban: Duban, decided: Path, words: tuple[str, ...]) -> None:
    """In 「」, or below a head that says so; the keys of occurrences may hold what people numbered them."""
    said = duban(*words, "--lang", "en").out
    assert _CHINESE.search(said)
    text = re.sub(r"「[^」]*」", "", said)
    lines = re.sub(r"\S+[:/]\S*", lambda key: " " * places(key[0]), text).splitlines()
    head = next((line for line in lines if "(in Chinese)" in line), "")
    for line in lines:
        assert not _CHINESE.search(line[: head.index("(in Chinese)") - 8] if head else line), line


@pytest.mark.sampled(3)
@pytest.mark.parametrize("words", SHOWN.values(), ids=SHOWN)
def test_chinese_holds_english_only_in_keys_and_commands(duban: Duban, decided: Path, words: tuple[str, ...]) -> None:
    said = duban(*words, "--lang", "zh")
    assert not foreign(said.out + said.err, decided)


def foreign(text: str, county: Path) -> set[str]:
    """The English words of a text that are no key, no command and no option."""
    (rulebook,) = load(county, os.environ).rulebooks
    duties, columns = rulebook.duties, rulebook.county.columns
    keys = {*rulebook.county.departments, *(duty.id for duty in duties), *columns, *rulebook.events, "once"}
    keys |= {part.name for duty in duties for part in duty.parts if part.name}
    rest = re.sub(r"`[^`]*`|--[a-z-]+|https?://\S+|[a-z-]+[:/@]\S*|@\S+", "", text)
    rest = re.sub("chinesecalendar|yaml|[QH][1-4]", "", rest)  # a derivation names the calendar that it counted by
    for known in sorted(keys, key=len, reverse=True):
        rest = re.sub(rf"(?<![A-Za-z]){re.escape(known)}(?![A-Za-z])", "", rest)
    return set(_ENGLISH.findall(rest))


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("words", [SHOWN["all"], SHOWN["deadlines"], ("decision", "list")], ids=lambda words: words[0])
def test_programs_read_the_same_in_both(duban: Duban, decided: Path, words: tuple[str, ...], form: str) -> None:
    english, zh = (duban(*words, "--format", form, "--lang", language).out for language in ("en", "zh"))
    assert english == zh
    assert _ENGLISH.search(zh.splitlines()[0] + zh.splitlines()[2])


def test_a_table_has_chinese_heads_lights_and_statuses(duban: Duban, decided: Path) -> None:
    shown = duban("status", "--all", "--lang", "zh").out
    assert shown.splitlines()[1].split() == ["事项", "单位", "时期", "时限", "灯", "原因"]
    rows = {cells[0] + cells[1]: cells for line in shown.splitlines()[3:-1] if len(cells := line.split()) > 5}
    assert rows["budgetkeji"][4] == "绿"
    listed = duban("attest", "list", "--lang", "zh").out
    assert [*listed.splitlines()[1].split()][-2:] == ["状态", "原因"]
    assert "已采信" in listed


def test_an_explanation_in_chinese_has_chinese_labels(duban: Duban, decided: Path) -> None:
    said = duban("explain", BUDGET, *NOW, "--lang", "zh").out
    titles = ("核验项", "检查情况", "比对结果", "认定（本任务已有 1 次）", "通知")
    for line in (*titles, "时限     2015年3月23日", "状态     已公开（绿）", "  county-site/finance：从未检查"):
        assert line in said.splitlines(), line
    assert re.search(r"^推算过程 2015年3月2日“预算批复”", said, re.MULTILINE)
    waived = duban("explain", "proactive/keji/2015-Q2", *NOW, "--lang", "zh").out
    assert "豁免，至 2015-06-01，认定人：张主任，提出人：王敏" in waived
    assert "张主任已于 2015-05-05 撤销：属实" in waived


def test_an_explanation_in_english_quotes_the_persons_too(duban: Duban, decided: Path) -> None:
    said = duban("explain", "proactive/keji/2015-Q2", *NOW, "--lang", "en").out
    assert (
        "waive until 2015-06-01, by 「张主任」, asked by 「王敏」: revoked by 「张主任」 on 2015-05-05: 「属实」"
        in said
    )


# -- what cannot be used ---------------------------------------------------------------------------

WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "unknown command": (("remind",), "没有 'remind' 这一项（可选："),
    "unknown option": (("status", "--what"), "无法识别的参数：--what"),
    "no value": (("status", "--department"), "参数 --department：应有一个值"),
    "no occurrence": (("explain",), "缺少参数：任务"),
    "no day": (("deadlines", "--from", "2015-02-30"), "参数 --from：'2015-02-30' 不是日期：请写作 2015-03-02"),
    "no number": (("workdays", "2015-01-05", "x"), "无法识别的值 'x'"),
    "backwards": (("deadlines", "--from", "2015-02-01", "--to", "2015-01-01"), "--to 2015-01-01 早于 --from 2015-"),
    "unknown department": (("status", "--department", "kj"), "--department kj：没有这一项（可选：bianban, "),
    "unknown county": (("--county", "other", "status"), "--county other：没有这个县（可选：sample）"),
    "unknown occurrence": (("explain", "budgets/keji/once", *NOW), "没有任务 'budgets/keji/once'；"),
    "no file": (("init", "/proc/x"), "duban：/proc/x：没有这个文件或文件夹"),
    "one of two": (("object", "decide", "1", "--by", "甲", "--reason", "乙"), "以下参数须给出其中一个：--upheld"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "message"), WRONG.values(), ids=WRONG)
def test_errors_are_chinese(duban: Duban, county: Path, words: tuple[str, ...], message: str) -> None:
    said: Said = duban("--lang", "zh", *words)
    assert said.status == 2
    assert message in said.err
    rest = re.sub(r"可选：[^）]*|--[a-z]+|'[^']*'|`[^`]*`|/\S+|[a-z-]+/\S+", "", said.err.splitlines()[-1])
    assert set(_ENGLISH.findall(rest)) <= {"duban", *_ENGLISH.findall(" ".join(words))}


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "event of nobody": (
        ("event", "add", "budget-aproved", "--department", "keji", "--on", "2015-03-02"),
        "duban：没有时限起算依据 'budget-aproved'：是不是 budget-approved？",
    ),
    "event without its field": (
        ("event", "add", "budget-approved", "--department", "huanbao", "--on", "2015-03-02"),
        "duban：budget-approved 须填写 year（--field year=…）",
    ),
    "one's own proof": (("attest", "accept", "1", "--by", "王敏", "--reason", "属实"),
                        "duban：attestation:1 由王敏报送，须由他人采信"),
    "a waiver taken back": (("decision", "revoke", "2", *WHY, "--reason", "再次"), "ruling:2 此前已撤销：张主任已于"),
    "too late": (("zero-report", "proactive/keji/2015-Q1", "--by", "王敏", *NOW), "零报告须在时限内报送"),
    "no such occurrence": (("waive", "a/b/c/d/e", "--ground", "secret", "--asked-by", "甲", *WHY, *NOW),
                           "duban：没有任务 'a/b/c/d/e'：这里是县 sample"),
    "a circular too early": (("circular", "draft", "2026-13", "--by", "甲"), "duban：'2026-13' 不是月份"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "message"), REFUSED.values(), ids=REFUSED)
def test_what_a_register_refuses_is_said_in_chinese(
    duban: Duban, decided: Path, words: tuple[str, ...], message: str
) -> None:
    said = duban("--lang", "zh", *words)
    assert said.status == 2
    assert message in said.err


def test_what_a_register_answers_is_said_in_chinese_and_recorded_as_ever(duban: Duban, decided: Path) -> None:
    add = ("event", "add", "budget-approved", "--department", "huanbao", "--on", "2015-03-05", "--field", "year=2015")
    said = duban("--lang", "zh", *add, "--by", "财政局", *NOW)
    assert said.out.startswith("已登记 huanbao 的 budget-approved:2015-03-05")
    assert re.search(r"^  sample/plan-2015/budget/huanbao/\S+: (无法核验|逾期未公开)（[灰红]）", said.out, re.MULTILINE)
    rows = duban("journal", "show", "--last", "1", "--format", "json", "--action", "event").json
    assert rows[0]["action"] == "event.recorded"


# -- help ------------------------------------------------------------------------------------------


def test_help_is_chinese(duban: Duban) -> None:
    said = duban("--lang", "zh", "status", "--help").out
    assert said.startswith("用法：duban status [-h]")
    for words in ("列出最近一次判定的结果（退出码 1：有红灯）。", "--department 代号", "显示本说明后退出"):
        assert words in said


def places(line: str) -> int:
    return len(widen(line))


@pytest.mark.parametrize("width", [40, 80])
def test_help_is_broken_by_the_width_of_its_letters(chinese: Callable[..., str], width: int) -> None:
    text = "将日志链写入可单独校验的文件；已有文件则续写，例如“一月”、《二月》（WARC 存档 duban journal export）。" * 4
    lines = [line.replace("\0", "") for line in wrap(widen(text), width)]
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(map(places, lines)) <= width
    assert min(map(places, lines[:-1])) > width - 12
    assert not [line for line in lines if line[0] in "，。；：、）》”" or line[-1] in "（《“"]


def test_columns_of_help_stand_below_each_other(duban: Duban, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    said = duban("--lang", "zh", "deadlines", "--help").out
    starts = {places(line[: line.index(words)]) for words in ("显示本说明", "时限最早", "时限最晚", "输出格式")
              for line in said.splitlines() if words in line}  # fmt: skip
    assert len(starts) == 1


# -- messages --------------------------------------------------------------------------------------


def test_a_message_is_its_english_text_and_can_be_said_in_chinese(chinese: Callable[..., str]) -> None:
    inner = Message("upheld by {by}", by="赵督查")
    message = Message("ruling: {state}", state=inner)
    assert (message, inner) == ("ruling: upheld by 赵督查", "upheld by 赵督查")
    assert chinese(inner) == "异议成立，答复人：赵督查"
    assert chinese(message) == "ruling: 异议成立，答复人：赵督查"
    assert chinese(Message.lines([inner, "另一行"])) == "异议成立，答复人：赵督查\n另一行"


def test_a_text_with_braces_and_no_values_stays_as_it_is(chinese: Callable[..., str]) -> None:
    assert chinese("{x} 样例") == str(Message("{x} 样例")) == "{x} 样例"


def test_padding_counts_places() -> None:
    assert [pad("状态", 9) + "|", pad("Status", 9) + "|", pad("推算过程超", 9) + "|"] == [
        "状态     |", "Status   |", "推算过程超|",
    ]  # fmt: skip
