"""The figures as tables of Markdown, and the misses as lines for whoever mends the readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from tests.sites.measure import Result, Score

#: Measured thing → what it is called in the tables.
NAMES = {
    "kinds": "kind of page", "pages": "standing pages: up or not to be seen",
    "inspected": "kind by the address alone (`duban inspect`)",
    "entries": "entries", "entry titles": "titles of entries",
    "entry dates": "dates of entries",
    "inferred marks": "years marked as inferred", "complete": "columns read to their end", "dates": "dates of articles",
    "titles": "titles of articles", "sources": "sources of articles", "texts": "texts of articles",
    "attachments": "attachments", "items": "items: found, missing, unseen",
    "places": "sentence or cell that proves an item",
}  # fmt: skip


def total(results: Iterable[Result], name: str) -> Score:
    score = Score()
    for result in results:
        if name in result.scores:
            score.add(result.scores[name])
    return score


def wrong(results: Iterable[Result]) -> int:
    """How many columns and articles had something called absent that was there, or that nobody could have seen."""
    return sum(1 for result in results if result.wrong)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _cells(score: Score) -> list[str]:
    return [_share(score.precision), _share(score.recall), str(score.true)]


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*rows, *("| " + " | ".join(line) + " |" for line in lines)])


def overview(results: Sequence[Result], others: Mapping[str, Sequence[Result]]) -> str:
    """One line a thing measured; the tools beside it where they answer the same question."""
    head = ["", "precision", "recall", "of", *(f"{tool} alone" for tool in others)]
    lines = []
    for name, shown in NAMES.items():
        score = total(results, name)
        if not score.said and not score.true:
            continue
        beside = []
        for told in others.values():
            theirs = total(told, name)
            beside.append(f"{_share(theirs.precision)} / {_share(theirs.recall)}" if theirs.true else "–")
        lines.append([shown, *_cells(score), *beside])
    lines.append(["**wrong “not found”**", f"**{wrong(results)}**", "", str(len(results)), *("–" for _ in others)])
    return _table(head, lines)


def _groups(results: Iterable[Result], keys: Callable[[Result], Iterable[str]]) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    for result in results:
        for key in keys(result):
            found.setdefault(key, []).append(result)
    return found


def columns_by_system(results: Sequence[Result]) -> str:
    told = [one for one in results if one.part == "columns" and one.dialect != "barrier"]
    lines = []
    for name, group in sorted(_groups(told, lambda one: [one.dialect]).items()):
        entries, dates = total(group, "entries"), total(group, "entry dates")
        lines.append([name, str(len(group)), *_cells(entries), *_cells(dates)[:2], str(wrong(group))])
    head = ["system", "columns", "entries P", "entries R", "entries", "dates P", "dates R", "wrong “not found”"]
    return _table(head, lines)


def columns_by_trap(results: Sequence[Result]) -> str:
    told = [one for one in results if one.part == "columns" and one.dialect != "barrier"]
    lines = []
    for name, group in sorted(_groups(told, lambda one: one.traps).items()):
        entries, dates = total(group, "entries"), total(group, "entry dates")
        lines.append([name, str(len(group)), *_cells(entries), *_cells(dates)[:2], str(wrong(group))])
    head = ["trap", "columns", "entries P", "entries R", "entries", "dates P", "dates R", "wrong “not found”"]
    return _table(head, lines)


def dates_by_trap(results: Sequence[Result], others: Mapping[str, Sequence[Result]]) -> str:
    """Right of the articles that have a date, or: given none of those that have none."""
    told = [one for one in results if "dates" in one.scores]
    theirs = {tool: {one.path: one for one in found} for tool, found in others.items()}
    lines = []
    for name, group in sorted(_groups(told, lambda one: one.traps).items()):
        line = [name, f"{_well(group)} / {len(group)}"]
        line += [f"{_well([found[one.path] for one in group if one.path in found])}" for found in theirs.values()]
        lines.append(line)
    return _table(["trap", "right", *others], lines)


def _well(group: Iterable[Result]) -> int:
    return sum(1 for one in group if (s := one.scores["dates"]).right == s.true and s.said == s.right)


def barriers(results: Sequence[Result]) -> str:
    """Barriers kept apart from sound pages, and sound pages from barriers."""
    told = [one for one in results if one.dialect == "barrier" or any(t.startswith("near:") for t in one.traps)]
    lines = []
    for name, group in sorted(_groups(told, lambda one: one.traps).items()):
        kinds = total(group, "kinds")
        lines.append([name, f"{kinds.right} / {kinds.true}", str(wrong(group))])
    return _table(["page", "told rightly", "wrong “not found”"], lines)


def contents(results: Sequence[Result]) -> str:
    told = [one for one in results if "items" in one.scores and one.dialect != "barrier"]
    lines = []
    for name, group in sorted(_groups(told, lambda one: one.traps).items()):
        items = total(group, "items")
        lines.append([name, f"{items.right} / {items.true}", str(wrong(group))])
    return _table(["trap", "items judged rightly", "wrong “not found”"], lines)


def misses(results: Iterable[Result], limit: int = 12) -> str:
    """Every miss with its page, the wrong accusations first."""
    lines = []
    for one in sorted(results, key=lambda one: (not one.wrong, one.path)):
        if not (one.wrong or one.misses):
            continue
        lines.append(f"{one.path}  [{one.dialect}; {', '.join(one.traps)}]")
        lines += [f"    WRONG NOT-FOUND: {text}" for text in one.wrong[:limit]]
        lines += [f"    {text}" for text in one.misses[:limit]]
    return "\n".join(lines)


_HOW_TO_READ = """\
Each line group: site and address, [system; traps], then what was expected and what came.
See a page: python -m tests.sites --corpus corpus --only NAME --keep FOLDER --misses
(its files and truth.yaml are then below FOLDER/corpus)

"""


def write_failures(folder: Path, told: Mapping[str, Sequence[Result]]) -> None:
    """Two files of misses: of the lists, and of the articles."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, name in (("columns", "failures-listing.txt"), ("articles", "failures-article.txt")):
        text = _HOW_TO_READ + "\n\n".join(
            f"=== {corpus}\n{misses([one for one in results if one.part == part])}" for corpus, results in told.items()
        )
        (folder / name).write_text(text + "\n", encoding="utf-8")
