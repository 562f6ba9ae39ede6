"""Classifies a title by the state or source that it names: a draft, a sample, a forward, a correction."""

from __future__ import annotations

import re

from tracker.core.matching.title_case import BRACKETS, TitleCase, TitleKind, answer_about
from tracker.core.matching.title_words import any_of, find_ending, find_first
from tracker.core.values.lexicon import Accepted

_OPINIONS = re.compile("(?:公开)?(?:征求|征集|听取|征询)[^情]*?意见(?!.{0,4}(?:情况|结果|采纳|反馈|汇总))")
TAG = re.compile(r"[(「<]?([^()|:丨]{2,8})[)」>|:丨]")


def read_state(case: TitleCase, title: str, brackets: tuple[str, ...]) -> TitleKind | None:
    """Return `about` if the title names such a state in plain words, else None. `title`: the whole flattened title."""
    text, lexicon = case.text, case.lexicon
    for part in (*brackets, text):
        if (draft := find_ending(part, lexicon.draft_words)) and not case.is_rule_word(draft):
            return answer_about(case, draft, "draft")
        if (sample := find_ending(part, lexicon.sample_words)) and not case.is_rule_word(sample):
            return answer_about(case, sample, "guide", sure=False)
    if _OPINIONS.search(text):
        return answer_about(case, "征求意见", "draft", "征求意见的文件")
    tag = TAG.match(title.translate(BRACKETS))
    if tag and tag[1] in lexicon.leading_tags:
        return answer_about(case, tag[1], _kind_of_tag(tag[1]), f"“{tag[1]}”类文章")
    if forward := find_forward(case):
        return answer_about(case, forward[1], "forward", f"{forward[1]}的文件")
    if question := _find_question(case, title):
        return answer_about(case, question, "guide", "咨询、问答或解读", sure=False)
    correction = find_first("|".join((text, *brackets)), lexicon.correction_words)
    if correction and not case.is_rule_word(correction):
        return answer_about(case, correction, "correction", f"“{correction}”的说明")
    return None


def find_forward(case: TitleCase) -> re.Match[str] | None:
    """Return the match of the words by which the title forwards another body's document, or None."""
    return re.search(rf"(?:^|关于|[局府委办室县市会])({any_of(case.lexicon.forwarding_words)})(?!我?县)", case.text)


def _kind_of_tag(tag: str) -> Accepted:
    if tag.startswith("转"):
        return "forward"
    return "guide" if re.search("解|图|问|知识|科普", tag) else "news"


def _find_question(case: TitleCase, title: str) -> str:
    """Return the words that make the title a question or a letter, or ""; records of letters are neither."""
    if question := find_first(case.text, case.lexicon.question_words):
        return question
    letter = find_first(case.text, case.lexicon.letter_words)
    if letter and not find_ending(case.text, (*case.lexicon.record_nouns, *case.lexicon.list_nouns)):
        return letter
    if telling := re.search("(?:长|主任|书记|负责人)(谈|话|答问)(?!话)", case.text):
        return telling[1]
    return "问句" if title.endswith(("?", "？")) else ""
