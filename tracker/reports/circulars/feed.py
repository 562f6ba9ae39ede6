"""The issued circulars and their errata as an Atom feed (RFC 4287): what was issued when, and where it is read."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

from tracker.core.law.county import Rulebook
from tracker.core.values.visible import visible
from tracker.reports.circulars.shared import full_number
from tracker.reports.due_calendar import identity_of
from tracker.store.circulars import IssuedPaper, list_issued_papers
from tracker.store.engine import Tx

#: So many papers, the newest.
MOST = 50
_ATOM = "{http://www.w3.org/2005/Atom}"
#: A feed has a day of change (4.1.1), though nothing was issued yet.
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
ElementTree.register_namespace("", _ATOM[1:-1])


def write_feed(tx: Tx, rulebook: Rulebook, pages: str) -> bytes:
    """The feed. `pages`: the address below which the pages of the console lie, for those who log in.

    It has no link to itself, as its address is a secret and the file may be handed on.
    """
    county, papers = rulebook.county, list_issued_papers(tx, rulebook.county.id, MOST)
    feed = ElementTree.Element(f"{_ATOM}feed")
    _add(feed, "id", identity_of("circulars", county.id).urn)
    _add(feed, "title", f"{county.name}政务公开通报")
    _add(feed, "updated", max((paper.issued_at for paper in papers), default=_NEVER).isoformat())
    _add(_add(feed, "author"), "name", rulebook.circular.issuer if rulebook.circular else county.name)
    _add(feed, "link", href=f"{pages}/circulars")
    for paper in papers:
        _add_paper(_add(feed, "entry"), paper, rulebook, pages)
    return bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add_paper(entry: ElementTree.Element, paper: IssuedPaper, rulebook: Rulebook, pages: str) -> None:
    rules, issued = rulebook.circular, paper.issued_at.astimezone(rulebook.county.zone).isoformat()
    number = full_number(rules, paper.year, paper.number) if rules else f"〔{paper.year}〕{paper.number}号"
    _add(entry, "id", identity_of("paper", f"{rulebook.county.id}/{paper.year}/{paper.number}").urn)
    _add(entry, "title", paper.title)
    _add(entry, "published", issued)
    _add(entry, "updated", issued)
    _add(entry, "link", href=f"{pages}/circular/{paper.month}")
    _add(entry, "summary", number)


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{_ATOM}{name}", attributes)
    element.text = visible(text) if text else None  # XML has no control characters
    return element
