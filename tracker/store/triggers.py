"""The triggers that a database keeps: the journal's guards, and on PostgreSQL those that note what is written.

They follow the tables, so they are made anew at the end of each upgrade; a revision need not think of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from tracker.core.values.message import Message
from tracker.store.watched_rows import WATCHED, postgresql_function

_APPEND_ONLY = "the journal is append-only"
_FORWARD_ONLY = "the head of the journal only moves forward"
_BACKWARD = (
    "NEW.journal_height < OLD.journal_height "
    "OR (NEW.journal_height = OLD.journal_height AND NEW.journal_head <> OLD.journal_head)"
)
_SAME = "EXISTS (SELECT 1 FROM journal WHERE county = NEW.county AND height = NEW.height)"
_REFUSE = f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"

#: By name, the SQL of each trigger on SQLite, as the database keeps it.
_SQLITE = {
    "journal_no_update": f"CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal {_REFUSE}",
    "journal_no_delete": f"CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal {_REFUSE}",
    # INSERT OR REPLACE deletes without telling the trigger above.
    "journal_no_replace": f"CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal WHEN {_SAME} {_REFUSE}",
    "journal_head_forward": (
        "CREATE TRIGGER journal_head_forward BEFORE UPDATE OF journal_height, journal_head ON counties "
        f"WHEN {_BACKWARD} BEGIN SELECT RAISE(ABORT, '{_FORWARD_ONLY}'); END"
    ),
}
#: By name, the table of each trigger on PostgreSQL, what fires it, and the body of its function of the same name.
_POSTGRESQL = {
    "journal_append_only": (
        "journal",
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON journal FOR EACH STATEMENT",
        f"BEGIN RAISE EXCEPTION '{_APPEND_ONLY}'; END",
    ),
    "journal_head_forward": (
        "counties",
        f"BEFORE UPDATE OF journal_height, journal_head ON counties FOR EACH ROW WHEN ({_BACKWARD})",
        f"BEGIN RAISE EXCEPTION '{_FORWARD_ONLY}'; END",
    ),
    **{
        f"record_{watch.name}": (
            watch.name,
            f"AFTER INSERT OR UPDATE OR DELETE ON {watch.name} FOR EACH ROW",
            postgresql_function(watch),
        )
        for watch in WATCHED.values()
    },
}


def make_triggers(connection: sa.Connection) -> None:
    """Make every trigger, anew where there is one of its name."""
    if connection.dialect.name == "sqlite":
        for name, statement in _SQLITE.items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(statement)
        return
    for name, (table, fires, body) in _POSTGRESQL.items():
        for statement in (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE TRIGGER {name} {fires} EXECUTE FUNCTION {name}()",
        ):
            connection.exec_driver_sql(statement)


def describe_trigger_differences(connection: sa.Connection) -> Iterator[Message]:
    """A sentence for each trigger that is missing, switched off or another."""
    if connection.dialect.name == "sqlite":
        found = {row.name: row.sql for row in connection.execute(sa.text(_FIND_ON_SQLITE))}
        expected = _SQLITE
    else:
        found = {
            name: body.strip() if enabled != "D" else "off"
            for name, enabled, body in connection.execute(sa.text(_FIND_TRIGGERS))
        }
        expected = {name: body for name, (_, _, body) in _POSTGRESQL.items()}
    for name, text in expected.items():
        if name not in found:
            yield Message("trigger {name} is missing", name=name)
        elif found[name] != text:
            yield Message("trigger {name} was changed or switched off", name=name)


_FIND_ON_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_FIND_TRIGGERS = (
    "SELECT t.tgname, t.tgenabled, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
)
