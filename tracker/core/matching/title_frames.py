"""Classifies a title by its frame: a document 关于 something, or a headline in which somebody acts."""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.core.matching.title_case import TitleCase, TitleKind, answer_about, answer_undecided, judge_topic
from tracker.core.matching.title_heads import find_aspect, read_head
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
#: Documents that tell somebody to do something; documents that state facts.
_CALLING = ("通知", "函", "通告", "公告")
_SHOWING = ("公告", "公示", "通告", "通报", "公示公告", "情况说明", "情况通报", "情况报告")
#: A noun keeps its answer in such a document; any other answer is left undecided.
_ANSWERS = {"报告": "thing", "说明": "thing", "通知": "about", "函": "about"}
_OCCASIONS = ("工作", "活动", "会议", "培训", "培训班", "竞赛", "比赛", "演练")
_ACTORS = re.compile(
    "(?:系统|单位|部门|企业|乡镇|领域|行业|范围内|全县|我县|期间)(开展|做好|加强|报送|上报|落实|推进|组织)"
)


def read_frame(case: TitleCase) -> TitleKind:
    """Return the classification of a title by its frame, its verbs and its last noun."""
    # A document that begins with its request has no 关于: 选聘…的公告.
    asks = f"{any_of(case.lexicon.asks)}.*的(?:通知|公告|通告|函)$"
    frame = re.search(rf"(?:^|[^有相无])关于(?:对)?|^(?=批转|印发|转发我?县|{asks})", case.text)
    if frame and not re.search(r"召开|举办|出台|解读", case.text[: frame.start()]):
        return _read_document(case, case.text[frame.end() :].strip("《》"))
    answer = _read_headline(case) or read_head(case, case.text)
    if answer.answer != "undecided":
        return answer
    if re.search(f"{any_of(case.lexicon.acts)}(?:通知|公告|说明|批复|决定)$", case.text):
        return _read_document(case, case.text)
    # The words before a colon or a dash name the kind of the entry, the words behind it its contents.
    name, *contents = re.split("[:：]|-+(?=[^-\\d])", case.text, maxsplit=1)
    outer = read_head(case, name) if contents else answer
    if case.words.figure_words and outer.answer == "undecided" and not find_aspect(case):
        figure = re.search(rf"{any_of(case.words.figure_words)}[():,为]{{0,3}}\d+(?![\d年月日.-])", case.text)
        if figure:
            return judge_topic(case, figure[0], figure.start())
    return outer if outer.answer == "thing" else answer


# -- 关于 ----------------------------------------------------------------------------------------


def _read_document(case: TitleCase, rest: str) -> TitleKind:
    """Classify 关于 `rest`: a document that hands something over, calls for something, is an act, or shows
    something."""
    rest = re.sub("公开情况的说明$", "公开情况说明", rest)
    lexicon, match = case.lexicon, _DOCUMENT.search(rest)
    document = match[1] if match else ""
    subject = _LEADING_MODIFIERS.sub("", (rest[: match.start()] if match else rest).strip("《》的"))
    if document == "请示":
        return answer_about(case, document, "call")
    hands = find_beginning(subject, lexicon.hands)
    if hands and not case.is_rule_word(hands + subject[len(hands) : len(hands) + 2]):
        return _read_handed_over(case, subject[len(hands) :].strip("《》的"), hands)
    if call := _read_call(case, subject, document):
        return call
    if aspect := find_aspect(case):
        return answer_undecided(aspect, f"标题称“{aspect}”")
    if document != "意见" and (act := _find_act(case, subject)):
        if not _acts_on_topic(case, act, subject):
            return answer_undecided(act, f"标题为“{act}”的{document or '文件'}")
        sums = any(topic in lexicon.matters for topic in case.words.topics)
        if case.words.needs_all and not case.words.pattern_has_topic and (case.words.family or sums):
            return answer_undecided(act, f"标题为“{act}”的{document or '文件'}")
        return judge_topic(case, act, case.text.find(subject) + len(subject))
    if not document or document == "意见":
        return read_head(case, rest)
    return _read_shown(case, subject, document)


def _read_handed_over(case: TitleCase, inner: str, verb: str) -> TitleKind:
    """Classify the document that is handed over; a verb of publishing makes it shown."""
    if inner.startswith("关于"):
        return _read_document(case, inner[2:].strip("《》"))
    state = read_state(replace(case, text=inner), inner, ())
    return state or read_head(case, inner, published_as="公布" if verb in case.lexicon.publishes else "")


def _read_call(case: TitleCase, subject: str, document: str) -> TitleKind | None:
    """Return the classification of a document that asks for something to be done, or None."""
    lexicon = case.lexicon
    record = find_ending(subject, (*lexicon.records, *lexicon.lists, *lexicon.matters))
    asks = find_beginning(subject, lexicon.asks)
    if asks in lexicon.occasions and "news" in case.accepts:
        return answer_undecided(asks, f"标题为“{asks}”的{document or '文件'}")
    if asks and not case.is_rule_word(asks) and document not in ("意见", "决定"):
        if document in ("通知", "函") or (document and not record) or find_ending(subject, ("工作", "活动")):
            return answer_about(case, asks, "call", f"要求{asks}的{document or '文件'}")
        return answer_undecided(asks, f"标题为“{asks}”的{document or '文件'}") if record else None
    works = find_beginning(subject, lexicon.works)
    if works and not record and document in _CALLING and not case.is_rule_word(works):
        return answer_about(case, works, "call", f"要求{works}的{document}")
    if document in ("通知", "函", "通告") and find_ending(subject, _OCCASIONS):
        return answer_about(case, "工作", "call", f"布置工作的{document}")
    if document in _CALLING and (doer := _ACTORS.search(subject)):
        return answer_about(case, doer[1], "call", f"要求{doer[1]}的{document}")
    begins = find_beginning(subject, lexicon.begins)
    if begins and document not in ("", "批复", "决定") and not case.is_rule_word(begins):
        return answer_undecided(begins, f"标题为“{begins}”的{document}")
    return None


def _find_act(case: TitleCase, subject: str) -> str:
    """Return the act that a document performs, at its begin or end, if it or its object is the rule's; else ""."""
    acts = case.lexicon.acts
    act = find_beginning(subject, acts) or find_ending(subject, acts) or find_ending(subject.removesuffix("职务"), acts)
    if not act and (inner := re.search(rf"(?:对|将|给予|作出|予以)(?:.*?)({any_of(acts)})", subject)):
        act = inner[1]
    return act if act and (case.is_rule_word(act) or case.topic_end is not None) else ""


def _acts_on_topic(case: TitleCase, act: str, subject: str) -> bool:
    """Return whether the object of an act at the beginning is the rule's: 调整…价格, and not 调整…专用章."""
    lexicon = case.lexicon
    if act in lexicon.rulings:
        return True
    is_first = subject.startswith(act)
    rest = subject[len(act) :] if is_first else subject[: subject.rfind(act)]
    if case.words.pattern_has_topic:
        return find_ending(rest, (*case.words.rule_words, *lexicon.light, *lexicon.deeds)) != ""
    topics = [topic for topic in case.words.topics if topic in rest]
    if not topics:
        return case.words.has_no_pattern or not is_first
    tail = rest[max(rest.rfind(topic) + len(topic) for topic in topics) :].strip("的")
    neutral = (*lexicon.light, *lexicon.matters, *(lexicon.deeds if is_first else ()))
    return not tail or (case.words.has_no_pattern and is_first) or find_ending(tail, neutral) != ""


def _read_shown(case: TitleCase, subject: str, document: str) -> TitleKind:
    """A bare noun: put up, it is shown; a notice or letter about it says nothing of what it is."""
    if subject + document in case.text and len(find_ending(subject + document, case.lexicon.records)) > len(document):
        return read_head(case, subject + document)
    if document in _SHOWING:
        return read_head(case, subject, published_as=document)
    if not case.words.needs_all and document in ("批复", "决定"):
        # A rule that accepts plans accepts the approval of one.
        plan = find_ending(subject, case.lexicon.plans) if "plan" in case.accepts else ""
        return judge_topic(
            case, document, case.text.rfind(plan + "的" + document) if plan else case.text.rfind(document)
        )
    if (
        not case.words.needs_all
        and document in ("报告", "说明")
        and (rule_word := find_ending(subject, case.words.rule_words))
    ):
        return judge_topic(case, rule_word + document, case.text.rfind(document))
    answer = read_head(case, subject)
    if answer.answer == _ANSWERS.get(document):
        return answer
    return answer_undecided(document)


# -- headlines -----------------------------------------------------------------------------------


def _read_headline(case: TitleCase) -> TitleKind | None:
    """Return the classification of a headline in which somebody acts, or None. Before a record's name such a verb is a
    noun."""
    text, lexicon, body = case.text, case.lexicon, case.text
    for rule_word in case.words.rule_words:
        body = body.replace(rule_word, "\n" * len(rule_word))
    meets = find_first(body, lexicon.occasions) or find_first(body, lexicon.meets)
    does = find_first(body, lexicon.does)
    if happens := find_first(body, lexicon.happens):
        return answer_undecided(happens, f"标题为“{happens}”的消息", "news")
    if not meets and not does:
        # A leader's act, and not a mailbox or an appointment.
        leader = re.match(rf"(.{{0,6}}?{any_of(lexicon.leaders)})(?![信热公电任职令等办室])", text)
        return answer_undecided(leader[1], f"标题为“{leader[1]}”的消息") if leader else None
    certain = (*lexicon.records, *lexicon.tables, *lexicon.shows)
    documents = (*lexicon.plans, *lexicon.rules, *lexicon.guides, *lexicon.news, *lexicon.calls, *lexicon.carriers)
    is_noun = find_ending(
        text, (*certain, *lexicon.lists, *lexicon.matters, *lexicon.open, *documents)
    ) and not find_ending(text, ("活动", "工作", *lexicon.reports))
    is_zealous = _has_actor(case, lexicon.zeal)
    if is_noun and (not is_zealous or find_ending(text, certain)):
        return None
    verb = meets if meets and not text.endswith("进展") else does
    if "news" in case.accepts:
        return answer_undecided(verb, f"标题为“{verb}”的消息") if verb == meets else answer_about(case, verb, "news")
    occasion = verb in lexicon.occasions or (verb in lexicon.meets and text.endswith(lexicon.meets))
    if occasion or _has_actor(case, lexicon.meets):
        return answer_about(case, verb, "news", f"“{verb}”的消息")
    # The news that something is being done may be the owed publication.
    return answer_undecided(verb, f"标题为“{verb}”的消息", "news")


def _has_actor(case: TitleCase, verbs: tuple[str, ...]) -> bool:
    """Return whether the title begins with the county, a leader or a body as the subject of one of the verbs."""
    lexicon = case.lexicon
    subject = rf"(?:{any_of(lexicon.subjects)}|.{{1,12}}?(?:{any_of(lexicon.organs)}|办|县|镇|乡|委))"
    adverbs = rf"(?:{any_of(lexicon.zeal)}|{_MODIFIERS}|顺利|成功|圆满|隆重|正式|多部门)*"
    return re.match(f"{subject}{adverbs}{any_of(verbs)}", case.text) is not None
