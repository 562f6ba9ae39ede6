"""A title in plain form with the words of the rule it is read for, and the answers of the classification."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Literal

from tracker.core.matching.naming import flat
from tracker.core.matching.title_words import DutyWords, any_of, compile_any, find_ending, find_first
from tracker.core.values.lexicon import Accepted, Lexicon

#: What a title says of its entry. For a duty to publish the water quality, "thing" is the owed publication itself
#: (水质监测结果) and "about" a document about it (水质改善工作方案); "undecided" leaves it to the text or a person
#: (水质总结).
TitleAnswer = Literal["thing", "about", "undecided"]


@dataclass(frozen=True, slots=True)
class TitleKind:
    """The classification of a title. `reason`: a Chinese sentence. `head`: the word that decided. `accepts`: the kind
    of document that a rule has to accept for this title to count. `is_diverted`: it names a neighbouring matter, so
    that no text decides."""

    answer: TitleAnswer
    reason: str
    head: str = ""
    accepts: Accepted | Literal[""] = ""
    is_diverted: bool = False


@dataclass(frozen=True)
class TitleCase:
    """A title in plain form, the words of the rule it is read for, and the kinds of document that the rule accepts.

    `names_issue`: the whole title names an issue, a month, a quarter or a day.
    """

    text: str
    words: DutyWords
    lexicon: Lexicon
    accepts: frozenset[str]
    names_issue: bool = False

    def is_rule_word(self, word: str) -> bool:
        """Return whether a word of the title is part of a word of the rule that the title holds."""
        return any(word in rule_word and rule_word in self.text for rule_word in self.words.rule_words)

    @cached_property
    def masked(self) -> str:
        """The title with the names of bodies masked: 社会救助局 is no mention of 社会救助."""
        return _mask_bodies(self.text, self.lexicon, self.words.topics)

    @cached_property
    def unruled(self) -> str:
        """The title with the words of the rule masked."""
        masked = self.text
        for rule_word in self.words.rule_words:
            masked = masked.replace(rule_word, "\n" * len(rule_word))
        return masked

    @cached_property
    def other_matter(self) -> str:
        """The first word that names another matter wherever it stands (党建, 大赛) and is none of the rule's; or ""."""
        matches = compile_any(self.lexicon.always_diverting_words).finditer(self.text)
        return next((match[0] for match in matches if self.unruled[match.start() : match.end()].strip("\n")), "")

    @cached_property
    def topic_end(self) -> int | None:
        """The end of the last topic of the rule in the title, None if it mentions none."""
        if self.words.pattern_has_topic:
            return 0
        ends = (self.masked.rfind(topic) + len(topic) for topic in self.words.topics if topic in self.masked)
        return max(ends, default=None)


# -- the plain form ------------------------------------------------------------------------------

BRACKETS = str.maketrans("[]〔〕【】〖〗{}", "()()()()()")
# The letters of a document's number reach back to a blank or bracket, else to the last noun: 采购公告临采招(2015)31号.
_PREFIX_AFTER_GAP = r"(?:^|(?<= )|\()(?:(?!公告|公示|通知|批复|决定)[\u4e00-\u9fff]){0,10}"
_PREFIX_AFTER_NOUN = r"(?:(?![告示知表单录报果况案南复的于])[\u4e00-\u9fff]){0,8}"
_NUMBER = re.compile(
    rf"(?:{_PREFIX_AFTER_GAP}|{_PREFIX_AFTER_NOUN})\((?:19|20)\d\d\)第?\d+号\)?|(?:(?:19|20)\d\d年)?第\d+号(?=$|\))"
)
_CODE = re.compile(r"-?[A-Z]{2,8}-?(?:19|20)\d\d[-\d]*$")
_SENDER = re.compile(r"(?:[-—–―_]+|(?<=\)))[^-—–―_()]{1,16}(?:局|委|办|部|院|会|府|社|厅|站|所|中心|[县市镇乡])$")
_FILE = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|zip|rar|html?|txt|jpe?g|png)$", re.IGNORECASE)
_DATE = re.compile(
    r"[-_ ]*(?:(?:19|20)\d\d[-/.年](?:\d{1,2}[-/.月](?:\d{1,2}日?)?)?"
    r"|\d{8}|\d{1,2}月(?:\d{1,2}日|份)?|第\d+[期号批次周])$"
)
PERIOD = re.compile(r"第?\d+期|\d月|\d日|[每今当]日|[本上每]周|[上中下]旬|季度|半年|第\d+周|总第")
_TAIL = re.compile(r"\(([^()]*)\)(?=》|$)")
_NAMED = re.compile(r"^《([^《》]+)》$")
_NOISE = re.compile(r"[及和]?附[表件图]$|[!。,;:·*]+$|^[·*•●>\d]{1,2}[.、]")
_QUOTES = str.maketrans("", "", "\"'“”‘’「」")


@lru_cache(maxsize=4096)
def to_plain_title(title: str) -> tuple[str, tuple[str, ...]]:
    """Return (the title without numbers, dates and brackets at its end; the contents of those brackets)."""
    text = " ".join(map(flat, title.split())).translate(BRACKETS).translate(_QUOTES)
    text = _NUMBER.sub("", text).replace(" ", "")
    brackets: list[str] = []
    while True:
        before = text
        text = _NOISE.sub("", _SENDER.sub("", _CODE.sub("", _FILE.sub("", text))))
        text = _NAMED.sub(r"\1", _DATE.sub("", text) or before)
        if (tail := _TAIL.search(text)) and tail.start():
            brackets.append(tail[1])
            text = text[: tail.start()] + text[tail.end() :]
        if text == before:
            return text, tuple(brackets)


@lru_cache(maxsize=4096)
def _mask_bodies(text: str, lexicon: Lexicon, topics: tuple[str, ...]) -> str:
    for topic in topics:
        if topic in text and topic not in lexicon.official_act_verbs:
            body = re.compile(
                rf"{re.escape(topic)}[^的及和与、,关对在(《“]{{0,6}}?{any_of(lexicon.body_name_endings)}(?![部限城])"
            )
            text = body.sub(lambda name: "\n" * len(name[0]), text)
    return text


# -- answers -------------------------------------------------------------------------------------

_NO_PROOF = "不作为公开内容"
_OPEN = "仅凭标题不能认定是否为应公开的内容"


def answer_thing(head: str) -> TitleKind:
    """Return the answer that the entry is the owed publication."""
    return TitleKind("thing", f"标题为{head}", head)


def answer_undecided(head: str, explanation: str = "", accepts: Accepted | Literal[""] = "") -> TitleKind:
    """Return the answer that the title does not decide. `accepts`: the kind of document as which a rule may accept
    it."""
    return TitleKind("undecided", f"{explanation or f'标题为{head}'}，{_OPEN}", head, accepts)


def leave_open(answer: TitleKind, contrary: str = "") -> TitleKind:
    """Return an `about` answer as undecided, so that a person is asked. `contrary`: the evidence against the title
    (Chinese)."""
    reason = answer.reason.removesuffix(f"，{_NO_PROOF}")
    return replace(answer, answer="undecided", reason="，".join(part for part in (reason, contrary, _OPEN) if part))


def answer_about(case: TitleCase, head: str, accepts: Accepted, label: str = "", *, sure: bool = True) -> TitleKind:
    """Return `about`, unless the rule accepts such documents: then the topic decides.

    `sure`: every document of this name is of that kind; otherwise an accepted one is left undecided.
    """
    label = label or head
    if accepts not in case.accepts:
        return TitleKind("about", f"标题为{label}，{_NO_PROOF}", head, accepts)
    return answer_by_topic(case, head, case.text.rfind(head)) if sure else answer_undecided(head, f"标题为{label}")


def answer_by_topic(case: TitleCase, head: str, head_at: int) -> TitleKind:
    """Return `thing` for a record of the rule's topic and of nothing else, else `undecided`."""
    if case.topic_end is None:
        is_kind = case.words.has_no_pattern and any(item in head for item in case.words.items)
        is_thing = is_kind and not case.other_matter
        return answer_thing(head) if is_thing else answer_undecided(head, "标题未写明应公开的事项")
    is_list = head in (*case.lexicon.list_nouns, *case.lexicon.table_nouns)
    if diverting := _find_diverting_word(case, min(case.topic_end, head_at), head_at, is_list):
        answer = answer_undecided(head, f"标题为有关“{diverting}”的{head}")
        return replace(answer, is_diverted=not case.words.needs_all_items)
    return answer_thing(head)


def _find_listed_staff(case: TitleCase, text: str) -> str:
    """Return the word for the people on a list if they are staff and not recipients of the work; else ""."""
    while announcement := find_ending(text, case.lexicon.announcement_nouns):
        text = text.removesuffix(announcement)
    staff = find_ending(text, case.lexicon.staff_nouns)
    before = case.text[: len(text) - len(staff)].removesuffix("工作")
    return "" if staff == "人员" and find_ending(before, case.lexicon.recipient_words) else staff


def _find_diverting_word(case: TitleCase, begin: int, end: int, is_list: bool) -> str:
    """Return the first word between the rule's words and the head that names people, bodies or means; else ""."""
    if case.other_matter and case.other_matter in case.text[:end]:
        return case.other_matter
    between = case.masked[begin:end]
    for word in (*case.words.rule_words, *case.lexicon.diverting_exceptions):
        between = between.replace(word, "")
    while announcement := find_ending(between, case.lexicon.announcement_nouns):
        between = between.removesuffix(announcement)
    return (
        find_first(between, case.lexicon.diverting_words)
        or (is_list and _find_listed_staff(case, case.unruled[:end]))
        or ""
    )
