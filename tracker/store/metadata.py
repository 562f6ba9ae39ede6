"""What all tables are made with: the names of their constraints, and the columns that most of them have."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def numbered() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def of_county() -> sa.Column[str]:
    return sa.Column("county", sa.ForeignKey("counties.id"), nullable=False)


def in_order() -> sa.Column[int]:
    return sa.Column("seq", sa.BigInteger, nullable=False)
