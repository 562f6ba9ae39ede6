"""Secrets of schedule.yaml are needed by what sends mail and serves pages, by nothing else, and shown nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tracker.rulebook.schedule_forms import SECRET_PLACES
from tracker.rulebook.secret_files import SECRETS_FILE

NOW = ("--now", "2015-05-04T09:00")
OCCURRENCE = "environment-monthly/huanbao/2015-03"
SCHEDULE = """
channels:
  group: {kind: wecom, url: "${DUBAN_WECOM}"}
  phones:
    kind: sms
    url: "http://127.0.0.1:1/?key=${DUBAN_SMS}"
    body: "key=${DUBAN_SMS}&to={phone}"
    headers: {Authorization: "Bearer ${DUBAN_SMS}"}
console: {base: "https://duban.example.gov.cn/", secret: "${DUBAN_CONSOLE_SECRET}"}
"""
SMTP = (
    'via: smtp\n  smtp: {host: 127.0.0.1, port: 1, tls: none, user: "${DUBAN_USER}", password: "${DUBAN_PASSWORD}"}'
    '\n  bounces: {host: 127.0.0.1, port: 1, tls: none, user: "${DUBAN_USER}", password: "${DUBAN_IMAP}"}\n'
)
SECRETS = {
    "DUBAN_USER": "account-hidden7Q",
    "DUBAN_PASSWORD": "password-hidden7Q",
    "DUBAN_IMAP": "imap-hidden7Q",
    "DUBAN_WECOM": "http://127.0.0.1:1/token-hidden7Q",
    "DUBAN_SMS": "sms-hidden7Q",
    "DUBAN_CONSOLE_SECRET": "hidden7Q-k0sVb3mXr9tLw2nHc5yDg8fJp4aEu",
}
LACKING = [
    "channels.group.url: the environment variable 'DUBAN_WECOM' is not set",
    "channels.phones.body: the environment variable 'DUBAN_SMS' is not set",
    "channels.phones.headers.Authorization: the environment variable 'DUBAN_SMS' is not set",
    "channels.phones.url: the environment variable 'DUBAN_SMS' is not set",
    "console.secret: the environment variable 'DUBAN_CONSOLE_SECRET' is not set",
    "delivery.bounces.password: the environment variable 'DUBAN_IMAP' is not set",
    "delivery.bounces.user: the environment variable 'DUBAN_USER' is not set",
    "delivery.smtp.password: the environment variable 'DUBAN_PASSWORD' is not set",
    "delivery.smtp.user: the environment variable 'DUBAN_USER' is not set",
]


@pytest.fixture
def secretive(county: Path) -> Path:
    """The county with secrets at every place for one; none of their variables is set."""
    path = county / "schedule.yaml"
    text = path.read_text("utf-8")
    start, end = text.index("  via: folder"), text.index("  retry_for:")
    sender = re.search(r"  sender: .*\n", text[start:end])
    assert sender
    path.write_text(text[:start] + "  " + SMTP + sender[0] + text[end:] + SCHEDULE, "utf-8")
    return county


def named(text: str) -> list[str]:
    """The places that are named as not set, without file and line."""
    return sorted(re.findall(r"schedule\.yaml:\d+:\d+: (\S+: the environment variable '\w+' is not set)", text))


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "words",
    [
        ("status", "--department", "huanbao"),
        ("deadlines", "--from", "2015-03-01", "--to", "2015-03-02"),
        ("explain", OCCURRENCE),
        ("report", "overdue"),
        ("journal", "verify"),
        ("silence", "list"),
        ("evidence", "list"),
        ("decision", "list"),
        ("notify", "preview", OCCURRENCE, *NOW),
        ("tick", *NOW),
        ("schema",),
    ],
    ids=" ".join,
)
def test_what_sends_nothing_works_without_them(duban: Duban, secretive: Path, words: tuple[str, ...]) -> None:
    answer = duban(*words)
    assert answer.status in (0, 1)
    assert "environment variable" not in answer.out + answer.err


def test_check_names_them_as_warnings(duban: Duban, secretive: Path) -> None:
    answer = duban("check")
    assert answer.status == 0
    assert named(answer.err) == LACKING
    assert all(line.startswith("warning: ") for line in answer.err.splitlines() if "environment variable" in line)


@pytest.mark.parametrize(
    "words", [("deliver", *NOW), ("once", *NOW), ("run",), ("notify", "test", "--to", "county-office")], ids=" ".join
)
def test_what_sends_says_which_one_it_lacks_and_does_nothing(
    duban: Duban, secretive: Path, words: tuple[str, ...]
) -> None:
    answer = duban(*words)
    assert answer.status == 2
    assert set(named(answer.err)) <= set(LACKING)
    assert named(answer.err)
    assert not (secretive / "mails").exists()


def test_doctor_calls_each_one_wrong(duban: Duban, secretive: Path) -> None:
    answer = duban("doctor", "--offline", "--format", "csv", *NOW)
    wrong = {row["check"] for row in answer.rows if "environment variable" in row["what"] and row["state"] == "wrong"}
    assert wrong == {"mail", "console", "bounces", "channel"}


def test_a_server_that_is_not_used_needs_none(duban: Duban, county: Path) -> None:
    path = county / "schedule.yaml"
    path.write_text(path.read_text("utf-8").replace('password: ""', 'password: "${DUBAN_PASSWORD}"'), "utf-8")
    assert duban("deliver", *NOW).status == 0


def test_set_ones_are_shown_and_stored_nowhere(duban: Duban, secretive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = secretive.parent / "credentials"
    credentials.mkdir()
    (credentials / "DUBAN_PASSWORD").write_text(SECRETS["DUBAN_PASSWORD"] + "\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    (secretive / SECRETS_FILE).write_text(
        f"# for the pages\nDUBAN_CONSOLE_SECRET='{SECRETS['DUBAN_CONSOLE_SECRET']}'\n"
    )
    (secretive / SECRETS_FILE).chmod(0o600)
    for name in ("DUBAN_USER", "DUBAN_IMAP", "DUBAN_WECOM", "DUBAN_SMS"):
        monkeypatch.setenv(name, SECRETS[name])
    written = ""
    for words in (
        ("check",), ("tick", *NOW), ("deliver", *NOW), ("doctor", "--offline", *NOW), ("journal", "show"),
        ("explain", OCCURRENCE), ("notify", "preview", OCCURRENCE, *NOW), ("journal", "export", "journal.jsonl"),
        ("backup", "backups"), ("--log-format", "json", "--verbose", "deliver", *NOW),
    ):  # fmt: skip
        answer = duban(*words)
        assert answer.status in (0, 1)
        written += answer.out + answer.err
    assert "environment variable" not in written
    written = written.replace("account-hidden7Q at 127.0.0.1", "")  # the doctor says whose mailbox it did not ask
    assert "hidden7Q" not in written
    files = [path for path in secretive.rglob("*") if path.is_file()]
    assert [path.name for path in files if b"hidden7Q" in path.read_bytes()] == [SECRETS_FILE]
    assert any(path.parent.name == "backups" for path in files)


def test_a_password_in_clear_is_in_no_backup(duban: Duban, county: Path) -> None:
    path = county / "schedule.yaml"
    path.write_text(path.read_text("utf-8").replace('password: ""', 'password: "hidden7Q"'), "utf-8")
    answer = duban("backup", "backups")
    assert (answer.status, "delivery.smtp.password: a secret stands there in clear" in answer.err) == (2, True)
    assert not (county / "backups").exists()
    notes = [row for row in duban("doctor", "--offline", "--format", "csv", *NOW).rows if row["check"] == "secrets"]
    assert [row["what"].partition(" ")[0] for row in notes] == ["delivery.smtp.password"]


def test_an_address_that_cannot_be_one_is_not_shown(
    duban: Duban, secretive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_WECOM", "token-hidden7Q without an address")
    answer = duban("check")
    assert answer.status == 2
    assert "not an address (what is written there is not shown)" in answer.err
    assert "hidden7Q" not in answer.out + answer.err


def test_the_places_of_secrets_follow_from_the_types_of_the_keys() -> None:
    assert {".".join(place) for place in SECRET_PLACES} == {
        "delivery.smtp.user", "delivery.smtp.password", "delivery.bounces.user", "delivery.bounces.password",
        "channels.*.url", "channels.*.secret", "channels.*.body", "channels.*.headers.*", "console.secret",
        "console.oidc.secret",
    }  # fmt: skip


@pytest.mark.nightly
def test_a_replay_sends_nothing_and_needs_no_secret(duban: Duban, secretive: Path) -> None:
    answer = duban("replay", "--to", "2015-01-12", "--format", "csv")
    assert (answer.status, answer.err) == (0, "")
    assert len(answer.rows) > 0
