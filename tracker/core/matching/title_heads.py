"""Classifies a title by its last noun: the longest known ending, after 公告 or 信息 is removed."""

from __future__ import annotations

import re

from tracker.core.matching.title_case import TitleCase, TitleKind, answer_about, answer_by_topic, answer_undecided
from tracker.core.matching.title_words import compile_any, find_ending
from tracker.core.values.lexicon import Accepted

#: The lists of the lexicon whose words may be the last noun of a title.
_HEADS = (
    *("list_nouns", "table_nouns", "record_nouns", "periodical_nouns", "data_nouns"),
    *("plan_nouns", "rule_nouns", "guide_nouns", "news_nouns", "invitation_nouns"),
    *("work_report_nouns", "ambiguous_nouns"),
)
#: Words for a form: 考核表 is no 考核制度.
_TABLES = ("表", "表格")
_STATEMENTS = ("情况说明", "情况通报", "情况报告")
_KINDS: dict[str, Accepted] = {
    "plan_nouns": "plan",
    "guide_nouns": "guide",
    "news_nouns": "news",
    "invitation_nouns": "call",
}


def read_head(case: TitleCase, text: str, published_as: str = "") -> TitleKind:
    """Return the classification of a text by its last noun. `published_as`: the word outside it that publishes it
    (公布)."""
    answer = _read_last_noun(case, text, published_as)
    not_current = find_not_current_word(case)
    return (
        answer_undecided(not_current, f"标题称“{not_current}”") if not_current and answer.answer == "thing" else answer
    )


def find_not_current_word(case: TitleCase) -> str:
    """Return a word by which the publication is not there yet, or no longer; "" if there is none."""
    for match in compile_any(case.lexicon.not_current_words).finditer(case.text):
        is_simulation = match[0] == "拟" and case.text[: match.start()].endswith(("模", "虚"))
        is_exception = compile_any(case.lexicon.not_current_exceptions).match(case.text, match.start())
        if not is_simulation and not is_exception and not case.is_rule_word(match[0].removesuffix("公告")):
            return match[0]
    return ""


def _read_last_noun(case: TitleCase, text: str, published_as: str) -> TitleKind:
    lexicon, words = case.lexicon, case.words
    rest, announced_as = text, published_as
    while True:
        at = case.text.rfind(rest) + len(rest)
        rule_word = find_ending(rest, words.rule_words)
        head, list_name = max(
            ((find_ending(rest, getattr(lexicon, list_name)), list_name) for list_name in _HEADS),
            key=lambda pair: len(pair[0]),
        )
        if (
            rule_word
            and len(rule_word) >= len(head)
            and (answer := _read_rule_word(case, rule_word, head, at, announced_as))
        ):
            return answer
        if head:
            return _read_lexicon_word(case, head, list_name, at, announced_as)
        announcement = find_ending(rest, lexicon.announcement_nouns)
        if not announcement or announcement == rest:
            break
        announced_as = announced_as or announcement
        rest = re.sub(r"\([^()]*\)$", "", rest[: -len(announcement)].rstrip("的《》"))
    if (first := re.split("[及和与、]", rest)[0]) != rest and find_ending(first, (*lexicon.list_nouns, *words.items)):
        return _read_last_noun(case, first, announced_as)
    if rule_word and not announced_as:
        return answer_undecided(rule_word, "标题只写了事项")
    announced = find_ending(rest, lexicon.announced_nouns) or rule_word or find_ending(rest, words.topics)
    if (
        announced
        and announced_as in (*lexicon.publishing_nouns, *_STATEMENTS)
        and (
            words.owed_kind not in ("rule", "list")
            or (words.owed_kind == "list" and announced in ("企业", "单位", "机构"))
        )
    ):
        return answer_by_topic(case, announced_as, at)
    return answer_undecided(announced_as or rest[-4:], "标题的种类不明")


def _read_rule_word(case: TitleCase, rule_word: str, head: str, at: int, announced_as: str) -> TitleKind | None:
    """Classify a title that ends in a word of the rule: `thing` if the word names a kind of document or is published as
    one; None to go on."""
    lexicon, words = case.lexicon, case.words
    before = case.text[: at - len(rule_word)]
    is_item = rule_word in words.items and rule_word not in (*lexicon.official_act_verbs, *lexicon.work_verbs)
    if is_item and not words.needs_all_items and any(topic in before for topic in words.topics):
        return answer_by_topic(case, rule_word, at - len(rule_word))
    if (
        rule_word == head
        and not announced_as
        and head in (*lexicon.list_nouns, *lexicon.record_nouns, *lexicon.ambiguous_nouns, *lexicon.work_report_nouns)
    ):
        return None
    document = head or find_ending(rule_word, lexicon.announcement_nouns)
    if words.pattern_has_topic and rule_word == document:
        return answer_by_topic(case, rule_word, at - len(rule_word))
    if document and rule_word.endswith(document) and rule_word not in lexicon.announcement_nouns:
        return answer_by_topic(case, rule_word, at - len(rule_word))
    if announced_as in _TABLES and words.owed_kind == "rule":
        return None
    if announced_as or (words.needs_all_items and any(topic in rule_word for topic in words.topics)):
        return answer_by_topic(case, rule_word, at)
    if words.is_periodic and rule_word in words.topics and re.search(r"\d|月|季度|半年|年度", case.text):
        return answer_by_topic(case, rule_word, at)
    return None


def _read_lexicon_word(case: TitleCase, head: str, list_name: str, at: int, announced_as: str) -> TitleKind:
    """Classify a title that ends in a word of the lexicon's list `list_name`."""
    lexicon, words, owed_kind, head_at = case.lexicon, case.words, case.words.owed_kind, at - len(head)
    if (list_name not in ("list_nouns", "record_nouns") and _is_owed_kind(case, head)) or (
        list_name in ("data_nouns", "ambiguous_nouns") and _is_near_rule_word(case, head, head_at)
    ):
        return answer_by_topic(case, head, head_at)
    first = re.split("[及和与、]", case.text)[0]
    firsts = (
        lexicon.list_nouns if list_name in ("record_nouns", "table_nouns") else (*lexicon.list_nouns, *words.rule_words)
    )
    if owed_kind == "list" and list_name != "list_nouns" and first != case.text and find_ending(first, firsts):
        return _read_last_noun(case, first, announced_as)
    is_record = owed_kind in ("", "figures")
    asks_for_data = words.needs_all_items and any(topic in lexicon.data_nouns for topic in words.topics)
    is_thing = {
        "list_nouns": owed_kind == "list" or not (owed_kind or asks_for_data),
        "record_nouns": is_record,
        "data_nouns": is_record,
        "table_nouns": owed_kind != "rule",
        "periodical_nouns": words.is_periodic or case.names_issue,
        "rule_nouns": owed_kind == "rule",
        "work_report_nouns": "news" in case.accepts,
        "ambiguous_nouns": head in lexicon.announced_nouns
        and announced_as in lexicon.publishing_nouns
        and not (words.needs_all_items or owed_kind),
    }
    if is_thing.get(list_name):
        return answer_by_topic(case, head, head_at)
    call = (
        find_ending(case.text[:head_at], (*lexicon.invitation_nouns, *lexicon.request_verbs, *lexicon.news_nouns))
        if head == "通知"
        else ""
    )
    if call:
        return answer_about(case, call, "call", f"{call}通知", sure=False)
    if list_name == "rule_nouns" and (words.needs_all_items or owed_kind == "list"):
        return answer_about(case, head, "plan")
    if (
        list_name in is_thing
        or (list_name == "plan_nouns" and owed_kind == "rule")
        or (list_name == "invitation_nouns" and "news" in case.accepts)
        or any(rule_word.endswith(head) for rule_word in words.rule_words)
        or any(head.endswith(word) and _is_owed_kind(case, word) for word in getattr(lexicon, list_name))
    ):
        return answer_undecided(head)
    return answer_about(case, head, _KINDS[list_name], sure=list_name not in ("news_nouns", "invitation_nouns"))


def _is_owed_kind(case: TitleCase, head: str) -> bool:
    """Return whether the rule asks for a document of that name about a word in the title: 补偿…方案 for 补偿方案."""
    return any(
        rule_word.endswith(head) and rule_word[: -len(head)] in case.text
        for rule_word in case.words.rule_words
        if len(rule_word) > len(head)
    )


def _is_near_rule_word(case: TitleCase, head: str, head_at: int) -> bool:
    """Return whether the head holds a word of the rule, or is a standard or approval right behind one."""
    weightless = (*case.lexicon.filler_nouns, *case.lexicon.ambiguous_nouns)
    if any(
        rule_word in head and (rule_word not in weightless or rule_word == "批复")
        for rule_word in case.words.rule_words
    ):
        return True
    return (
        head in ("标准", "批复")
        and not case.words.needs_all_items
        and find_ending(case.text[:head_at], case.words.rule_words) != ""
    )
