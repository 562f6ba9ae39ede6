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

#: The kind of document that a rule asks for, by its words: a list (权力清单), a set of rules (管理制度), a plan
#: (工作计划), or figures, several of them for each period (社会救助支出、人数 by month); "" if the words name none.
OwedKind = Literal["", "list", "figures", "rule", "plan"]


@dataclass(frozen=True, slots=True)
class DutyWords:
    """The words of one duty's rule.

    `topics`: words of which a title must mention one; `rule_words`: every word of the rule, with the owed kinds of
    document; `items`: the words of its contents; `quantity_words`: words beside which it asks for a number (AQI 85).
    `needs_all_items`: several items are owed together, so a document about one of them is not the owed publication.
    `takes_any`: the rule asks for nothing but an entry. `is_page`: it names a single page. `has_no_pattern`: it has no
    title pattern. `is_periodic`: it is owed for each period. `pattern_has_topic`: a title that fits the rule's pattern
    thereby mentions the topic.
    """

    topics: tuple[str, ...] = ()
    rule_words: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    owed_kind: OwedKind = ""
    needs_all_items: bool = False
    takes_any: bool = False
    is_page: bool = False
    has_no_pattern: bool = False
    is_periodic: bool = False
    pattern_has_topic: bool = False
    quantity_words: tuple[str, ...] = ()


_CLASS = re.compile(r"\[[^\]]*\]|\\.|\{event\.\w+\}|\{[\d,]+\}|\(\?[a-z:]*")
_META = re.compile(r"[|()^$.*+?]+")
_JOINTS = re.compile('[、，,;；/()“”"《》]|以及|和|与|及|的')


def words_of(duty: Duty, part_name: str, source: Source, lexicon: Lexicon) -> DutyWords:
    """Return the words of a duty's part for one source."""
    part = duty.part(part_name)
    titles = (duty.title,) if part.title in ("", duty.title) else (part.title, duty.title)
    is_periodic = any(isinstance(deadline, Every) and deadline.about != "publication" for deadline in part.deadlines)
    words = _build_words(titles, part.contents, source.title, lexicon, is_periodic)
    return replace(words, is_page=True) if source.kind == "page" else words


@lru_cache(maxsize=1024)
def _build_words(
    titles: tuple[str, ...], contents: Contents, pattern: str | None, lexicon: Lexicon, is_periodic: bool
) -> DutyWords:
    """Return the words of a rule. `is_periodic`: it is owed for each period."""
    literals = tuple(dict.fromkeys(_pattern_words(pattern or "")))
    chunks = tuple(chunk for title in titles for chunk in _title_chunks(title, lexicon))
    items = _item_spellings(contents)
    required = [item for item in contents.items if not item.advisory]
    needs_all_items = contents.mode != "kinds" and len(required) > 1
    generic = {
        *lexicon.announcement_nouns,
        *lexicon.list_nouns,
        *lexicon.record_nouns,
        *lexicon.rule_nouns,
        *lexicon.plan_nouns,
        *lexicon.guide_nouns,
    }
    fillers = generic | {*lexicon.filler_nouns}
    # If the pattern names the topic, the words of the contents are no topics.
    if any(_strip_kind(literal, lexicon) not in fillers for literal in literals):
        naming = {
            literal
            for literal in literals
            if literal in lexicon.official_act_verbs or (len(literal) > 3 and literal in lexicon.record_nouns)
        }
        topics = _topic_forms((*literals, *chunks), fillers - naming, lexicon)
    else:
        topics = [
            *_topic_forms(chunks, fillers, lexicon),
            *_topic_forms(items, generic if pattern is None else fillers, lexicon),
        ]
    return DutyWords(
        topics=_longest_first(topics),
        rule_words=_longest_first(
            [*literals, *chunks, *items, *(_strip_kind(word, lexicon) for word in (*literals, *items))]
        ),
        items=items,
        owed_kind=_find_owed_kind((*literals, *titles[:1]), figures=needs_all_items and is_periodic),
        needs_all_items=needs_all_items,
        has_no_pattern=pattern is None,
        is_periodic=is_periodic,
        takes_any=pattern is None and not required,
        pattern_has_topic=_pattern_names_topic(pattern, literals, contents, lexicon),
        quantity_words=tuple(flat(word) for item in contents.items if item.number for word in item.words),
    )


def _pattern_names_topic(pattern: str | None, literals: tuple[str, ...], contents: Contents, lexicon: Lexicon) -> bool:
    """Return whether a title mentions the topic by fitting the pattern: the pattern names the event, or only a kind of
    document is asked for."""
    kinds = {*lexicon.announcement_nouns, *lexicon.record_nouns, *lexicon.list_nouns}
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
    fillers = any_of((*lexicon.filler_nouns, *lexicon.announcement_nouns))
    for piece in _JOINTS.split(flat(title)):
        for chunk in re.split(fillers, piece):
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
    kinds = (
        *lexicon.announcement_nouns,
        *lexicon.list_nouns,
        *lexicon.record_nouns,
        *lexicon.plan_nouns,
        *lexicon.rule_nouns,
        *lexicon.guide_nouns,
    )
    ends = (*kinds, "标准", "决定", "批复")
    return word.removesuffix(find_ending(word, (end for end in ends if len(word) - len(end) > 1)))


def _topic_forms(words: Iterable[str], generic: Collection[str], lexicon: Lexicon) -> list[str]:
    return [
        form for word in words for form in (word, _strip_kind(word, lexicon)) if len(form) > 1 and form not in generic
    ]


def _find_owed_kind(words: tuple[str, ...], *, figures: bool) -> OwedKind:
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


# -- words in a text -----------------------------------------------------------------------------


@lru_cache(maxsize=512)
def compile_any(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for any of the words, the longest first."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def any_of(words: tuple[str, ...]) -> str:
    """Return a group of a regular expression that matches any of the words."""
    return f"(?:{compile_any(words).pattern})"


def find_first(text: str, words: tuple[str, ...]) -> str:
    """Return the first of the words in a text, or ""."""
    match = compile_any(words).search(text) if words else None
    return match[0] if match else ""


def find_ending(text: str, words: Iterable[str]) -> str:
    """Return the longest of the words that a text ends in, or ""."""
    return max((word for word in words if text.endswith(word)), key=len, default="")


def find_beginning(text: str, words: Iterable[str]) -> str:
    """Return the longest of the words that a text begins with, or ""."""
    return max((word for word in words if text.startswith(word)), key=len, default="")
