"""The triggers that a database keeps: the journal's guards, and on PostgreSQL those that note what is written.

They follow the tables, so they are made anew at the end of each upgrade; a revision need not think of them.
"""

from __future__ import annotations

import sqlalchemy as sa

from tracker.core.values.message import Message
from tracker.store.tables import metadata
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


def describe_trigger_differences(connection: sa.Connection) -> list[Message]:
    """A sentence for each trigger that is missing, switched off, another, or not Duban's own."""
    is_sqlite = connection.dialect.name == "sqlite"
    rows = connection.execute(sa.text(_FIND_ON_SQLITE if is_sqlite else _FIND_ON_POSTGRESQL)).all()
    found = {name: text.strip() for _, name, text in rows}
    expected = _SQLITE if is_sqlite else {name: body for name, (_, _, body) in _POSTGRESQL.items()}
    missing = [Message("trigger {name} is missing", name=name) for name in expected if name not in found]
    changed = [
        Message("trigger {name} was changed or switched off", name=name)
        for name, text in expected.items()
        if found.get(name, text) != text
    ]
    tables = set(metadata.tables)
    foreign = [
        Message(
            "trigger {name} on {table} is not one of Duban: what it writes passes for Duban's", name=name, table=table
        )
        for table, name, _ in sorted(tuple(row) for row in rows)
        if name not in expected and table in tables
    ]
    return missing + changed + foreign


#: Table, name and text of each trigger; on PostgreSQL of each rule too, which does the same.
_FIND_ON_SQLITE = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"
_FIND_ON_POSTGRESQL = (
    "SELECT c.relname, t.tgname, CASE t.tgenabled WHEN 'O' THEN p.prosrc ELSE 'off' END FROM pg_trigger t "
    "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND n.nspname = current_schema() "
    "UNION ALL SELECT tablename, rulename, definition FROM pg_rules WHERE schemaname = current_schema()"
)
