"""Finds what nobody has filled in yet in a county's file: texts of the outline, and departments of duties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.core.law.county import FILL_IN, NOWHERE, County, Rulebook
from tracker.core.values.message import Message

#: So many duties without a department are named.
_NAMED = 3


def list_unfilled(county: County) -> Iterator[tuple[str, str]]:
    """(place in the county's file, what is missing there); places that lack the same things are one line."""
    lines: dict[tuple[str, str], list[str]] = {}
    for parent, name, keys in _missing_in(county):
        if keys:
            lines.setdefault((parent, ", ".join(keys)), []).append(name)
    for (parent, missing), names in lines.items():
        if len(names) == 1:
            yield f"{parent}.{names[0]}".strip("."), missing
        else:
            yield parent, f"{', '.join(names)} ({missing})"


def list_unowned(rulebook: Rulebook, today: date) -> Iterator[Message]:
    """A hint for each pack with duties that no department of the county owes, and that are not over."""
    unowned: dict[str, list[str]] = {}
    for duty in rulebook.duties:
        if not duty.assignments and today <= duty.in_force_until:
            unowned.setdefault(duty.pack, []).append(duty.id)
    for pack, duties in unowned.items():
        yield Message(
            "{file}: overrides: {count} duties of {pack} owe nothing, for no department is named for them: {duties}; "
            "write {line}; where a duty concerns nobody, it stays as it is",
            file=f"rules/counties/{rulebook.county.id}/county.yaml",
            count=len(duties),
            pack=pack,
            duties=", ".join(duties[:_NAMED]) + " …" * (len(duties) > _NAMED),
            line=f"`{duties[0]}: {{departments: [ID]}}`",
        )


def _is_unfilled(text: str) -> bool:
    return FILL_IN in text or text.rpartition("@")[2].endswith(NOWHERE)


def _missing_in(county: County) -> Iterator[tuple[str, str, list[str]]]:
    """Each thing of the county, as the keys above it and its own, with those of its keys that are not filled in."""
    yield "", "name", [county.name] * _is_unfilled(county.name)
    for name, department in county.departments.items():
        texts = {"name": department.name}
        for role, contact in (("liaison", department.liaison), ("lead", department.lead)):
            texts |= {f"{role}.name": contact.name, f"{role}.mail": contact.mail}
        yield "departments", name, [key for key, text in texts.items() if _is_unfilled(text)]
    for name, contact in county.roles.items():
        texts = {"name": contact.name, "mail": contact.mail, "person": contact.person, "tel": contact.tel}
        yield "roles", name, [key for key, text in texts.items() if _is_unfilled(text)]
    for column in county.columns.values():
        parent = f"channels.{column.channel}.{'columns' if column.kind == 'listing' else 'pages'}"
        yield parent, column.name, ["title", "url"] * column.is_unfilled
