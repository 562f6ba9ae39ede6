"""What htmldate and trafilatura say by themselves about the same article pages."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.sites.case import OWN, StoredCase
from tests.sites.measure import Result

TOOLS = ("htmldate", "trafilatura")


def compare(cases: Sequence[StoredCase], tool: str) -> list[Result]:
    """The same scores as for the project's own reader, as far as the tool answers such questions at all."""
    logging.disable(logging.CRITICAL)  # they report every page they cannot make out
    try:
        return [_asked(case, truth, tool) for case in cases for truth in case.articles if truth["kind"] == "article"]
    finally:
        logging.disable(logging.NOTSET)


def _asked(case: StoredCase, truth: Mapping[str, Any], tool: str) -> Result:
    body = (case.folder / case.answers[truth["url"]]["file"]).read_bytes()
    result = Result(f"{case.name} {truth['url']}", "articles", truth["dialect"], truth.get("traps", ()))
    url, true = OWN + truth["url"], str(truth["date"]) if truth.get("date") else None
    if tool == "htmldate":
        from htmldate import find_date

        day = find_date(body, url=url, original_date=True, extensive_search=True)
    else:
        from trafilatura import bare_extraction

        extracted = bare_extraction(body, url=url, with_metadata=True)
        known: Mapping[str, Any] = (
            {} if extracted is None else extracted if isinstance(extracted, dict) else extracted.as_dict()
        )
        day = known.get("date")
        for name, right in _texts(truth, known):
            result.score(name, right, 1, 1)
    result.score("dates", day is not None and day == true, day is not None, true is not None)
    return result


def _texts(truth: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    if truth.get("title"):
        before, name, after = _flat(known.get("title")).partition(_flat(truth["title"]))
        yield "titles", bool(name) and not before and (not after or after[0] in "_-–—|")
    text = _flat(known.get("text"))
    for wanted in truth.get("has", ()):
        yield "texts", _flat(wanted) in text
    for unwanted in truth.get("lacks", ()):
        yield "texts", _flat(unwanted) not in text


def _flat(text: str | None) -> str:
    return "".join((text or "").split())
