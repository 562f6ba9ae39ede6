"""Cites the legal basis of an occurrence: the instrument and its clause, and the articles that set the time limit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from tracker.core.law.binding import DueOccurrence, binds_by_law, provisions_of
from tracker.core.law.duties import Duty
from tracker.core.law.statutes import Provision, cite, short_title

_NUMERAL = "[一二三四五六七八九十]+"
#: 一（七）1: chapter, section, item; the last two may be missing. Several are separated by 、 or ；.
_CLAUSE = re.compile(rf"({_NUMERAL})(?:[（(]({_NUMERAL})[）)](\d+)?)?")
_INNER = str.maketrans("《》", "〈〉")


def cite_basis(occurrence: DueOccurrence, duty: Duty, on: date | None = None) -> str:
    """Return 《2015年政府信息公开工作方案》一（二）1；《预算法》第十四条: the clause, then the articles in force.

    `on`: the day of a notice; before the instrument is issued, a duty that a law sets is cited by its articles alone.
    """
    if on is not None and duty.issued is not None and on < duty.issued and binds_by_law(occurrence, duty):
        return cite(provisions_of(occurrence, duty))
    return _join(_instrument(short_title(duty.pack_title), duty.clause), occurrence, duty, full=False)


def cite_basis_in_full(occurrence: DueOccurrence, duty: Duty) -> str:
    """Return the same for an official paper: 第一部分第（二）条第1项, and full titles of acts."""
    return _join(_instrument(duty.pack_title, clause_in_full(duty.clause)), occurrence, duty, full=True)


def common_instrument(bases: Iterable[str]) -> str:
    """Return the instrument in its brackets that most of the citations begin with; "" where none has one."""
    named = Counter(basis[: basis.index("》") + 1] for basis in bases if basis.startswith("《"))
    return named.most_common(1)[0][0] if named else ""


def clause_in_full(clause: str) -> str:
    """Return 第一部分第（七）条第1项 for 一（七）1; what has another form stays as it is."""
    return "".join(_piece_in_full(piece) for piece in re.split("([、；])", clause))


def _piece_in_full(piece: str) -> str:
    found = _CLAUSE.fullmatch(piece)
    if found is None:
        return piece
    chapter, section, item = found.groups()
    return f"第{chapter}部分" + (f"第（{section}）条" if section else "") + (f"第{item}项" if item else "")


def _instrument(title: str, clause: str) -> str:
    return f"《{title.translate(_INNER)}》{clause}" if title else clause


def _join(instrument: str, occurrence: DueOccurrence, duty: Duty, *, full: bool) -> str:
    """Return instrument and articles. Where the pack is the act itself, its clause is not repeated as an article."""
    law = [provision for provision in provisions_of(occurrence, duty) if not _is_clause_of(provision, duty)]
    return "；".join(text for text in (instrument, cite(law, full=full)) if text)


def _is_clause_of(provision: Provision, duty: Duty) -> bool:
    return provision.act.title == duty.pack_title and provision.in_words in duty.clause
