"""Classifies a title by its frame: a document 关于 something, or a headline in which somebody acts.

The answers: `thing` is the owed publication itself, `about` a document about it, `undecided` is left to a person.
"""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.core.matching.title_case import TitleCase, TitleKind, answer_about, answer_by_topic, answer_undecided
from tracker.core.matching.title_heads import find_not_current_word, read_head
from tracker.core.matching.title_states import read_state
from tracker.core.matching.title_words import any_of, find_beginning, find_ending, find_first

_DOCUMENT = re.compile(
    "(?:的)?(通知书|通知|公告|公示|通告|通报|函|复函|批复|决定|请示|说明|报告|答复|回复|意见|情况说明|情况通报|情况报告|公示公告)$"
)
_MODIFIERS = (
    r"(?:进一步|切实|全面|认真|继续|及时|按时|限期|依法|联合|集中|扎实|深入|统一|定期|近期|抓紧|尽快|立即|再次|重新|对|在|将|给予|作出|做出"
    r"|我县|全县|我市|全市|县级|本级|县本级|各|(?:19|20)\d\d年?度?|\d+月份?|第?[一二三四1-4]季度|[上下]半年|春节|元旦|国庆|五一|中秋"
    r"|两节|期间|夏季|冬季|汛期|节日|节前|节后|前|部分|一批|等)"
)
_LEADING_MODIFIERS = re.compile(f"^{_MODIFIERS}+")
#: Documents that may tell somebody to do something; documents that publish what they name.
_CALLING = ("通知", "函", "通告", "公告")
_PUBLISHING = ("公告", "公示", "通告", "通报", "公示公告", "情况说明", "情况通报", "情况报告")
#: The answer by the last noun that stands in such a document; any other is left undecided. 关于…方案的通知 is about the
#: owed publication as a 方案 is; 关于…名单的通知 is undecided, as the list may be attached or only asked for.
_ANSWERS_THAT_STAND = {"报告": "thing", "说明": "thing", "通知": "about", "函": "about"}
_OCCASIONS = ("工作", "活动", "会议", "培训", "培训班", "竞赛", "比赛", "演练")
_ACTORS = re.compile(
    "(?:系统|单位|部门|企业|乡镇|领域|行业|范围内|全县|我县|期间)(开展|做好|加强|报送|上报|落实|推进|组织)"
)


def read_frame(case: TitleCase) -> TitleKind:
    """Return the classification of a title by its frame, its verbs and its last noun."""
    # A document that begins with its request has no 关于: 选聘…的公告.
    request = f"{any_of(case.lexicon.request_verbs)}.*的(?:通知|公告|通告|函)$"
    frame = re.search(rf"(?:^|[^有相无])关于(?:对)?|^(?=批转|印发|转发我?县|{request})", case.text)
    if frame and not re.search(r"召开|举办|出台|解读", case.text[: frame.start()]):
        return _read_document(case, case.text[frame.end() :].strip("《》"))
    answer = _read_headline(case) or read_head(case, case.text)
    if answer.answer != "undecided":
        return answer
    if re.search(f"{any_of(case.lexicon.official_act_verbs)}(?:通知|公告|说明|批复|决定)$", case.text):
        return _read_document(case, case.text)
    # The words before a colon or a dash name the kind of the entry, the words behind it its contents.
    name, *contents = re.split("[:：]|-+(?=[^-\\d])", case.text, maxsplit=1)
    outer = read_head(case, name) if contents else answer
    if case.words.quantity_words and outer.answer == "undecided" and not find_not_current_word(case):
        quantity = re.search(rf"{any_of(case.words.quantity_words)}[():,为]{{0,3}}\d+(?![\d年月日.-])", case.text)
        if quantity:
            return answer_by_topic(case, quantity[0], quantity.start())
    return outer if outer.answer == "thing" else answer


# -- 关于 ----------------------------------------------------------------------------------------


def _read_document(case: TitleCase, rest: str) -> TitleKind:
    """Classify 关于 `rest`: a document that issues another, asks for something, is an act, or publishes something."""
    rest = re.sub("公开情况的说明$", "公开情况说明", rest)
    lexicon, match = case.lexicon, _DOCUMENT.search(rest)
    document = match[1] if match else ""
    subject = _LEADING_MODIFIERS.sub("", (rest[: match.start()] if match else rest).strip("《》的"))
    if document == "请示":
        return answer_about(case, document, "call")
    issuing = find_beginning(subject, lexicon.issuing_verbs)
    # The verb with two characters after it may be a word of the rule: 公开目录 is a noun.
    if issuing and not case.is_rule_word(issuing + subject[len(issuing) : len(issuing) + 2]):
        return _read_issued(case, subject[len(issuing) :].strip("《》的"), issuing)
    if call := _read_call(case, subject, document):
        return call
    if not_current := find_not_current_word(case):
        return answer_undecided(not_current, f"标题称“{not_current}”")
    if document != "意见" and (act := _find_act(case, subject)):
        if not _acts_on_topic(case, act, subject):
            return replace(answer_undecided(act, f"标题为“{act}”的{document or '文件'}"), is_diverted=True)
        asks_for_data = any(topic in lexicon.data_nouns for topic in case.words.topics)
        if case.words.needs_all_items and not case.words.pattern_has_topic and (case.words.owed_kind or asks_for_data):
            return answer_undecided(act, f"标题为“{act}”的{document or '文件'}")
        return answer_by_topic(case, act, case.text.find(subject) + len(subject))
    if not document or document == "意见":
        return read_head(case, rest)
    return _read_named(case, subject, document)


def _read_issued(case: TitleCase, inner: str, verb: str) -> TitleKind:
    """Classify the document that is issued (印发…方案); a publishing verb (公布…名单) publishes it."""
    if inner.startswith("关于"):
        return _read_document(case, inner[2:].strip("《》"))
    state = read_state(replace(case, text=inner), inner, ())
    return state or read_head(case, inner, published_as="公布" if verb in case.lexicon.publishing_verbs else "")


def _read_call(case: TitleCase, subject: str, document: str) -> TitleKind | None:
    """Return the classification of a document that asks for something to be done, or None."""
    lexicon = case.lexicon
    record = find_ending(subject, (*lexicon.record_nouns, *lexicon.list_nouns, *lexicon.data_nouns))
    request = find_beginning(subject, lexicon.request_verbs)
    if request in lexicon.occasion_verbs and "news" in case.accepts:
        return answer_undecided(request, f"标题为“{request}”的{document or '文件'}")
    if request and not case.is_rule_word(request) and document not in ("意见", "决定"):
        if document in ("通知", "函") or (document and not record) or find_ending(subject, ("工作", "活动")):
            return answer_about(case, request, "call", f"要求{request}的{document or '文件'}")
        return answer_undecided(request, f"标题为“{request}”的{document or '文件'}") if record else None
    work = find_beginning(subject, lexicon.work_verbs)
    if work and not record and document in _CALLING and not case.is_rule_word(work):
        return answer_about(case, work, "call", f"要求{work}的{document}")
    if document in ("通知", "函", "通告") and find_ending(subject, _OCCASIONS):
        return answer_about(case, "工作", "call", f"布置工作的{document}")
    if document in _CALLING and (actor := _ACTORS.search(subject)):
        return answer_about(case, actor[1], "call", f"要求{actor[1]}的{document}")
    measure = find_beginning(subject, lexicon.measure_verbs)
    if measure and document not in ("", "批复", "决定") and not case.is_rule_word(measure):
        return answer_undecided(measure, f"标题为“{measure}”的{document}")
    return None


def _find_act(case: TitleCase, subject: str) -> str:
    """Return the act that a document performs, at its begin or end, if it or its object is the rule's; else ""."""
    acts = case.lexicon.official_act_verbs
    act = find_beginning(subject, acts) or find_ending(subject, acts) or find_ending(subject.removesuffix("职务"), acts)
    if not act and (inner := re.search(rf"(?:对|将|给予|作出|予以)(?:.*?)({any_of(acts)})", subject)):
        act = inner[1]
    return act if act and (case.is_rule_word(act) or case.topic_end is not None) else ""


def _acts_on_topic(case: TitleCase, act: str, subject: str) -> bool:
    """Return whether the object of an act at the beginning is the rule's: 调整…价格, and not 调整…专用章."""
    lexicon = case.lexicon
    if act in lexicon.decision_verbs:
        return True
    is_first = subject.startswith(act)
    rest = subject[len(act) :] if is_first else subject[: subject.rfind(act)]
    if case.words.pattern_has_topic:
        return find_ending(rest, (*case.words.rule_words, *lexicon.filler_nouns, *lexicon.announced_nouns)) != ""
    topics = [topic for topic in case.words.topics if topic in rest]
    if not topics:
        return case.words.has_no_pattern or not is_first
    tail = rest[max(rest.rfind(topic) + len(topic) for topic in topics) :].strip("的")
    neutral = (*lexicon.filler_nouns, *lexicon.data_nouns, *(lexicon.announced_nouns if is_first else ()))
    return not tail or (case.words.has_no_pattern and is_first) or find_ending(tail, neutral) != ""


def _read_named(case: TitleCase, subject: str, document: str) -> TitleKind:
    """Classify a document that only names its subject: 公示 or 公告 publishes it, 通知 or 函 leaves open what it says
    about it."""
    if subject + document in case.text and len(find_ending(subject + document, case.lexicon.record_nouns)) > len(
        document
    ):
        return read_head(case, subject + document)
    if document in _PUBLISHING:
        return read_head(case, subject, published_as=document)
    if not case.words.needs_all_items and document in ("批复", "决定"):
        # A rule that accepts plans accepts the approval of one.
        plan = find_ending(subject, case.lexicon.plan_nouns) if "plan" in case.accepts else ""
        return answer_by_topic(
            case, document, case.text.rfind(plan + "的" + document) if plan else case.text.rfind(document)
        )
    if (
        not case.words.needs_all_items
        and document in ("报告", "说明")
        and (rule_word := find_ending(subject, case.words.rule_words))
    ):
        return answer_by_topic(case, rule_word + document, case.text.rfind(document))
    answer = read_head(case, subject)
    if answer.answer == _ANSWERS_THAT_STAND.get(document):
        return answer
    return answer_undecided(document)


# -- headlines -----------------------------------------------------------------------------------


def _read_headline(case: TitleCase) -> TitleKind | None:
    """Return the classification of a headline in which somebody acts, or None.

    None also if a document's name stands at the end, where the verb is part of it: 会议纪要.
    """
    text, lexicon, body = case.text, case.lexicon, case.unruled
    meeting = find_first(body, lexicon.occasion_verbs) or find_first(body, lexicon.meeting_verbs)
    activity = find_first(body, lexicon.activity_words)
    if launch := find_first(body, lexicon.launch_verbs):
        return answer_undecided(launch, f"标题为“{launch}”的消息", "news")
    if not meeting and not activity:
        # A leader's act, and not a mailbox or an appointment.
        leader = re.match(rf"(.{{0,6}}?{any_of(lexicon.leader_titles)})(?![信热公电任职令等办室])", text)
        return answer_undecided(leader[1], f"标题为“{leader[1]}”的消息") if leader else None
    records = (*lexicon.record_nouns, *lexicon.table_nouns, *lexicon.publishing_nouns)
    documents = (
        *lexicon.plan_nouns,
        *lexicon.rule_nouns,
        *lexicon.guide_nouns,
        *lexicon.news_nouns,
        *lexicon.invitation_nouns,
        *lexicon.announcement_nouns,
    )
    is_noun = find_ending(
        text, (*records, *lexicon.list_nouns, *lexicon.data_nouns, *lexicon.ambiguous_nouns, *documents)
    ) and not find_ending(text, ("活动", "工作", *lexicon.work_report_nouns))
    has_emphasis = _has_actor(case, lexicon.emphasis_words)
    if is_noun and (not has_emphasis or find_ending(text, records)):
        return None
    verb = meeting if meeting and not text.endswith("进展") else activity
    if "news" in case.accepts:
        return answer_undecided(verb, f"标题为“{verb}”的消息") if verb == meeting else answer_about(case, verb, "news")
    is_occasion = verb in lexicon.occasion_verbs or (
        verb in lexicon.meeting_verbs and text.endswith(lexicon.meeting_verbs)
    )
    if is_occasion or _has_actor(case, lexicon.meeting_verbs):
        return answer_about(case, verb, "news", f"“{verb}”的消息")
    # The news that something is being done may be the owed publication.
    return answer_undecided(verb, f"标题为“{verb}”的消息", "news")


def _has_actor(case: TitleCase, verbs: tuple[str, ...]) -> bool:
    """Return whether the title begins with the county, a leader or a body as the subject of one of the verbs."""
    lexicon = case.lexicon
    subject = (
        rf"(?:{any_of(lexicon.headline_subjects)}|.{{1,12}}?(?:{any_of(lexicon.body_name_endings)}|办|县|镇|乡|委))"
    )
    adverbs = rf"(?:{any_of(lexicon.emphasis_words)}|{_MODIFIERS}|顺利|成功|圆满|隆重|正式|多部门)*"
    return re.match(f"{subject}{adverbs}{any_of(verbs)}", case.text) is not None
