"""The words of a duty's own rule, by which titles of its entries are read."""

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
    """The words of one duty's rule, as titles are read for it.

    `topics`: what a title must speak of; `own`: every word of the rule, the owed kinds of paper included; `items`:
    those of its contents.
    `family`: the kind of paper that is owed where the rule names one. `whole`: several items are owed together, so that
    an act on one of them is not the thing. `free`: the rule asks for nothing but an entry. `page`: it names the
    very page. `any_title`: it has no pattern of its own. `regular`: it is owed for each period anew.
    `named`: a title that fits the rule's pattern thereby speaks of what it asks for.
    `measures`: what it asks for a figure of.
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
    """The words of a duty's part where it is looked for by one source."""
    part = duty.part(part_name)
    titles = (duty.title,) if part.title in ("", duty.title) else (part.title, duty.title)
    regular = any(isinstance(deadline, Every) and deadline.about != "publication" for deadline in part.deadlines)
    words = _words(titles, part.contents, source.title, lexicon, regular)
    return replace(words, page=True) if source.kind == "page" else words


@lru_cache(maxsize=1024)
def _words(
    titles: tuple[str, ...], contents: Contents, pattern: str | None, lexicon: Lexicon, regular: bool
) -> DutyWords:
    """`regular`: it is owed for each period anew."""
    literals = tuple(dict.fromkeys(_literals(pattern or "")))
    chunks = tuple(chunk for title in titles for chunk in _chunks(title, lexicon))
    items = _spellings(contents)
    required = [item for item in contents.items if not item.advisory]
    whole = contents.mode != "kinds" and len(required) > 1
    generic = {*lexicon.carriers, *lexicon.lists, *lexicon.records, *lexicon.rules, *lexicon.plans, *lexicon.guides}
    light = generic | {*lexicon.light}
    # Where a pattern names the matter, what the contents say beside it is no subject of its own.
    if any(_stem(literal, lexicon) not in light for literal in literals):
        told = {
            literal
            for literal in literals
            if literal in lexicon.acts or (len(literal) > 3 and literal in lexicon.records)
        }
        topics = _forms((*literals, *chunks), light - told, lexicon)
    else:
        topics = [*_forms(chunks, light, lexicon), *_forms(items, generic if pattern is None else light, lexicon)]
    return DutyWords(
        topics=_longest(topics),
        own=_longest([*literals, *chunks, *items, *(_stem(one, lexicon) for one in (*literals, *items))]),
        items=items,
        family=_family((*literals, *titles[:1]), figures=whole and regular),
        whole=whole,
        any_title=pattern is None,
        regular=regular,
        free=pattern is None and not required,
        named=_names_it(pattern, literals, contents, lexicon),
        measures=tuple(flat(word) for item in contents.items if item.number for word in item.words),
    )


def _names_it(pattern: str | None, literals: tuple[str, ...], contents: Contents, lexicon: Lexicon) -> bool:
    """Whether a title speaks of the thing by fitting: it holds the event, or a kind of paper is all that is asked."""
    kinds = {*lexicon.carriers, *lexicon.records, *lexicon.lists}
    if not literals:
        return "{event." in (pattern or "")
    return not contents.items and kinds.issuperset(literals)


def _literals(pattern: str) -> Iterator[str]:
    """The plain words of an RE2 pattern, two characters or more."""
    for piece in _META.split(_CLASS.sub("|", pattern)):
        if len(word := _bare(piece)) > 1:
            yield word


def _chunks(title: str, lexicon: Lexicon) -> Iterator[str]:
    """A title of a duty in its parts, what carries them taken off."""
    light = _either((*lexicon.light, *lexicon.carriers))
    for piece in _JOINTS.split(flat(title)):
        for chunk in re.split(light, piece):
            if len(chunk) > 1:
                yield chunk
        if len(piece) > 1:
            yield piece


def _spellings(contents: Contents) -> tuple[str, ...]:
    return tuple(word for item in contents.items for one in item.words if len(word := _bare(one)) > 1)


def _bare(word: str) -> str:
    return flat(word).translate(str.maketrans("", "", "\"'“”‘’"))


def _stem(word: str, lexicon: Lexicon) -> str:
    """A word without the kind of paper at its end: 权力清单 → 权力; itself where nothing would be left."""
    ends = (*lexicon.carriers, *lexicon.lists, *lexicon.records, *lexicon.plans, *lexicon.rules, *lexicon.guides)
    for end in sorted((*ends, "标准", "决定", "批复"), key=len, reverse=True):
        if word.endswith(end) and len(word) - len(end) > 1:
            return word[: -len(end)]
    return word


def _forms(words: Iterable[str], generic: Collection[str], lexicon: Lexicon) -> list[str]:
    return [form for word in words for form in (word, _stem(word, lexicon)) if len(form) > 1 and form not in generic]


def _family(said: tuple[str, ...], *, figures: bool) -> Family:
    """The kind of paper that the rule's words name."""
    if any(one.endswith(end) for one in said for end in ("制度", "指导意见", "文本")):
        return "rule"
    if any(end in one for one in said for end in ("清单", "目录", "名录")):
        return "list"
    if said[-1].endswith("计划"):
        return "plan"
    return "figures" if figures else ""


def _longest(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(words), key=lambda fromkey: (-len(fromkey), fromkey)))


@lru_cache(maxsize=256)
def _either(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
