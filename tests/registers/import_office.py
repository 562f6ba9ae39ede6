"""Defines the small county with names and aliases, and tables of rows to import."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.registers.register_office import RULES
from tracker.core.law.county import Department
from tracker.evidence.attachments.readers.sheet_rows import SheetRow, Table
from tracker.registers.eventrows import EventRow, read_event_rows
from tracker.registers.eventrules import EventRules

DEPARTMENTS = {
    "huanbao": Department("huanbao", "环保局", ("环境保护局",)),
    "caizheng": Department("caizheng", "财政局", ("管理局",)),
    "bianban": Department("bianban", "编办", ("管理局",)),
}
TITLES = {"budget": "预算", "approval-reform": "审批改革"}
BOOK = replace(
    RULES,
    county=replace(RULES.county, departments=DEPARTMENTS),
    duties=tuple(replace(duty, title=TITLES.get(duty.id, duty.id)) for duty in RULES.duties),
)
OFFICE = EventRules(BOOK)


def table(*said: tuple[Any, ...], first: int = 1) -> Table:
    """Rows from line `first` on."""
    return Table(tuple(SheetRow(line, cells) for line, cells in enumerate(said, first)))


def rows(*said: tuple[Any, ...], first: int = 1) -> tuple[EventRow, ...]:
    return read_event_rows(table(*said, first=first), OFFICE).rows
