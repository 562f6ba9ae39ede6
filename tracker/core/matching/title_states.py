"""Reads a title by the state or source that it names: a draft, a sample, a forward, a correction."""

from __future__ import annotations

import re

from tracker.core.matching.title_case import BRACKETS, TitleCase, TitleKind, about, any_of, ending, first_of
from tracker.core.values.lexicon import Accepted

_OPINIONS = re.compile("(?:公开)?(?:征求|征集|听取|征询)[^情]*?意见(?!.{0,4}(?:情况|结果|采纳|反馈|汇总))")
TAG = re.compile(r"[(「<]?([^()|:丨]{2,8})[)」>|:丨]")


def by_state(case: TitleCase, title: str, brackets: tuple[str, ...]) -> TitleKind | None:
    """About it, where the title says so in plain words; None where it does not. `title`: flattened and whole."""
    text, lexicon = case.text, case.lexicon
    for part in (*brackets, text):
        if (draft := ending(part, lexicon.drafts)) and not case.owns(draft):
            return about(case, draft, "draft")
        if (sample := ending(part, lexicon.samples)) and not case.owns(sample):
            return about(case, sample, "guide", sure=False)
    if _OPINIONS.search(text):
        return about(case, "征求意见", "draft", "征求意见的文件")
    tag = TAG.match(title.translate(BRACKETS))
    if tag and tag[1] in lexicon.tags:
        return about(case, tag[1], _kind_of_tag(tag[1]), f"“{tag[1]}”类文章")
    if forward := forwarded(case):
        return about(case, forward[1], "forward", f"{forward[1]}的文件")
    if question := _question(case, title):
        return about(case, question, "guide", "咨询、问答或解读", sure=False)
    correction = first_of("|".join((text, *brackets)), lexicon.corrections)
    if correction and not case.owns(correction):
        return about(case, correction, "correction", f"“{correction}”的说明")
    return None


def forwarded(case: TitleCase) -> re.Match[str] | None:
    """Where the title says that another body's paper is passed on."""
    return re.search(rf"(?:^|关于|[局府委办室县市会])({any_of(case.lexicon.forwards).pattern})(?!我?县)", case.text)


def _kind_of_tag(tag: str) -> Accepted:
    if tag.startswith("转"):
        return "forward"
    return "guide" if re.search("解|图|问|知识|科普", tag) else "news"


def _question(case: TitleCase, title: str) -> str:
    """A question, or a letter that is none of the records of letters."""
    if question := first_of(case.text, case.lexicon.questions):
        return question
    letter = first_of(case.text, case.lexicon.letters)
    if letter and not ending(case.text, (*case.lexicon.records, *case.lexicon.lists)):
        return letter
    if telling := re.search("(?:长|主任|书记|负责人)(谈|话|答问)(?!话)", case.text):
        return telling[1]
    return "问句" if title.endswith(("?", "？")) else ""
