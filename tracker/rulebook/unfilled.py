"""Finds what nobody has filled in yet in a county's file: texts of the outline, and departments of duties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from tracker.core.law.county import County, Rulebook
from tracker.core.values.message import Message

#: What stands in the outline where a name belongs; addresses there lie under a domain that can never be one.
FILL_IN, NOWHERE = "待填写", ".invalid"
#: So many duties without a department are named.
_NAMED = 3


def list_unfilled(county: County) -> Iterator[tuple[str, str]]:
    """(place in the county's file, text there) of each text that nobody has filled in yet."""
    yield from ((place, text) for place, text in _texts_of(county) if _is_unfilled(text))


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
    host = (urlsplit(text).hostname or "") if "://" in text else text.rpartition("@")[2]
    return FILL_IN in text or host.endswith(NOWHERE)


def _texts_of(county: County) -> Iterator[tuple[str, str]]:
    yield "name", county.name
    for name, department in county.departments.items():
        here = f"departments.{name}"
        yield f"{here}.name", department.name
        for role, contact in (("liaison", department.liaison), ("lead", department.lead)):
            yield f"{here}.{role}.name", contact.name
            yield f"{here}.{role}.mail", contact.mail
    for role, contact in county.roles.items():
        yield f"roles.{role}.name", contact.name
        yield f"roles.{role}.mail", contact.mail
        yield f"roles.{role}.person", contact.person
        yield f"roles.{role}.tel", contact.tel
    for column in county.columns.values():
        here = f"channels.{column.channel}.{'columns' if column.kind == 'listing' else 'pages'}.{column.name}"
        yield f"{here}.title", column.title
        yield f"{here}.url", column.url
