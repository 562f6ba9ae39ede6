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
    "inferred marks": "years marked as inferred", "complete": "columns read to their end",
    "claims": "columns whose whole list a first visit may claim", "dates": "dates of articles",
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
        if not score.claimed and not score.true:
            continue
        beside = []
        for results_of_tool in others.values():
            theirs = total(results_of_tool, name)
            beside.append(f"{_share(theirs.precision)} / {_share(theirs.recall)}" if theirs.true else "–")
        lines.append([shown, *_cells(score), *beside])
    lines.append(["**wrong “not found”**", f"**{wrong(results)}**", "", str(len(results)), *("–" for _ in others)])
    return _table(head, lines)


def _group(results: Iterable[Result], keys: Callable[[Result], Iterable[str]]) -> dict[str, list[Result]]:
    groups: dict[str, list[Result]] = {}
    for result in results:
        for key in keys(result):
            groups.setdefault(key, []).append(result)
    return groups


def columns_by(name: str, results: Sequence[Result], keys: Callable[[Result], Iterable[str]]) -> str:
    columns = [result for result in results if result.part == "columns" and result.dialect != "barrier"]
    lines = []
    for key, group in sorted(_group(columns, keys).items()):
        entries, dates = total(group, "entries"), total(group, "entry dates")
        lines.append([key, str(len(group)), *_cells(entries), *_cells(dates)[:2], str(wrong(group))])
    head = [name, "columns", "entries P", "entries R", "entries", "dates P", "dates R", "wrong “not found”"]
    return _table(head, lines)


def dates_by_trap(results: Sequence[Result], others: Mapping[str, Sequence[Result]]) -> str:
    """Right of the articles that have a date, or: given none of those that have none."""
    dated = [result for result in results if "dates" in result.scores]
    theirs = {tool: {result.path: result for result in results} for tool, results in others.items()}
    lines = []
    for name, group in sorted(_group(dated, lambda result: result.traps).items()):
        line = [name, f"{_count_right(group)} / {len(group)}"]
        line += [
            f"{_count_right([by_path[result.path] for result in group if result.path in by_path])}"
            for by_path in theirs.values()
        ]
        lines.append(line)
    return _table(["trap", "right", *others], lines)


def _count_right(group: Iterable[Result]) -> int:
    return sum(1 for result in group if (s := result.scores["dates"]).right == s.true and s.claimed == s.right)


def barriers(results: Sequence[Result]) -> str:
    """Barriers kept apart from sound pages, and sound pages from barriers."""
    pages = [
        result
        for result in results
        if result.dialect == "barrier" or any(trap.startswith("near:") for trap in result.traps)
    ]
    return _right_by_trap(("page", "told rightly"), pages, "kinds")


def contents(results: Sequence[Result]) -> str:
    articles = [result for result in results if "items" in result.scores and result.dialect != "barrier"]
    return _right_by_trap(("trap", "items judged rightly"), articles, "items")


def _right_by_trap(head: Sequence[str], results: Iterable[Result], name: str) -> str:
    lines = []
    for trap, group in sorted(_group(results, lambda result: result.traps).items()):
        score = total(group, name)
        lines.append([trap, f"{score.right} / {score.true}", str(wrong(group))])
    return _table([*head, "wrong “not found”"], lines)


def misses(results: Iterable[Result], limit: int = 12) -> str:
    """Every miss with its page, the wrong accusations first."""
    lines = []
    for result in sorted(results, key=lambda result: (not result.wrong, result.path)):
        if not (result.wrong or result.misses):
            continue
        lines.append(f"{result.path}  [{result.dialect}; {', '.join(result.traps)}]")
        lines += [f"    WRONG NOT-FOUND: {text}" for text in result.wrong[:limit]]
        lines += [f"    {text}" for text in result.misses[:limit]]
    return "\n".join(lines)


_HOW_TO_READ = """\
Each line group: site and address, [system; traps], then what was expected and what came.
See a page: python -m tests.sites --corpus corpus --only NAME --keep FOLDER --misses
(its files and truth.yaml are then below FOLDER/corpus)

"""


def write_failures(folder: Path, results_of: Mapping[str, Sequence[Result]]) -> None:
    """Two files of misses: of the lists, and of the articles."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, name in (("columns", "failures-listing.txt"), ("articles", "failures-article.txt")):
        text = _HOW_TO_READ + "\n\n".join(
            f"=== {corpus}\n{misses([result for result in results if result.part == part])}"
            for corpus, results in results_of.items()
        )
        (folder / name).write_text(text + "\n", encoding="utf-8")
