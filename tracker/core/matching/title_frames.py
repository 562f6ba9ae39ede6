"""Reads a title by its frame: a document 关于 something, or a headline in which somebody acts."""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.core.matching.title_case import (
    TitleCase,
    TitleKind,
    about,
    any_of,
    beginning,
    ending,
    first_of,
    of_topic,
    undecided,
)
from tracker.core.matching.title_heads import aspect_of, by_head
from tracker.core.matching.title_states import by_state

_PAPER = re.compile(
    "(?:的)?(通知书|通知|公告|公示|通告|通报|函|复函|批复|决定|请示|说明|报告|答复|回复|意见|情况说明|情况通报|情况报告|公示公告)$"
)
_MODIFIERS = re.compile(
    r"^(?:进一步|切实|全面|认真|继续|及时|按时|限期|依法|联合|集中|扎实|深入|统一|定期|近期|抓紧|尽快|立即|再次|重新|对|在|将|给予|作出|做出"
    r"|我县|全县|我市|全市|县级|本级|县本级|各|(?:19|20)\d\d年?度?|\d+月份?|第?[一二三四1-4]季度|[上下]半年|春节|元旦|国庆|五一|中秋"
    r"|两节|期间|夏季|冬季|汛期|节日|节前|节后|前|部分|一批|等)+"
)
#: Papers that tell somebody to do something; the others state what is so.
_TELLING = ("通知", "函", "通告", "公告")
_SHOWING = ("公告", "公示", "通告", "通报", "公示公告", "情况说明", "情况通报", "情况报告")
_OCCASIONS = ("工作", "活动", "会议", "培训", "培训班", "竞赛", "比赛", "演练")
_DOERS = re.compile(
    "(?:系统|单位|部门|企业|乡镇|领域|行业|范围内|全县|我县|期间)(开展|做好|加强|报送|上报|落实|推进|组织)"
)


def by_frame(case: TitleCase) -> TitleKind:
    """What the frame of a title, its verbs and its last noun say."""
    # A paper that begins with what it asks for needs no 关于: 选聘…的公告.
    asks = f"(?:{any_of(case.lexicon.asks).pattern}).*的(?:通知|公告|通告|函)$"
    frame = re.search(rf"(?:^|[^有相无])关于(?:对)?|^(?=批转|印发|转发我?县|{asks})", case.text)
    if frame and not re.search(r"召开|举办|出台|解读", case.text[: frame.start()]):
        return _paper(case, case.text[frame.end() :].strip("《》"))
    answer = _headline(case) or by_head(case, case.text)
    if answer.answer != "undecided":
        return answer
    if re.search(f"(?:{any_of(case.lexicon.acts).pattern})(?:通知|公告|说明|批复|决定)$", case.text):
        return _paper(case, case.text)
    # Before a colon or a dash stands what it is, behind it what it holds.
    name, *contents = re.split("[:：]|-+(?=[^-\\d])", case.text, maxsplit=1)
    outer = by_head(case, name) if contents else answer
    figures = re.search(f"(?:{any_of(case.words.measures).pattern})[():,为]{{0,3}}\\d+(?![\\d年月日.-])", case.text)
    if outer.answer == "undecided" and case.words.measures and figures and not aspect_of(case):
        return of_topic(case, figures[0], figures.start())
    return outer if outer.answer == "thing" else answer


# -- 关于 ----------------------------------------------------------------------------------------


def _paper(case: TitleCase, rest: str) -> TitleKind:
    """关于 `rest`: what is handed over, called for, done, or only shown."""
    rest = re.sub("公开情况的说明$", "公开情况说明", rest)
    lexicon, match = case.lexicon, _PAPER.search(rest)
    paper = match[1] if match else ""
    matter = _MODIFIERS.sub("", (rest[: match.start()] if match else rest).strip("《》的"))
    if paper == "请示":
        return about(case, paper, "call")
    hands = beginning(matter, lexicon.hands)
    if hands and not case.owns(hands + matter[len(hands) : len(hands) + 2]):
        return _handed(case, matter[len(hands) :].strip("《》的"), hands)
    if call := _call(case, matter, paper):
        return call
    if aspect := aspect_of(case):
        return undecided(aspect, f"标题称“{aspect}”")
    if paper != "意见" and (act := _act(case, matter)):
        if not _has_object(case, act, matter):
            return undecided(act, f"标题为“{act}”的{paper or '文件'}")
        sums = any(topic in lexicon.matters for topic in case.words.topics)
        if case.words.whole and not case.words.named and (case.words.family or sums):
            return undecided(act, f"标题为“{act}”的{paper or '文件'}")
        return of_topic(case, act, case.text.find(matter) + len(matter))
    if not paper or paper == "意见":
        return by_head(case, rest)
    return _shown(case, matter, paper)


def _handed(case: TitleCase, inner: str, verb: str) -> TitleKind:
    """What is handed over is judged by itself; what is made public is shown thereby."""
    if inner.startswith("关于"):
        return _paper(case, inner[2:].strip("《》"))
    state = by_state(replace(case, text=inner), inner, ())
    return state or by_head(case, inner, shown="公布" if verb in case.lexicon.publishes else "")


def _call(case: TitleCase, matter: str, paper: str) -> TitleKind | None:
    """A paper that asks for something to be done."""
    lexicon = case.lexicon
    record = ending(matter, (*lexicon.records, *lexicon.lists, *lexicon.matters))
    asks = beginning(matter, lexicon.asks)
    if asks in lexicon.occasions and "news" in case.accepts:
        return undecided(asks, f"标题为“{asks}”的{paper or '文件'}")
    if asks and not case.owns(asks) and paper not in ("意见", "决定"):
        if paper in ("通知", "函") or (paper and not record) or ending(matter, ("工作", "活动")):
            return about(case, asks, "call", f"要求{asks}的{paper or '文件'}")
        return undecided(asks, f"标题为“{asks}”的{paper or '文件'}") if record else None
    works = beginning(matter, lexicon.works)
    if works and not record and paper in _TELLING and not case.owns(works):
        return about(case, works, "call", f"要求{works}的{paper}")
    if paper in ("通知", "函", "通告") and ending(matter, _OCCASIONS):
        return about(case, "工作", "call", f"布置工作的{paper}")
    if paper in _TELLING and (doer := _DOERS.search(matter)):
        return about(case, doer[1], "call", f"要求{doer[1]}的{paper}")
    begins = beginning(matter, lexicon.begins)
    if begins and paper not in ("", "批复", "决定") and not case.owns(begins):
        return undecided(begins, f"标题为“{begins}”的{paper}")
    return None


def _act(case: TitleCase, matter: str) -> str:
    """The act that a paper itself is, first or last in it, if it or its object is the rule's; else ""."""
    acts = case.lexicon.acts
    act = beginning(matter, acts) or ending(matter, acts) or ending(matter.removesuffix("职务"), acts)
    if not act and (inner := re.search(rf"(?:对|将|给予|作出|予以)(?:.*?)({any_of(acts).pattern})", matter)):
        act = inner[1]
    return act if act and (case.owns(act) or case.has_topic) else ""


def _has_object(case: TitleCase, act: str, matter: str) -> bool:
    """Whether what an act at the beginning is done to is the rule's: 调整…价格, and not 调整…专用章."""
    lexicon = case.lexicon
    if act in lexicon.rulings:
        return True
    is_first = matter.startswith(act)
    rest = matter[len(act) :] if is_first else matter[: matter.rfind(act)]
    if case.words.named:
        return ending(rest, (*case.words.own, *lexicon.light, *lexicon.deeds)) != ""
    topics = [topic for topic in case.words.topics if topic in rest]
    if not topics:
        return case.words.any_title or not is_first
    tail = rest[max(rest.rfind(topic) + len(topic) for topic in topics) :].strip("的")
    neutral = (*lexicon.light, *lexicon.matters, *(lexicon.deeds if is_first else ()))
    return not tail or (case.words.any_title and is_first) or ending(tail, neutral) != ""


def _shown(case: TitleCase, matter: str, paper: str) -> TitleKind:
    """A bare noun: put up, it is shown; a notice or letter about it says nothing of what it is."""
    if matter + paper in case.text and len(ending(matter + paper, case.lexicon.records)) > len(paper):
        return by_head(case, matter + paper)
    if paper in _SHOWING:
        return by_head(case, matter, shown=paper)
    if not case.words.whole and paper in ("批复", "决定"):
        # Who takes plans takes what approves one.
        plan = ending(matter, case.lexicon.plans) if "plan" in case.accepts else ""
        return of_topic(case, paper, case.text.rfind(plan + "的" + paper) if plan else case.text.rfind(paper))
    if not case.words.whole and paper in ("报告", "说明") and (own := ending(matter, case.words.own)):
        return of_topic(case, own + paper, case.text.rfind(paper))
    answer = by_head(case, matter)
    if answer.answer == {"报告": "thing", "说明": "thing", "通知": "about", "函": "about"}.get(paper):
        return answer
    return undecided(paper, f"标题为{paper}")


# -- headlines -----------------------------------------------------------------------------------


def _headline(case: TitleCase) -> TitleKind | None:
    """Somebody does something: a report of it. Before a record's name such a verb is a noun."""
    text, lexicon, body = case.text, case.lexicon, case.text
    for own in case.words.own:
        body = body.replace(own, "\n" * len(own))
    meets = first_of(body, lexicon.occasions) or first_of(body, lexicon.meets)
    does = first_of(body, lexicon.does)
    if happens := first_of(body, lexicon.happens):
        return undecided(happens, f"标题为“{happens}”的消息", "news")
    if not meets and not does:
        # What a leader does, and not his mailbox or his appointment.
        leader = re.match(rf"(.{{0,6}}?(?:{any_of(lexicon.leaders).pattern}))(?![信热公电任职令等办室])", text)
        return undecided(leader[1], f"标题为“{leader[1]}”的消息") if leader else None
    certain = (*lexicon.records, *lexicon.tables, *lexicon.shows)
    papers = (*lexicon.plans, *lexicon.rules, *lexicon.guides, *lexicon.news, *lexicon.calls, *lexicon.carriers)
    is_noun = ending(text, (*certain, *lexicon.lists, *lexicon.matters, *lexicon.open, *papers)) and not ending(
        text, ("活动", "工作", *lexicon.reports)
    )
    is_zealous = _is_done(case, lexicon.zeal)
    if is_noun and (not is_zealous or ending(text, certain)):
        return None
    verb = meets if meets and not text.endswith("进展") else does
    if "news" in case.accepts:
        return undecided(verb, f"标题为“{verb}”的消息") if verb == meets else about(case, verb, "news")
    occasion = verb in lexicon.occasions or (verb in lexicon.meets and text.endswith(lexicon.meets))
    if occasion or _is_done(case, lexicon.meets):
        return about(case, verb, "news", f"“{verb}”的消息")
    # That something is being done may be all there is to tell of it.
    return undecided(verb, f"标题为“{verb}”的消息", "news")


def _is_done(case: TitleCase, verbs: tuple[str, ...]) -> bool:
    """Whether the county, a leader or a body at the head of the title does one of the verbs."""
    lexicon = case.lexicon
    subject = rf"(?:{any_of(lexicon.subjects).pattern}|.{{1,12}}?(?:{any_of(lexicon.organs).pattern}|办|县|镇|乡|委))"
    adverbs = rf"(?:{any_of(lexicon.zeal).pattern}|{_MODIFIERS.pattern[4:-2]}|顺利|成功|圆满|隆重|正式|多部门)*"
    return re.match(f"{subject}{adverbs}(?:{any_of(verbs).pattern})", case.text) is not None
