"""Classifies a title: the entry is the owed publication (`thing`), only about it (`about`), or `undecided`.

A title is read from its end: its last noun names the kind of the entry, the words before it the topic, and the verb
after 关于 the purpose of the document. Unknown words leave a title undecided; then the text or a person decides. The
words are in rulebook/titles.yaml.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from tracker.core.matching.naming import flat
from tracker.core.matching.title_case import PERIOD, TitleCase, TitleKind, leave_open, to_plain_title
from tracker.core.matching.title_frames import read_frame
from tracker.core.matching.title_states import TAG, find_forward, read_state
from tracker.core.matching.title_words import DutyWords, any_of, find_ending
from tracker.core.values.lexicon import Lexicon

#: Tags of a publication that is still to come.
_NOT_YET = ("征求意见", "预告")
#: In brackets after a record: it is the corrected record itself.
_CORRECTED = re.compile("(?:已|经)?(?:更正|勘误)(?:版|稿|后)?")
#: A budget is a draft until it is approved, and is often published under that name.
_DRAFT_BUDGET = re.compile("(?<=[预决]算)草案$")
_BUDGET = re.compile("[预决]算(?:草案)?$")
#: Kinds of document that may hold the record named right before them: 价格手册, 收费规定; 快讯 of a period.
_BINDERS, _PERIOD_BINDERS = ("手册", "规定", "流程", "图解"), ("快讯",)


@lru_cache(maxsize=4096)
def classify_title(title: str, words: DutyWords, lexicon: Lexicon, accepts: tuple[str, ...] = ()) -> TitleKind:
    """Return the kind of entry that a title names, for a title that fits a rule.

    `accepts`: the kinds of document that the rule accepts as well.
    """
    text, brackets = to_plain_title(title)
    case = TitleCase(text, words, lexicon, frozenset(accepts), PERIOD.search(flat(title)) is not None)
    answer = _classify(case, flat(title), brackets)
    answer = replace(answer, is_diverted=answer.is_diverted or bool(case.other_matter))
    if words.is_page:  # the title of the page that a rule names never refuses it
        is_unmarked = answer.answer == "undecided" and answer.head not in lexicon.publishing_nouns
        if is_unmarked and (words.takes_any or case.topic_end is not None):
            return TitleKind("thing", "规则指定的网页", answer.head)
        return leave_open(answer) if answer.answer == "about" else answer
    if words.takes_any and (answer.answer != "about" or case.topic_end is None):
        return TitleKind("thing", "规则不限标题，该栏目的公开内容均可", answer.head)
    if answer.answer == "about" and (words.takes_any or _is_doubtful(case, brackets)):
        return leave_open(answer)
    return answer


def _classify(case: TitleCase, title: str, brackets: tuple[str, ...]) -> TitleKind:
    return read_state(case, title, brackets) or read_frame(case)


def _is_doubtful(case: TitleCase, brackets: tuple[str, ...]) -> bool:
    """Return whether a title is `about` only by a sign that the owed publication may bear too: a tag, 更正, 草案."""
    text, kept_brackets = _strip_signs(case, brackets)
    stripped = replace(case, text=text)
    if (text, kept_brackets) != (case.text, brackets) and _classify(stripped, text, kept_brackets).answer == "thing":
        return True
    head = find_ending(text, (*_BINDERS, *(_PERIOD_BINDERS if case.names_issue else ())))
    subject = text.removesuffix(head)
    if not head or not find_ending(subject, case.words.rule_words):
        return False
    return _classify(replace(case, text=subject), subject, kept_brackets).answer != "about"


def _strip_signs(case: TitleCase, brackets: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the title without a leading tag, words of correction at its end, 草案 of a budget, and 转发 of a list."""
    text, lexicon = case.text, case.lexicon
    if (tag := TAG.match(text)) and tag[1] in lexicon.leading_tags and tag[1] not in _NOT_YET:
        text = text[tag.end() :]
    drafts = ("草案",) if _BUDGET.search(text) else ()
    kept_brackets = tuple(part for part in brackets if not _CORRECTED.fullmatch(part) and part not in drafts)
    text = _DRAFT_BUDGET.sub("", text)
    forward = find_forward(replace(case, text=text))
    if forward and re.search(rf"{any_of(lexicon.list_nouns)}》?(?:的?(?:通知|公告|函))*$", text):
        rest = text[forward.end() :]
        text = rest if "关于" in rest else f"关于印发{rest}"
    return text, kept_brackets
