"""Leaves a title undecided if it is `about` only by a sign that the owed publication may bear too: a tag, 更正,
草案."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from tracker.core.matching.title_case import TitleCase, TitleKind, compile_any, find_ending
from tracker.core.matching.title_frames import read_frame
from tracker.core.matching.title_states import TAG, find_forward, read_state

#: Tags of a publication that is still to come.
_NOT_YET = ("征求意见", "预告")
#: In brackets after a record: it is the corrected record itself.
_CORRECTED = re.compile("(?:已|经)?(?:更正|勘误)(?:版|稿|后)?")
#: A budget is a draft until it is approved, and is often published under that name.
_DRAFT_BUDGET = re.compile("(?<=[预决]算)草案$")
_BUDGET = re.compile("[预决]算(?:草案)?$")
#: Kinds of document that may hold the record named right before them: 价格手册, 收费规定.
_BINDERS = ("手册", "规定", "流程", "图解")
_REPORTS = ("快讯",)


def is_doubtful(case: TitleCase, brackets: tuple[str, ...]) -> bool:
    """Return whether a title classified as `about` may be the owed publication once such signs are removed."""
    stripped, kept_brackets = _strip_signs(case, brackets)
    if (stripped.text, kept_brackets) != (case.text, brackets) and _classify(stripped, kept_brackets).answer == "thing":
        return True
    head = find_ending(stripped.text, (*_BINDERS, *(_REPORTS if case.numbered else ())))
    subject = stripped.text.removesuffix(head)
    return (
        bool(head and find_ending(subject, case.words.own))
        and _classify(replace(case, text=subject), kept_brackets).answer != "about"
    )


def _strip_signs(case: TitleCase, brackets: Iterable[str]) -> tuple[TitleCase, tuple[str, ...]]:
    """Return the title without a leading tag, words of correction at its end, 草案 of a budget, and 转发 of a list."""
    text, lexicon = case.text, case.lexicon
    if (tag := TAG.match(text)) and tag[1] in lexicon.tags and tag[1] not in _NOT_YET:
        text = text[tag.end() :]
    kept_brackets = tuple(bracket for bracket in brackets if not _CORRECTED.fullmatch(bracket))
    if _BUDGET.search(text):
        kept_brackets = tuple(bracket for bracket in kept_brackets if bracket != "草案")
        text = _DRAFT_BUDGET.sub("", text)
    forward = find_forward(replace(case, text=text))
    if forward and re.search(rf"(?:{compile_any(lexicon.lists).pattern})》?(?:的?(?:通知|公告|函))*$", text):
        rest = text[forward.end() :]
        text = rest if "关于" in rest else f"关于印发{rest}"
    return replace(case, text=text), kept_brackets


def _classify(case: TitleCase, brackets: tuple[str, ...]) -> TitleKind:
    return read_state(case, case.text, brackets) or read_frame(case)
