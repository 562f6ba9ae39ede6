"""What a lived year holds, as tables of texts that two sides can be compared by.

The databases are read by the names of tables and columns. What may differ between two sides that decide the same is
given a name that does not: the digests of the rules, the journal's hashes, and who runs the commands.
"""

from __future__ import annotations

import email
import email.policy
import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.compare.living import LivedYear
from tests.compare.sheets import rows_of

#: A row's columns. A tuple of lines is compared by its order alone.
Row = Mapping[str, str | tuple[str, ...]]
#: A table's rows by their keys.
Rows = Mapping[str, Row]

ZONE = ZoneInfo("Asia/Shanghai")
#: Statuses are compared at the end of these days.
DAYS = tuple(date(2015, month, day) for month in range(1, 13) for day in (10, 25))


@dataclass(frozen=True)
class Query:
    """A table to compare. `json`: its columns that hold JSON, of which every leaf becomes a column.

    Rows with the same `key` are numbered in the order of the query.
    """

    name: str
    key: tuple[str, ...]
    sql: str
    json: tuple[str, ...] = ()


_STATUS = (
    "opens_on, due_on, due_at, due_revision, episode, provisional, assumed, derivation, status, light, reason, "
    "proved_at, closed, rulebook, calendar"
)
QUERIES = (
    Query(
        "notices",
        ("subject", "due_revision", "episode", "step", "ordinal", "role", "channel"),
        """SELECT n.subject, n.due_revision, n.episode, n.step, n.ordinal, n.role, n.channel, n.department, n.kind,
                  n.urgent, n.reason, n.detail, n.decided_at, n.not_before, n.state, n.state_reason,
                  m.recipient, m.subject AS mail_subject, m.sent_at
           FROM notices n LEFT JOIN messages m ON m.id = n.message ORDER BY n.id""",
        ("detail",),
    ),
    Query(
        "journal",
        ("at", "action", "subject"),
        'SELECT at, action, subject, who, "before", "after", reason, origin, form FROM journal ORDER BY county, height',
        ("before", "after"),
    ),
    Query("occurrences", ("key",), f'SELECT "key", {_STATUS}, since, created_at FROM occurrences'),
    Query(
        "events",
        ("name", "department", "duty", "reference"),
        'SELECT name, department, duty, reference, occurred, recorded_at, fields, "by", withdrawn_at FROM events',
        ("fields",),
    ),
    Query(
        "filings",
        ("kind", "occurrence", "part", "digest"),
        'SELECT kind, occurrence, part, digest, form, proof, claimed, recorded_at, "by", withdrawn_at FROM filings',
    ),
    Query(
        "rulings",
        ("occurrence", "number"),
        'SELECT occurrence, number, kind, target, part, as_seen, recorded_at, "by", reason, ground, basis, "until", '
        "asked_by FROM rulings",
    ),
    Query(
        "silences",
        ("id",),
        'SELECT id, duty, department, occurrence, begins_at, "until", reason, "by", recorded_at, lifted_at, lifted_by '
        "FROM silences",
    ),
    Query(
        "entries",
        ("column", "url"),
        'SELECT "column", url, listed_title, listed_claimed, first_seen_at, missing_at, gone_at, gone_status, '
        "hollow_at FROM entries",
    ),
    Query(
        "slips",
        ("year", "number"),
        "SELECT year, number, occurrence, due_revision, episode, step, issued_at FROM slips",
    ),
    Query(
        "circulars",
        ("month", "edition"),
        """SELECT month, edition, state, as_of, "values", text, rulebook, drafted_by, drafted_at, consulted_at,
                  window_until, signed_by, signed_at, year, number, issued_by, issued_at FROM circulars""",
        ("values", "text"),
    ),
    Query(
        "circular lines",
        ("month", "edition", "line"),
        """SELECT c.month, c.edition, l.line, l.occurrence, l.department, l.problem, l.shown, l.dropped, l.mended_on
           FROM circular_lines l JOIN circulars c ON c.id = l.circular""",
        ("shown",),
    ),
    Query(
        "circular papers",
        ("month", "line"),
        """SELECT c.month, p.line, p.year, p.number, p.title, p.text, p.issued_at
           FROM circular_papers p JOIN circulars c ON c.id = p.circular""",
        ("text",),
    ),
    Query(
        "faults",
        ("subject", "action"),
        "SELECT subject, action, error, first_at, last_at, count, cleared_at FROM faults",
    ),
)
#: The decision that stood at an instant, of each occurrence.
STANDING = f"""
    SELECT "key", {_STATUS}, shown FROM standings s
    WHERE at = (SELECT max(at) FROM standings t WHERE t."key" = s."key" AND t.at <= ?)
"""


def snapshot(year: LivedYear) -> dict[str, Rows]:
    """The tables of a lived year. Raises sqlite3.OperationalError where a table or column is not there any more."""
    with sqlite3.connect(f"file:{year.database}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        names = Names.of(connection)
        tables = {query.name: table(connection, query, names) for query in QUERIES}
        tables["order in the journal"] = _order(connection, names)
        tables["mails"] = _mails(connection, names)
        tables["statuses"] = _statuses(connection, names)
    for path in year.printed:
        if path.suffix == ".xlsx":
            tables[path.stem] = _ledger(path, "事项编号", names)
            tables[f"{path.stem}, summary"] = _ledger(path, "责任单位", names)
        else:
            tables[f"printed: {path.stem}"] = _lines(path.read_text("utf-8"), names)
    return tables


@dataclass(frozen=True)
class Names:
    """Replaces what is another text in every run. `digests`: of rules and calendars, with the names they get."""

    replaced: tuple[tuple[re.Pattern[str], str], ...]
    digests: Mapping[str, str]

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Names:
        """The names for a database. A digest is called by when it was loaded."""
        found = connection.execute("SELECT digest, kind, loaded_at FROM documents").fetchall()
        replaced = (
            (re.compile(r"(?<!\d)\d+-[0-9a-f]{16}(?![0-9a-f])"), "HEAD"),  # the short form of the journal's last hash
            (re.compile(r"/\S+/printed/"), "FOLDER/"),
            (re.compile(r"\bcli [^\s@]+@\S+"), "cli USER@MACHINE"),
            (re.compile(r"\b[\d,]+ judged, "), ""),  # how much is weighed is no result
            (re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?=warning|error)"), ""),  # when a log line was written
        )
        return cls(replaced, {digest[:12]: f"{kind} of {loaded_at[:16]}" for digest, kind, loaded_at in found})

    def plain(self, text: str) -> str:
        """The text as it is compared."""
        for pattern, name in self.replaced:
            text = pattern.sub(name, text)
        return re.sub(r"(?<![0-9a-zA-Z])[0-9a-f]{12}(?:[0-9a-f]{52})?(?![0-9a-zA-Z])", self._digest, text)

    def _digest(self, found: re.Match[str]) -> str:
        digest = found[0]
        known = self.digests.get(digest[:12])
        return known or ("DIGEST" if len(digest) == 64 else digest)


def table(connection: sqlite3.Connection, query: Query, names: Names) -> Rows:
    """The rows of a query by their keys."""
    return _numbered(
        (
            " · ".join(names.plain(_text(row[column])) for column in query.key),
            dict(_columns(row, query, names)),
        )
        for row in connection.execute(query.sql)
    )


def _columns(row: sqlite3.Row, query: Query, names: Names) -> Iterator[tuple[str, str]]:
    for column in row.keys():  # noqa: SIM118  (a row iterates over its values)
        if column in query.json and row[column]:
            yield from ((f"{column}{path}", names.plain(text)) for path, text in leaves(json.loads(row[column])))
        elif column not in query.key:
            yield column, names.plain(_text(row[column]))


def leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf of a JSON value with its path."""
    if isinstance(value, dict):
        for key in sorted(value):
            yield from leaves(value[key], f"{path}.{key}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from leaves(item, f"{path}[{place}]")
    else:
        yield path, _text(value)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _numbered(rows: Iterable[tuple[str, Row]]) -> Rows:
    """Rows with the same key are told apart by a number."""
    keyed: dict[str, Row] = {}
    counts: Counter[str] = Counter()
    for key, row in rows:
        counts[key] += 1
        keyed[key if counts[key] == 1 else f"{key} ({counts[key]})"] = row
    return keyed


def _order(connection: sqlite3.Connection, names: Names) -> Rows:
    """What the journal wrote at each instant, in its order."""
    lines: dict[str, list[str]] = defaultdict(list)
    for at, action, subject in connection.execute("SELECT at, action, subject FROM journal ORDER BY county, height"):
        lines[at].append(names.plain(f"{action} {subject}"))
    return {at: {"order": tuple(written)} for at, written in lines.items()}


def _mails(connection: sqlite3.Connection, names: Names) -> Rows:
    """The words of every mail."""
    sql = "SELECT recipient, channel, subject, body, state, sent_at FROM messages ORDER BY sent_at, recipient, subject"
    return _numbered(
        (
            names.plain(f"{row['sent_at']} · {row['recipient']} · {row['channel']} · {row['subject']}"),
            {"state": row["state"], "words": names.plain(words_of(bytes(row["body"])))},
        )
        for row in connection.execute(sql)
    )


def words_of(body: bytes) -> str:
    """The plain text of a mail; the bytes themselves of what is none."""
    message = email.message_from_bytes(body, policy=email.policy.default)
    part = message.get_body(("plain",)) if message.get("Message-ID") else None
    return str(part.get_content()) if part is not None else body.decode("utf-8", "replace")


def _statuses(connection: sqlite3.Connection, names: Names) -> Rows:
    query = Query("statuses", ("key",), STANDING, ("shown",))
    rows: dict[str, Row] = {}
    for day in DAYS:
        end = datetime.combine(day + timedelta(days=1), time(), ZONE) - timedelta(microseconds=1)
        instant = f"{end.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
        for row in connection.execute(query.sql, (instant,)):
            rows[f"{day} · {names.plain(row['key'])}"] = dict(_columns(row, query, names))
    return rows


def _ledger(path: Path, key: str, names: Names) -> Rows:
    """The ledger's rows without their running numbers, which one row more would change in all that follow."""
    return _numbered(
        (row[key], {column: names.plain(text) for column, text in row.items() if column not in ("序号", key)})
        for row in rows_of(path, key)
    )


def _lines(text: str, names: Names) -> Rows:
    """A printed text, a row a line, without how long a command has been under way."""
    return _numbered((names.plain(line), {}) for line in text.splitlines() if not re.search(r"\(\d+ s\)$", line))
