"""What htmldate and trafilatura say by themselves about the same article pages."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.sites.case import OWN, Known
from tests.sites.measure import Result

TOOLS = ("htmldate", "trafilatura")


def compare(cases: Sequence[Known], tool: str) -> list[Result]:
    """The same scores as for the project's own reader, as far as the tool answers such questions at all."""
    logging.disable(logging.CRITICAL)  # they report every page they cannot make out
    try:
        return [_asked(case, told, tool) for case in cases for told in case.articles if told["kind"] == "article"]
    finally:
        logging.disable(logging.NOTSET)


def _asked(case: Known, told: Mapping[str, Any], tool: str) -> Result:
    body = (case.folder / case.answers[told["url"]]["file"]).read_bytes()
    result = Result(f"{case.name} {told['url']}", "articles", told["dialect"], told.get("traps", ()))
    url, true = OWN + told["url"], str(told["date"]) if told.get("date") else None
    if tool == "htmldate":
        from htmldate import find_date

        day = find_date(body, url=url, original_date=True, extensive_search=True)
    else:
        from trafilatura import bare_extraction

        found = bare_extraction(body, url=url, with_metadata=True)
        known: Mapping[str, Any] = {} if found is None else found if isinstance(found, dict) else found.as_dict()
        day = known.get("date")
        for name, right in _texts(told, known):
            result.score(name, right, 1, 1)
    result.score("dates", day is not None and day == true, day is not None, true is not None)
    return result


def _texts(told: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    if told.get("title"):
        before, name, after = _flat(known.get("title")).partition(_flat(told["title"]))
        yield "titles", bool(name) and not before and (not after or after[0] in "_-–—|")
    text = _flat(known.get("text"))
    for wanted in told.get("has", ()):
        yield "texts", _flat(wanted) in text
    for unwanted in told.get("lacks", ()):
        yield "texts", _flat(unwanted) not in text


def _flat(text: str | None) -> str:
    return "".join((text or "").split())
