"""Defines column types that read back the written value on SQLite and PostgreSQL, and columns that tables share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from tracker.core.values.facts import Attachment, Moment, parse_moment
from tracker.core.values.second_looks import Search, searches_from_json, searches_to_json
from tracker.core.verdict.questions import Question

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def county_column() -> sa.Column[str]:
    return sa.Column("county", sa.ForeignKey("counties.id"), nullable=False)


def seq_column() -> sa.Column[int]:
    return sa.Column("seq", sa.BigInteger, nullable=False)


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
        """Parse SQLite's text directly, without a naive value in between: a pass reads thousands of instants."""
        return _parse_sqlite_instant if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _parse_sqlite_instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class MomentText(sa.TypeDecorator[Moment]):
    """A bare day or an aware instant, stored as ISO 8601 text, so that a bare day is read back as one."""

    impl = sa.String(40)
    cache_ok = True

    def process_bind_param(self, value: Moment | None, dialect: sa.Dialect) -> str | None:
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError(f"naive instant: {value!r}")
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Moment | None:
        return None if value is None else parse_moment(value)


class EnumText(sa.TypeDecorator[Any]):
    """A member of an enumeration, as its text."""

    impl = sa.String
    cache_ok = True

    def __init__(self, choices: type[StrEnum], length: int = 16) -> None:
        super().__init__(length)
        self.choices = choices
        self.length = length

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> StrEnum | None:
        return None if value is None else self.choices(value)


class OptionalText(sa.TypeDecorator[str]):
    """A text or None. None is stored as "", since a unique key treats all NULLs as different."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str:
        return value or ""

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return value or None


class Reached(sa.TypeDecorator[Any]):
    """How far a visit read a listing: to its `end`, to a day, or None, which is stored as ""."""

    impl = sa.String(10)
    cache_ok = True

    def process_bind_param(self, value: str | date | None, dialect: sa.Dialect) -> str:
        return value.isoformat() if isinstance(value, date) else value or ""

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> str | date | None:
        return date.fromisoformat(value) if value not in (None, "", "end") else value or None


class Attachments(sa.TypeDecorator[Any]):
    """The files of an article: [{name, url, text, note, digest, etag}…]."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[Attachment] | None, dialect: sa.Dialect) -> list[dict[str, Any]]:
        return [asdict(file) for file in value or ()]

    def process_result_value(self, value: list[dict[str, Any]] | None, dialect: sa.Dialect) -> tuple[Attachment, ...]:
        return tuple(Attachment(**file) for file in value or ())


class Dates(sa.TypeDecorator[Any]):
    """The dates that an article names: [[where, moment]…], surest first."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Sequence[tuple[str, Moment]] | None, dialect: sa.Dialect) -> list[list[str]]:
        return [[where, moment.isoformat()] for where, moment in value or ()]

    def process_result_value(self, value: list[list[str]] | None, dialect: sa.Dialect) -> tuple[Any, ...]:
        return tuple((where, parse_moment(text)) for where, text in value or ())


class Searches(sa.TypeDecorator[Any]):
    """The searches of a second look."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[Search, ...] | None, dialect: sa.Dialect) -> list[dict[str, Any]]:
        return searches_to_json(value or ())

    def process_result_value(self, value: list[dict[str, Any]] | None, dialect: sa.Dialect) -> tuple[Search, ...]:
        return searches_from_json(value or [])

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Most looks of an occurrence find the same as the one before, so what their texts hold is remembered."""
        process = super().result_processor(dialect, coltype)
        if process is None:
            return None
        remembered = lru_cache(maxsize=1024)(process)
        return lambda value: remembered(value) if isinstance(value, str) else process(value)


class Questions(sa.TypeDecorator[Any]):
    """The questions about an occurrence; none are stored as NULL."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Sequence[Question] | None, dialect: sa.Dialect) -> list[dict[str, Any]] | None:
        return [asdict(each) | {"since": each.since and each.since.isoformat()} for each in value or ()] or None

    def process_result_value(self, value: list[dict[str, Any]] | None, dialect: sa.Dialect) -> tuple[Question, ...]:
        return tuple(
            Question(**{**each, "since": each["since"] and datetime.fromisoformat(each["since"])})
            for each in value or ()
        )


class Addresses(sa.TypeDecorator[Any]):
    """Several addresses; none are stored as NULL."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: sa.Dialect) -> Sequence[str] | None:
        return value or None

    def process_result_value(self, value: list[str] | None, dialect: sa.Dialect) -> tuple[str, ...]:
        return tuple(value or ())
