"""Finds what nobody has filled in yet in the outline of a county that `duban init` writes."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from tracker.core.law.county import County

#: What stands in the outline where a name belongs; addresses there lie under a domain that can never be one.
FILL_IN, NOWHERE = "待填写", ".invalid"


def list_unfilled(county: County) -> Iterator[tuple[str, str]]:
    """(place in the county's file, text there) of each text that nobody has filled in yet."""
    yield from ((place, text) for place, text in _texts_of(county) if _is_unfilled(text))


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
