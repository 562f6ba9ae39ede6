"""Collects the words of a duty's rule that are needed to read the titles of its entries."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from tracker.core.law.duties import Contents, Duty, Every, Source
from tracker.core.matching.naming import flat
from tracker.core.values.lexicon import Lexicon

Family = Literal["", "list", "figures", "rule", "plan"]


@dataclass(frozen=True, slots=True)
class DutyWords:
    """The words of one duty's rule.

    `topics`: words of which a title must mention one; `own`: every word of the rule, with the owed kinds of document;
    `items`: the words of its contents. `family`: the kind of document that the rule names, or "". `whole`: several
    items are owed together, so a document about one of them is not the owed publication. `free`: the rule asks for
    nothing but an entry. `page`: it names a single page. `any_title`: it has no title pattern. `regular`: it is owed
    for each period. `named`: a title that fits the rule's pattern thereby mentions the topic. `measures`: words for
    which it asks for a figure.
    """

    topics: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    family: Family = ""
    whole: bool = False
    free: bool = False
    page: bool = False
    any_title: bool = False
    regular: bool = False
    named: bool = False
    measures: tuple[str, ...] = ()


_CLASS = re.compile(r"\[[^\]]*\]|\\.|\{event\.\w+\}|\{[\d,]+\}|\(\?[a-z:]*")
_META = re.compile(r"[|()^$.*+?]+")
_JOINTS = re.compile('[、，,;；/()“”"《》]|以及|和|与|及|的')


def words_of(duty: Duty, part_name: str, source: Source, lexicon: Lexicon) -> DutyWords:
    """Return the words of a duty's part for one source."""
    part = duty.part(part_name)
    titles = (duty.title,) if part.title in ("", duty.title) else (part.title, duty.title)
    regular = any(isinstance(deadline, Every) and deadline.about != "publication" for deadline in part.deadlines)
    words = _build_words(titles, part.contents, source.title, lexicon, regular)
    return replace(words, page=True) if source.kind == "page" else words


@lru_cache(maxsize=1024)
def _build_words(
    titles: tuple[str, ...], contents: Contents, pattern: str | None, lexicon: Lexicon, regular: bool
) -> DutyWords:
    """Return the words of a rule. `regular`: it is owed for each period."""
    literals = tuple(dict.fromkeys(_pattern_words(pattern or "")))
    chunks = tuple(chunk for title in titles for chunk in _title_chunks(title, lexicon))
    items = _item_spellings(contents)
    required = [item for item in contents.items if not item.advisory]
    whole = contents.mode != "kinds" and len(required) > 1
    generic = {*lexicon.carriers, *lexicon.lists, *lexicon.records, *lexicon.rules, *lexicon.plans, *lexicon.guides}
    light = generic | {*lexicon.light}
    # If the pattern names the topic, the words of the contents are no topics.
    if any(_strip_kind(literal, lexicon) not in light for literal in literals):
        naming = {
            literal
            for literal in literals
            if literal in lexicon.acts or (len(literal) > 3 and literal in lexicon.records)
        }
        topics = _topic_forms((*literals, *chunks), light - naming, lexicon)
    else:
        topics = [
            *_topic_forms(chunks, light, lexicon),
            *_topic_forms(items, generic if pattern is None else light, lexicon),
        ]
    return DutyWords(
        topics=_longest_first(topics),
        own=_longest_first([*literals, *chunks, *items, *(_strip_kind(word, lexicon) for word in (*literals, *items))]),
        items=items,
        family=_find_family((*literals, *titles[:1]), figures=whole and regular),
        whole=whole,
        any_title=pattern is None,
        regular=regular,
        free=pattern is None and not required,
        named=_pattern_names_topic(pattern, literals, contents, lexicon),
        measures=tuple(flat(word) for item in contents.items if item.number for word in item.words),
    )


def _pattern_names_topic(pattern: str | None, literals: tuple[str, ...], contents: Contents, lexicon: Lexicon) -> bool:
    """Return whether a title mentions the topic by fitting the pattern: the pattern names the event, or only a kind of
    document is asked for."""
    kinds = {*lexicon.carriers, *lexicon.records, *lexicon.lists}
    if not literals:
        return "{event." in (pattern or "")
    return not contents.items and kinds.issuperset(literals)


def _pattern_words(pattern: str) -> Iterator[str]:
    """Yield the plain words of an RE2 pattern, two characters or more."""
    for piece in _META.split(_CLASS.sub("|", pattern)):
        if len(word := _strip_quotes(piece)) > 1:
            yield word


def _title_chunks(title: str, lexicon: Lexicon) -> Iterator[str]:
    """Yield the parts of a duty's title, without the words for kinds of document."""
    light = _alternatives((*lexicon.light, *lexicon.carriers))
    for piece in _JOINTS.split(flat(title)):
        for chunk in re.split(light, piece):
            if len(chunk) > 1:
                yield chunk
        if len(piece) > 1:
            yield piece


def _item_spellings(contents: Contents) -> tuple[str, ...]:
    return tuple(word for item in contents.items for spelling in item.words if len(word := _strip_quotes(spelling)) > 1)


def _strip_quotes(word: str) -> str:
    return flat(word).translate(str.maketrans("", "", "\"'“”‘’"))


def _strip_kind(word: str, lexicon: Lexicon) -> str:
    """Return a word without the kind of document at its end: 权力清单 → 权力; the word itself if nothing would be
    left."""
    ends = (*lexicon.carriers, *lexicon.lists, *lexicon.records, *lexicon.plans, *lexicon.rules, *lexicon.guides)
    for end in sorted((*ends, "标准", "决定", "批复"), key=len, reverse=True):
        if word.endswith(end) and len(word) - len(end) > 1:
            return word[: -len(end)]
    return word


def _topic_forms(words: Iterable[str], generic: Collection[str], lexicon: Lexicon) -> list[str]:
    return [
        form for word in words for form in (word, _strip_kind(word, lexicon)) if len(form) > 1 and form not in generic
    ]


def _find_family(words: tuple[str, ...], *, figures: bool) -> Family:
    """Return the kind of document that the rule's words name."""
    if any(word.endswith(end) for word in words for end in ("制度", "指导意见", "文本")):
        return "rule"
    if any(end in word for word in words for end in ("清单", "目录", "名录")):
        return "list"
    if words[-1].endswith("计划"):
        return "plan"
    return "figures" if figures else ""


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(words), key=lambda word: (-len(word), word)))


@lru_cache(maxsize=256)
def _alternatives(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
