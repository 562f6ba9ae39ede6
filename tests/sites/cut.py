"""The pages of a corpus broken off at places drawn from a seed: what was behind the break may not be called absent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from tests.sites.case import StoredCase

#: Not read as pages of HTML, or broken off already.
_OTHERS = {"feed", "sitemap", "interface", "barrier"}


def break_off(cases: Sequence[StoredCase], folder: Path, rng: Random) -> list[StoredCase]:
    """Each column's first page and each article's page once, in a folder of its own, with the truth that is left."""
    copies: list[StoredCase] = []
    for case in cases:
        for part, page, truth, least, most in _list_breaks(case):
            copy = folder / str(len(copies))
            shutil.copytree(case.folder, copy)
            body = (copy / page).read_bytes()
            (copy / page).write_bytes(body[: rng.randrange(int(len(body) * least), int(len(body) * most))])
            parts: dict[str, Any] = {"columns": [], "articles": []} | {part: [truth]}
            copies.append(StoredCase(case.name, copy, case.today, case.answers, parts["columns"], parts["articles"]))
    return copies


def _list_breaks(case: StoredCase) -> Iterator[tuple[str, str, Mapping[str, Any], float, float]]:
    """What to break: part, file, what is true of it then, and between which shares of its bytes."""
    for truth in case.columns:
        answer = case.answers.get(truth["url"], {})
        if truth.get("outcome", "read") == "read" and truth["dialect"] not in _OTHERS and "file" in answer:
            hidden = [*truth["entries"], *truth.get("hidden", ())]
            left = {"entries": [], "hidden": hidden, "outcome": "any", "complete": "any"}
            yield "columns", answer["file"], {**truth, **left}, 0.15, 0.98
    for truth in case.articles:
        answer = case.answers.get(truth["url"], {})
        if truth["kind"] == "article" and truth.get("has") and "file" in answer:
            last = str(truth["has"][-1])
            items = [{"any": [last], "verdict": "unseen"}]
            end = _find_share(case.folder / answer["file"], last)
            if end:
                left = {"url": truth["url"], "dialect": truth["dialect"], "kind": "any", "items": items}
                yield "articles", answer["file"], left, end * 0.7, end


def _find_share(file: Path, words: str) -> float:
    """Where in a file words begin, as a share of its bytes; 0 where they are absent."""
    body = file.read_bytes()
    at = max(body.find(words.encode(encoding, "ignore")) for encoding in ("utf-8", "gb18030"))
    return max(at, 0) / len(body)
