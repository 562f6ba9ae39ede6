"""Classifies a title by its last noun: the longest known ending, after 公告 or 信息 is removed."""

from __future__ import annotations

import re

from tracker.core.matching.title_case import TitleCase, TitleKind, answer_about, answer_undecided, judge_topic
from tracker.core.matching.title_words import compile_any, find_ending
from tracker.core.values.lexicon import Accepted

#: The lists of the lexicon whose words may be the last noun of a title.
_HEADS = (
    *("lists", "tables", "records", "periodicals", "matters"),
    *("plans", "rules", "guides", "news", "calls", "reports", "open"),
)
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
        if not simulated and not pending and not case.is_rule_word(match[0].removesuffix("公告")):
            return match[0]
    return ""


def _read_last_noun(case: TitleCase, text: str, published_as: str) -> TitleKind:
    lexicon, words = case.lexicon, case.words
    rest, carried = text, published_as
    while True:
        at = case.text.rfind(rest) + len(rest)
        rule_word = find_ending(rest, words.rule_words)
        head, name = max(
            ((find_ending(rest, getattr(lexicon, name)), name) for name in _HEADS), key=lambda pair: len(pair[0])
        )
        if (
            rule_word
            and len(rule_word) >= len(head)
            and (answer := _read_rule_word(case, rule_word, head, at, carried))
        ):
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
    if rule_word and not carried:
        return answer_undecided(rule_word, "标题只写了事项")
    deed = find_ending(rest, lexicon.deeds) or rule_word or find_ending(rest, words.topics)
    if (
        deed
        and carried in (*lexicon.shows, *_STATEMENTS)
        and (words.family not in ("rule", "list") or (words.family == "list" and deed in ("企业", "单位", "机构")))
    ):
        return judge_topic(case, carried, at)
    return answer_undecided(carried or rest[-4:], "标题的种类不明")


def _read_rule_word(case: TitleCase, rule_word: str, head: str, at: int, carried: str) -> TitleKind | None:
    """Classify a title that ends in a word of the rule: `thing` if the word names a kind of document or is published as
    one; None to go on."""
    lexicon, words = case.lexicon, case.words
    before = case.text[: at - len(rule_word)]
    is_item = rule_word in words.items and rule_word not in (*lexicon.acts, *lexicon.works)
    if is_item and not words.needs_all and any(topic in before for topic in words.topics):
        return judge_topic(case, rule_word, at - len(rule_word))
    if (
        rule_word == head
        and not carried
        and head in (*lexicon.lists, *lexicon.records, *lexicon.open, *lexicon.reports)
    ):
        return None
    document = head or find_ending(rule_word, lexicon.carriers)
    if words.pattern_has_topic and rule_word == document:
        return judge_topic(case, rule_word, at - len(rule_word))
    if document and rule_word.endswith(document) and rule_word not in lexicon.carriers:
        return judge_topic(case, rule_word, at - len(rule_word))
    if carried or (words.needs_all and any(topic in rule_word for topic in words.topics)):
        return judge_topic(case, rule_word, at)
    if words.is_periodic and rule_word in words.topics and re.search(r"\d|月|季度|半年|年度", case.text):
        return judge_topic(case, rule_word, at)
    return None


def _read_lexicon_word(case: TitleCase, head: str, name: str, at: int, carried: str) -> TitleKind:
    """Classify a title that ends in a word of the lexicon's list `name`."""
    lexicon, words, family, head_at = case.lexicon, case.words, case.words.family, at - len(head)
    if (name not in ("lists", "records") and _is_owed_kind(case, head)) or (
        name in ("matters", "open") and _is_near_rule_word(case, head, head_at)
    ):
        return judge_topic(case, head, head_at)
    first = re.split("[及和与、]", case.text)[0]
    firsts = lexicon.lists if name in ("records", "tables") else (*lexicon.lists, *words.rule_words)
    if family == "list" and name != "lists" and first != case.text and find_ending(first, firsts):
        return _read_last_noun(case, first, carried)
    is_record = family in ("", "figures")
    asks_for_sums = words.needs_all and any(topic in lexicon.matters for topic in words.topics)
    is_thing = {
        "lists": family == "list" or not (family or asks_for_sums),
        "records": is_record,
        "matters": is_record,
        "tables": family != "rule",
        "periodicals": words.is_periodic or case.names_issue,
        "rules": family == "rule",
        "reports": "news" in case.accepts,
        "open": head in lexicon.deeds and carried in lexicon.shows and not (words.needs_all or family),
    }
    if is_thing.get(name):
        return judge_topic(case, head, head_at)
    call = find_ending(case.text[:head_at], (*lexicon.calls, *lexicon.asks, *lexicon.news)) if head == "通知" else ""
    if call:
        return answer_about(case, call, "call", f"{call}通知", sure=False)
    if name == "rules" and (words.needs_all or family == "list"):
        return answer_about(case, head, "plan")
    if (
        name in is_thing
        or (name == "plans" and family == "rule")
        or (name == "calls" and "news" in case.accepts)
        or any(rule_word.endswith(head) for rule_word in words.rule_words)
        or any(head.endswith(word) and _is_owed_kind(case, word) for word in getattr(lexicon, name))
    ):
        return answer_undecided(head)
    return answer_about(case, head, _KINDS[name], sure=name not in ("news", "calls"))


def _is_owed_kind(case: TitleCase, head: str) -> bool:
    """Return whether the rule asks for a document of that name about a word in the title: 补偿…方案 for 补偿方案."""
    return any(
        rule_word.endswith(head) and rule_word[: -len(head)] in case.text
        for rule_word in case.words.rule_words
        if len(rule_word) > len(head)
    )


def _is_near_rule_word(case: TitleCase, head: str, head_at: int) -> bool:
    """Return whether the head holds a word of the rule, or is a standard or approval right behind one."""
    weightless = (*case.lexicon.light, *case.lexicon.open)
    if any(
        rule_word in head and (rule_word not in weightless or rule_word == "批复")
        for rule_word in case.words.rule_words
    ):
        return True
    return (
        head in ("标准", "批复")
        and not case.words.needs_all
        and find_ending(case.text[:head_at], case.words.rule_words) != ""
    )
