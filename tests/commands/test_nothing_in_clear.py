"""What people say of themselves stands nowhere in clear: not in the database, mails, exports, reports, log, journal.

A year's business is done with the applicant's data, all that Duban writes and says is kept, and every byte of it is
searched for the words, as UTF-8, UTF-16 and GBK, within .xlsx, .docx and mails too.
"""

from __future__ import annotations

import asyncio
import email.policy
import io
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.commands.command_line import Duban
from tests.registers.request_sheet import SECRETS, row_of, workbook
from tracker.daemon.jobs import Office
from tracker.rulebook.load import load
from tracker.store.engine import Store

APPLICANT = {
    "姓名": "欧阳清风", "证件号码": "11010519491231002X", "电话": "13800001234", "地址": "某某镇柳树沟村37号",
    "邮箱": "qingfeng@example.com", "申请内容": "请公开我家老宅的登记簿页",
}  # fmt: skip
THIRD = {"姓名": "司马长空", "电话": "13911112222", "申请内容": "我不同意公开我的承包合同"}
AGENT = {"姓名": "阿依古丽·买买提", "证件类型": "护照", "证件号码": "E87654321", "地址": "某某街道梧桐里5栋"}
WORDS = sorted(
    {text for person in (APPLICANT, THIRD, AGENT) for title, text in person.items() if title != "证件类型"} | {*SECRETS}
)
WHO = ("--by", "杨帆")  # the liaison of guotu by the sample county's file
CODES = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")


def parts(name: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes, and what is packed in them."""
    yield name, raw
    if raw.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for inner in archive.namelist():
                yield from parts(f"{name}/{inner}", archive.read(inner))
    if name.endswith(".eml"):
        message = email.message_from_bytes(raw, policy=email.policy.default)
        yield f"{name}: heads", " ".join(map(str, message.values())).encode()
        for place, part in enumerate(message.walk()):
            if not part.is_multipart():
                yield from parts(f"{name}/{part.get_filename() or place}", part.get_payload(decode=True) or b"")


def found_in(name: str, raw: bytes) -> set[tuple[str, str]]:
    """Which words stand where, in any of the codes."""
    return {
        (place, word)
        for place, content in parts(name, raw)
        for word in WORDS
        for code in CODES
        if word.encode(code) in content
    }


def test_the_search_finds_what_is_there() -> None:
    """Otherwise the test below would prove nothing."""
    for code in CODES:
        assert found_in("x", f"…{WORDS[0]}…".encode(code)) == {("x", WORDS[0])}
    sheet = workbook(row_of())
    assert {word for _, word in found_in("sheet.xlsx", sheet)} == {*SECRETS}
    mail = email.message.EmailMessage()
    mail["Subject"] = APPLICANT["姓名"]
    mail.set_content("见附件")
    mail.add_attachment(sheet, maintype="application", subtype="octet-stream", filename="a.xlsx")
    assert {word for _, word in found_in("a.eml", mail.as_bytes())} == {APPLICANT["姓名"], *SECRETS}


@pytest.fixture
def said(county: Path, duban: Duban, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What a year of business says to the terminal and the log; files are left in the folder."""
    lines: list[str] = []
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def do(*words: object, now: str = "", status: int = 0, stdin: dict[str, str] | None = None) -> str:
        if stdin is not None:
            text = "".join(f'{title}: "{value}"\n' for title, value in stdin.items())
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        done = duban("-v", *map(str, words), *(("--now", now) if now else ()))
        assert done.status == status, (words, done.err)
        lines.append(done.out + done.err)
        return done.out

    do("request", "key", "create")
    receive = ("request", "receive", "--department", "guotu", "--way", "in-person", *WHO)
    title = ("--title", "2014年征地补偿安置方案", "--topic", "土地征收")
    first, second = "2015-guotu-1", "complaint:2015-guotu-1"
    do(*receive, *title, "--filed", "2015-05-04", "--applicant-file", "-", now="2015-05-04T09:00", stdin=APPLICANT)
    do(
        *receive, "--kind", "complaint", "--title", "反映未按期公开", "--filed", "2015-05-04", "--applicant-file", "-",
        now="2015-05-04T09:30", stdin=APPLICANT,
    )  # fmt: skip
    for role, person in (("third-party", THIRD), ("agent", AGENT), ("applicant", {**APPLICANT, "电话": "13800001234"})):
        do("request", "person", first, "--role", role, "--file", "-", *WHO, now="2015-05-05T09:00", stdin=person)
    # What must not be entered is refused, and the refusal does not repeat it.
    for words in (
        (*receive, "--title", f"{APPLICANT['姓名']}家的补偿", "--filed", "2015-05-04", "--applicant-file", "-"),
        (*receive, "--title", f"联系{APPLICANT['电话']}", "--filed", "2015-05-04"),
        ("request", "register", first, *WHO, "--reason", f"{APPLICANT['姓名']}本人到场"),
        ("request", "extend", first, *WHO, "--reason", f"等{THIRD['姓名']}回复"),
        ("request", "person", first, *WHO, "--purpose", f"给{APPLICANT['姓名']}寄信"),
        ("request", "person", first, "--by", "路人", "--purpose", "看看"),
    ):
        do(*words, now="2015-05-05T09:00", status=2, stdin=APPLICANT)
    do("request", "register", first, *WHO, now="2015-05-05T10:00")
    do("request", "register", second, *WHO, now="2015-05-05T10:00")
    do("request", "consult", first, "--whom", "third-party", "--party", "甲", "--interest", "privacy", "--reached",
       "2015-05-06", *WHO, "--reason", "涉及第三方", now="2015-05-06T10:00")  # fmt: skip
    do("request", "opinion", first, "--whom", "third-party", "--result", "refuse", *WHO, now="2015-05-15T10:00")
    do("request", "paper", "receipt", first, "--preview")
    (county / "登记表.xlsx").write_bytes(workbook(row_of()))
    do("request", "import", "登记表.xlsx", "--dry-run", now="2025-06-01T09:00")
    do("request", "import", "登记表.xlsx", "--by", "李录", now="2025-06-01T09:00")
    (county / "登记表.xlsx").unlink()  # the clerk's own copy
    do("request", "key", "rotate", *WHO, now="2025-12-30T09:00")
    do("request", "statistics", "2015", "--to", "figures.xlsx")
    do("request", "statistics", "2015", "--to", "figures.docx")
    look = duban("request", "person", first, *WHO, "--purpose", "核对身份", "--now", "2026-01-04T11:00")
    assert all(text in look.out for text in (*APPLICANT.values(), *THIRD.values()))
    _run_jobs(county, datetime(2026, 1, 5, 8, tzinfo=ZoneInfo("Asia/Shanghai")))
    do("report", "overdue", "--to", "overdue.docx")
    do("report", "ledger", "--to", "ledger.xlsx")
    do("journal", "export", "journal.jsonl")
    for form in ("table", "csv", "json"):
        do("request", "list", "--format", form)
        do("request", "looks", "--format", form)
        do("journal", "show", "--format", form)
    do("request", "show", first)
    do("request", "show", second, "--format", "json")
    assert [*temporary.rglob("*")] == [], "no temporary file is left"
    return lines


def _run_jobs(county: Path, at: datetime) -> None:
    """The daemon's decision, its weekly report, and an hour later the delivery."""
    with Store(f"sqlite:///{county / 'duban.db'}") as store:
        loaded = load(county, os.environ)
        Office(loaded, store, lambda: at, county).tick()
        Office(loaded, store, lambda: at, county).report_overdue()
        asyncio.run(Office(loaded, store, lambda: at + timedelta(hours=2), county).deliver())


@pytest.fixture
def log_kept(county: Path) -> Iterator[None]:
    """A reader that keeps the write-ahead log from being emptied into the database."""
    with closing(sqlite3.connect(county / "duban.db", isolation_level=None)) as reader:
        reader.execute("PRAGMA journal_mode = WAL")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM journal").fetchone()
        yield


@pytest.mark.nightly
def test_the_words_of_the_persons_stand_nowhere_in_clear(log_kept: None, said: list[str], county: Path) -> None:
    files = {str(path.relative_to(county)): path.read_bytes() for path in county.rglob("*") if path.is_file()}
    assert files["duban.db-wal"], "what was written last is still in the log"
    assert any(name.endswith(".eml") for name in files)
    assert {"ledger.xlsx", "overdue.docx", "journal.jsonl", "figures.xlsx", "figures.docx"} <= files.keys()
    assert set().union(*(found_in(name, raw) for name, raw in files.items())) == set()
    assert set().union(*(found_in("terminal and log", text.encode()) for text in said)) == set()
    mails = [content.decode("utf-8", "replace") for name, raw in files.items() for _, content in parts(name, raw)]
    assert any("杨帆：1次，1件（核对身份）" in text for text in mails), "the weekly report names who looked"
