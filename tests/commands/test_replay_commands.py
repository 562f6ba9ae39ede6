"""`duban replay --commands`: what people enter in the year, each as a command of its own at its instant."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path

import pytest

from tracker.commands.main import FINE, FOUND, UNUSABLE, main

COMMANDS = """\
# The congress sits.
2015-01-06T10:00 event add budget-approved --department keji --on 2015-01-05 --reference 2015 --field year=2015 --by A
2015-01-07T09:00 silence add --duty budget --until 2015-01-31 --by 政务公开科 --reason "专项检查，暂缓"
2015-01-08T09:00 silence lift 7 --by 政务公开科 --reason 编号有误
2015-02-01T09:00 silence lift 1 --by 政务公开科 --reason 不在所演日期之内
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sample county."""
    monkeypatch.delenv("DUBAN_DATABASE", raising=False)
    assert main(["init", "--sample", str(tmp_path)]) == 0
    return tmp_path


def replay(office: Path, commands: str) -> int:
    (office / "commands.txt").write_text(commands, "utf-8")
    words = ["--commands", str(office / "commands.txt"), "--to", "2015-01-09", "--keep", str(office / "kept")]
    return main(["--root", str(office), "replay", *words, "--format", "csv"])


@pytest.mark.nightly
def test_commands_are_entered_at_their_instants_and_what_is_refused_is_told(
    office: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert replay(office, COMMANDS) == FOUND
    told = capfd.readouterr().err
    assert "2015-01-07T09:00+08:00 silence add" in told
    assert "refused: 2015-01-08: silence lift 7 --by 政务公开科 --reason 编号有误: no silence 7 (there are: 1)" in told
    assert "不在所演日期之内" not in told
    with sqlite3.connect(office / "kept" / "duban.db") as connection:
        ordered = connection.execute("SELECT duty, recorded_at, lifted_at FROM silences").fetchall()
        decided = connection.execute("SELECT count(*) FROM occurrences WHERE label = 'event:budget-approved:2015'")
        assert decided.fetchone() == (1,)
    assert ordered == [("budget", "2015-01-07 01:00:00.000000", None)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("2015-01-06 tick", "write an instant as 2015-03-02T09:30, then the command"),
        ("soon tick", "write a day as 2015-03-02 or an instant"),
        ("2015-01-06T10:00", "no command after 2015-01-06T10:00"),
        ("2015-01-06T10:00 silence add --reason '", "No closing quotation"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(
    office: Path, line: str, why: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert replay(office, f"# heading\n{line}\n") == UNUSABLE
    told = capfd.readouterr().err
    assert "commands.txt:2" in told
    assert why in told


@pytest.mark.parametrize("option", ["--seed", "--port"])
def test_seed_and_port_are_about_the_sample_site(office: Path, option: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(office), "replay", option, "8015", "--site", "http://127.0.0.1:9/"]) == UNUSABLE
    assert "--seed and --port are about the sample site" in capfd.readouterr().err


@pytest.mark.nightly
def test_the_sample_site_is_served_where_it_is_wanted(office: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["--port", str(port), "--to", "2015-01-09", "--keep", str(tmp_path / "kept"), "--format", "csv"]
    assert main(["--root", str(office), "replay", *words]) == FINE
    with sqlite3.connect(tmp_path / "kept" / "duban.db") as connection:
        addresses = {url.split("/")[2] for (url,) in connection.execute("SELECT url FROM entries")}
    assert addresses == {f"127.0.0.1:{port}"}
