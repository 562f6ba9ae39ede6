"""Column types that keep time honest on SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.values.facts import parse_moment


class Instant(sa.TypeDecorator[datetime]):
    """An aware instant, stored as UTC. SQLite drops offsets silently, so naive values are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive instant: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        """On SQLite straight from the text, without a naive value in between: a pass reads thousands of them."""
        return _from_sqlite if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _from_sqlite(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class MomentText(sa.TypeDecorator[Any]):
    """A bare day or an aware instant, as ISO 8601 text: a day known only as a day stays one."""

    impl = sa.String(40)
    cache_ok = True

    def process_bind_param(self, value: date | datetime | None, dialect: sa.Dialect) -> str | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError(f"naive instant: {value!r}")
            return value.isoformat()
        return value.isoformat()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> date | datetime | None:
        return None if value is None else parse_moment(value)
