"""Classifies a title by its last noun: the longest known ending, after 公告 or 信息 is removed."""

from __future__ import annotations

import re

from tracker.core.matching.title_case import (
    TitleCase,
    TitleKind,
    answer_about,
    answer_undecided,
    compile_any,
    find_ending,
    judge_topic,
)
from tracker.core.values.lexicon import Accepted

_RECORDS = ("lists", "tables", "records", "periodicals", "matters")
_HEADS = (*_RECORDS, "plans", "rules", "guides", "news", "calls", "reports", "open")
_STATEMENTS = ("情况说明", "情况通报", "情况报告")
_KINDS: dict[str, Accepted] = {"plans": "plan", "guides": "guide", "news": "news", "calls": "call"}


def read_head(case: TitleCase, text: str, published_as: str = "") -> TitleKind:
    """Return the classification of a text by its last noun. `published_as`: the word outside it that publishes it
    (公布)."""
    answer = _read_last_noun(case, text, published_as)
    aspect = find_aspect(case)
    return answer_undecided(aspect, f"标题称“{aspect}”") if aspect and answer.answer == "thing" else answer


def find_aspect(case: TitleCase) -> str:
    """Return a word by which the publication is not there yet, or no longer; "" if there is none."""
    for match in compile_any(case.lexicon.aspects).finditer(case.text):
        simulated = match[0] == "拟" and case.text[: match.start()].endswith(("模", "虚"))
        pending = compile_any(case.lexicon.pending).match(case.text, match.start())
        if not simulated and not pending and not case.owns(match[0].removesuffix("公告")):
            return match[0]
    return ""


def _read_last_noun(case: TitleCase, text: str, published_as: str) -> TitleKind:
    lexicon, words = case.lexicon, case.words
    rest, carried = text, published_as
    while True:
        at = case.text.rfind(rest) + len(rest)
        own = find_ending(rest, words.own)
        head, name = max(
            ((find_ending(rest, getattr(lexicon, name)), name) for name in _HEADS), key=lambda pair: len(pair[0])
        )
        if own and len(own) >= len(head) and (answer := _read_rule_word(case, own, head, at, carried)):
            return answer
        if head:
            return _read_lexicon_word(case, head, name, at, carried)
        carrier = find_ending(rest, lexicon.carriers)
        if not carrier or carrier == rest:
            break
        carried = carried or carrier
        rest = re.sub(r"\([^()]*\)$", "", rest[: -len(carrier)].rstrip("的《》"))
    if (first := re.split("[及和与、]", rest)[0]) != rest and find_ending(first, (*lexicon.lists, *words.items)):
        return _read_last_noun(case, first, carried)
    if own and not carried:
        return answer_undecided(own, "标题只写了事项")
    deed = find_ending(rest, lexicon.deeds) or own or find_ending(rest, words.topics)
    if (
        deed
        and carried in (*lexicon.shows, *_STATEMENTS)
        and (words.family not in ("rule", "list") or (words.family == "list" and deed in ("企业", "单位", "机构")))
    ):
        return judge_topic(case, carried, at)
    return answer_undecided(carried or rest[-4:], "标题的种类不明")


def _read_rule_word(case: TitleCase, own: str, head: str, at: int, carried: str) -> TitleKind | None:
    """Classify a title that ends in a word of the rule: `thing` if the word names a kind of document or is published as
    one; None to go on."""
    lexicon, words = case.lexicon, case.words
    before = case.text[: at - len(own)]
    is_item = own in words.items and own not in (*lexicon.acts, *lexicon.works)
    if is_item and not words.whole and any(topic in before for topic in words.topics):
        return judge_topic(case, own, at - len(own))
    if own == head and not carried and head in (*lexicon.lists, *lexicon.records, *lexicon.open, *lexicon.reports):
        return None
    document = head or find_ending(own, lexicon.carriers)
    if words.named and own == document:
        return judge_topic(case, own, at - len(own))
    if document and own.endswith(document) and own not in lexicon.carriers:
        return judge_topic(case, own, at - len(own))
    if carried or (words.whole and any(topic in own for topic in words.topics)):
        return judge_topic(case, own, at)
    if words.regular and own in words.topics and re.search(r"\d|月|季度|半年|年度", case.text):
        return judge_topic(case, own, at)
    return None


def _read_lexicon_word(case: TitleCase, head: str, name: str, at: int, carried: str) -> TitleKind:
    """Classify a title that ends in a word of the lexicon's list `name`."""
    family, whole, head_at = case.words.family, case.words.whole, at - len(head)
    sums = whole and any(topic in case.lexicon.matters for topic in case.words.topics)
    if name not in ("lists", "records") and _is_owed_kind(case, head):
        return judge_topic(case, head, head_at)
    if name in ("matters", "open") and _is_near_rule_word(case, head, head_at):
        return judge_topic(case, head, head_at)
    is_list = name == "lists"
    first = re.split("[及和与、]", case.text)[0]
    firsts = case.lexicon.lists if name in ("records", "tables") else (*case.lexicon.lists, *case.words.own)
    if family == "list" and not is_list and first != case.text and find_ending(first, firsts):
        return _read_last_noun(case, first, carried)
    if name == "tables" and family != "rule":
        return judge_topic(case, head, head_at)
    if name == "periodicals" and (case.words.regular or case.numbered):
        return judge_topic(case, head, head_at)
    if name in ("lists", "records", "matters"):
        if (
            family in ("rule", "plan")
            or (family == "list" and not is_list)
            or (is_list and family != "list" and (family or sums))
        ):
            return answer_undecided(head, f"标题为{head}")
        return judge_topic(case, head, head_at)
    if name == "rules":
        if family == "rule":
            return judge_topic(case, head, head_at)
        return (
            answer_about(case, head, "plan") if whole or family == "list" else answer_undecided(head, f"标题为{head}")
        )
    if name == "reports" and "news" in case.accepts:
        return judge_topic(case, head, head_at)
    if name == "open" and head in case.lexicon.deeds and carried in case.lexicon.shows and not (whole or family):
        return judge_topic(case, head, head_at)
    if head == "通知" and (
        call := find_ending(case.text[:head_at], (*case.lexicon.calls, *case.lexicon.asks, *case.lexicon.news))
    ):
        return answer_about(case, call, "call", f"{call}通知", sure=False)
    if name in ("open", "reports", "periodicals", "tables"):
        return answer_undecided(head, f"标题为{head}")
    of_owed_kind = (family == "rule" and name == "plans") or any(own.endswith(head) for own in case.words.own)
    if of_owed_kind or any(head.endswith(word) and _is_owed_kind(case, word) for word in getattr(case.lexicon, name)):
        return answer_undecided(head, f"标题为{head}")
    if name == "calls" and "news" in case.accepts:
        return answer_undecided(head, f"标题为{head}")
    return answer_about(case, head, _KINDS[name], sure=name not in ("news", "calls"))


def _is_owed_kind(case: TitleCase, head: str) -> bool:
    """Return whether the rule asks for a document of that name about a word in the title: 补偿…方案 for 补偿方案."""
    return any(own.endswith(head) and own[: -len(head)] in case.text for own in case.words.own if len(own) > len(head))


def _is_near_rule_word(case: TitleCase, head: str, head_at: int) -> bool:
    """Return whether the head holds a word of the rule, or is a standard or approval right behind one."""
    weightless = (*case.lexicon.light, *case.lexicon.open)
    if any(own in head and (own not in weightless or own == "批复") for own in case.words.own):
        return True
    return head in ("标准", "批复") and not case.words.whole and find_ending(case.text[:head_at], case.words.own) != ""
