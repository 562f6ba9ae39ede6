"""The pages of a corpus broken off at places drawn from a seed: what was behind the break may not be called absent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from tests.sites.case import Known

#: Not read as pages of HTML, or broken off already.
_OTHERS = {"feed", "sitemap", "interface", "barrier"}


def broken_off(cases: Sequence[Known], folder: Path, rng: Random) -> list[Known]:
    """Each column's first page and each article's page once, in a folder of its own, with the truth that is left."""
    found: list[Known] = []
    for case in cases:
        for part, page, truth, least, most in _pages(case):
            copy = folder / str(len(found))
            shutil.copytree(case.folder, copy)
            body = (copy / page).read_bytes()
            (copy / page).write_bytes(body[: rng.randrange(int(len(body) * least), int(len(body) * most))])
            told: dict[str, Any] = {"columns": [], "articles": []} | {part: [truth]}
            found.append(Known(case.name, copy, case.today, case.answers, told["columns"], told["articles"]))
    return found


def _pages(case: Known) -> Iterator[tuple[str, str, Mapping[str, Any], float, float]]:
    """What to break: part, file, what is true of it then, and between which shares of its bytes."""
    for told in case.columns:
        answer = case.answers.get(told["url"], {})
        if told.get("outcome", "read") == "read" and told["dialect"] not in _OTHERS and "file" in answer:
            hidden = [*told["entries"], *told.get("hidden", ())]
            left = {"entries": [], "hidden": hidden, "outcome": "any", "complete": "any"}
            yield "columns", answer["file"], {**told, **left}, 0.15, 0.98
    for told in case.articles:
        answer = case.answers.get(told["url"], {})
        if told["kind"] == "article" and told.get("has") and "file" in answer:
            last = str(told["has"][-1])
            items = [{"any": [last], "verdict": "unseen"}]
            end = _share(case.folder / answer["file"], last)
            if end:
                left = {"url": told["url"], "dialect": told["dialect"], "kind": "any", "items": items}
                yield "articles", answer["file"], left, end * 0.7, end


def _share(file: Path, words: str) -> float:
    """Where in a file words begin, as a share of its bytes; 0 where they are not found."""
    body = file.read_bytes()
    at = max(body.find(words.encode(encoding, "ignore")) for encoding in ("utf-8", "gb18030"))
    return max(at, 0) / len(body)
