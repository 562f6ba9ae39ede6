"""Titles that are about the thing by a sign that the thing itself may bear too: a tag, 更正, 草案."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from tracker.core.matching.title_case import TitleCase, TitleKind, any_of, ending
from tracker.core.matching.title_frames import by_frame
from tracker.core.matching.title_states import TAG, by_state, forwarded

#: Tags that say that the thing is not there yet.
_NOT_YET = ("征求意见", "预告")
#: In brackets behind a record: the record itself, corrected.
_CORRECTED = re.compile("(?:已|经)?(?:更正|勘误)(?:版|稿|后)?")
#: A budget is a draft until it is approved, and is often published under that name.
_DRAFT_BUDGET = re.compile("(?<=[预决]算)草案$")
_BUDGET = re.compile("[预决]算(?:草案)?$")
#: Papers that may hold what stands right before: 价格手册, 收费规定.
_BINDERS = ("手册", "规定", "流程", "图解")
_REPORTS = ("快讯",)


def is_doubtful(case: TitleCase, brackets: tuple[str, ...]) -> bool:
    """Whether a title called about the thing may be the thing once such signs are left out."""
    plain, kept = _unsigned(case, brackets)
    if (plain.text, kept) != (case.text, brackets) and _read(plain, kept).answer == "thing":
        return True
    head = ending(plain.text, (*_BINDERS, *(_REPORTS if case.numbered else ())))
    matter = plain.text.removesuffix(head)
    return bool(head and ending(matter, case.words.own)) and _read(replace(case, text=matter), kept).answer != "about"


def _unsigned(case: TitleCase, brackets: Iterable[str]) -> tuple[TitleCase, tuple[str, ...]]:
    """The title without the tag before it, the words of correction behind it, 草案 of a budget, and 转发 of a list."""
    text, lexicon = case.text, case.lexicon
    if (tag := TAG.match(text)) and tag[1] in lexicon.tags and tag[1] not in _NOT_YET:
        text = text[tag.end() :]
    kept = tuple(bracket for bracket in brackets if not _CORRECTED.fullmatch(bracket))
    if _BUDGET.search(text):
        kept = tuple(one for one in kept if one != "草案")
        text = _DRAFT_BUDGET.sub("", text)
    forward = forwarded(replace(case, text=text))
    if forward and re.search(rf"(?:{any_of(lexicon.lists).pattern})》?(?:的?(?:通知|公告|函))*$", text):
        rest = text[forward.end() :]
        text = rest if "关于" in rest else f"关于印发{rest}"
    return replace(case, text=text), kept


def _read(case: TitleCase, brackets: tuple[str, ...]) -> TitleKind:
    return by_state(case, case.text, brackets) or by_frame(case)
