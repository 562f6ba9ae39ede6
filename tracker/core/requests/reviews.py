"""Links entries of the site to their secrecy reviews, and finds those that were published without one or before it.

Regulations on Open Government Information: 2007, art. 14; 2019, art. 17. A finding is an accusation, so it needs little
doubt: where the link, the day or the department is unsure, it is `doubtful`, a question to the county office.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from tracker.core.law.counting import moment_day
from tracker.core.law.county import County
from tracker.core.law.wording import day_zh
from tracker.core.matching.attribution import Attribution, attribute_entry, directory_of
from tracker.core.requests.review_links import (
    PublishedEntry,
    ReviewLink,
    ReviewLinkKind,
    build_address,
    link_reviews,
    plain_title,
)
from tracker.core.requests.values import Review, ReviewDecision

#: "missing": published without review (未经审查公开). "early": before it was decided (先公开后审查). "withheld":
#: although it says 不予公开. "doubtful": a person has to say which of these it is, or none.
ReviewFindingKind = Literal["missing", "early", "withheld", "doubtful"]

#: Fields in which a copy in another column may say more.
#: The decisions of a review.
DECISIONS: Mapping[ReviewDecision, str] = {
    "publish": "公开", "partly": "部分公开", "withhold": "不予公开", "refer": "送保密部门确定",
}  # fmt: skip
_TEXTS = ("source", "publisher", "opening", "fingerprint")
_LINKS_ZH: Mapping[ReviewLinkKind, str] = {
    "address": "网址一致", "number": "文号一致", "title": "标题一致", "alike": "标题相近或者正文提及文号",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReviewFinding:
    """What is wrong with the review of a published entry, in one Chinese sentence (`reason`).

    `department`: whose entry it is, or who has to find out. `link`: None where there is no review.
    """

    kind: ReviewFindingKind
    entry: PublishedEntry
    department: str
    reason: str
    link: ReviewLink | None = None

    @property
    def reference(self) -> str:
        """The reference of its event, which stays the same when the finding changes."""
        return f"{self.entry.first_seen.year}-{self.department}-{self.entry.id}"


def find_review_findings(
    county: County, entries: Iterable[PublishedEntry], reviews: Sequence[Review]
) -> list[ReviewFinding]:
    """Return the findings about the entries of the columns that the county has switched on, oldest entry first.

    `reviews`: those that stand. An entry counts if it was published on the column's first day or later, both by its
    own date and by when it was first seen; one in several columns counts once, by the earliest of its days.
    """
    rules = county.secrecy_review
    if rules is None:
        return []
    copies_by_url = defaultdict(list)
    for entry in entries:
        copies_by_url[build_address(entry.url)].append(entry)
    directory, examined = directory_of(county), list[tuple[PublishedEntry, Attribution]]()
    for copies in copies_by_url.values():
        days = [day for copy in copies if (day := find_first_day(county, copy.column)) is not None]
        entry = _merge(copies)
        if days and _counts(entry, min(days)):
            owner = county.columns[entry.column].owner
            examined.append((entry, attribute_entry(owner, entry.title, entry.source, entry.publisher, directory)))
    examined.sort(key=lambda pair: (pair[0].published, pair[0].id))
    links = link_reviews(directory, [(entry, by.department) for entry, by in examined], reviews)
    findings = (_judge(county, entry, by, links.get(entry.id)) for entry, by in examined)
    return _join_same_items(finding for finding in findings if finding is not None)


def drop_republished(findings: Iterable[ReviewFinding], older: Iterable[PublishedEntry]) -> list[ReviewFinding]:
    """Return the findings without those about a text that stood on the site before reviews were asked for.

    `older`: entries with the titles of the findings, first seen before the first day of any column.
    """
    by_title = defaultdict(list)
    for entry in older:
        by_title[plain_title(entry.title)].append(entry)
    return [
        finding
        for finding in findings
        if not any(finding.entry.is_same_item(entry) for entry in by_title[plain_title(finding.entry.title)])
    ]


def _join_same_items(findings: Iterable[ReviewFinding]) -> list[ReviewFinding]:
    """Return the findings with one for each item: the first, which is gone only if all are."""
    items: dict[tuple[str, str], list[ReviewFinding]] = defaultdict(list)
    for finding in findings:
        same_title = items[finding.department, plain_title(finding.entry.title)]
        for index, earlier in enumerate(same_title):
            if earlier.entry.is_same_item(finding.entry):
                if earlier.entry.gone is not None:
                    same_title[index] = replace(earlier, entry=replace(earlier.entry, gone=finding.entry.gone))
                break
        else:
            same_title.append(finding)
    joined = [finding for same_title in items.values() for finding in same_title]
    return sorted(joined, key=lambda finding: (finding.entry.published, finding.entry.id))


def find_first_day(county: County, column: str) -> date | None:
    """Return the day from which on entries of the column need a review; None: the county has not switched it on."""
    rules, known = county.secrecy_review, county.columns.get(column)
    if rules is None or known is None:
        return None
    return rules.columns.get(column) or rules.columns.get(known.name)


def _counts(entry: PublishedEntry, first: date) -> bool:
    """Return whether an entry counts. One without a date may be an old one: it counts only if it was lacking before."""
    if entry.claimed is None and (entry.lacked is None or entry.lacked < first):
        return False
    return entry.published >= first


def _merge(copies: Sequence[PublishedEntry]) -> PublishedEntry:
    """Return one entry for all at the same address, with the earliest days; gone only if all are."""
    first, *others = sorted(copies, key=lambda copy: copy.id)
    for copy in others:
        lacked = None if first.lacked is None or copy.lacked is None else min(first.lacked, copy.lacked)
        gone = None if first.gone is None or copy.gone is None else max(first.gone, copy.gone)
        claimed = min((day for day in (first.claimed, copy.claimed) if day is not None), default=None)
        texts = {name: getattr(first, name) or getattr(copy, name) for name in _TEXTS}
        first_seen = min(first.first_seen, copy.first_seen)
        first = replace(first, first_seen=first_seen, claimed=claimed, lacked=lacked, gone=gone, **texts)
    return first


def _judge(county: County, entry: PublishedEntry, by: Attribution, link: ReviewLink | None) -> ReviewFinding | None:
    """Return the finding about an entry, or None where its review was decided in time."""
    rules = county.secrecy_review
    kind, reason = _state_missing(entry) if link is None else _state_link(county, entry, link)
    if rules is None or not kind:
        return None
    department = link.review.department if link is not None and not link.doubt else by.department
    if department is None:
        kind, reason = "doubtful", f"{reason}；{by.reason}，请核实由哪个单位公开"
    # An attested department may have left the county's file since.
    owner = department if department in county.departments else rules.unattributed
    said = f"《{entry.title}》（{entry.url}）于{day_zh(entry.published)}公开，{reason}。"
    return ReviewFinding(kind, entry, owner or rules.unattributed, said, link)


_Said = tuple[ReviewFindingKind | Literal[""], str]


def _state_missing(entry: PublishedEntry) -> _Said:
    """Return the kind of finding about an entry without review, and the clause that says why."""
    if entry.claimed is None:
        return "doubtful", "页面没有标注日期，未见保密审查记录，请核实是否新近公开"
    return "missing", "未见保密审查记录"


def _state_link(county: County, entry: PublishedEntry, link: ReviewLink) -> _Said:
    """Return the same about one with a review; "" where nothing is wrong. A bare day includes its whole day."""
    review, name = link.review, f"保密审查{link.review.reference}（{_LINKS_ZH[link.by]}）"
    if link.doubt:
        return "doubtful", f"可能对应{name}，{link.doubt}"
    decided = review.decided_on
    if decided is None or review.decision == "refer":
        return "early", f"{name}尚未作出决定"
    said = f"{name}于{day_zh(decided)}作出决定"
    if review.decision == "withhold":
        said = f"{name}于{day_zh(decided)}决定不予公开"
        return ("doubtful", f"{said}，请核实是否同一信息") if link.by == "title" else ("withheld", said)
    if entry.first_seen < decided:
        return "early", f"{day_zh(entry.first_seen)}已见于网站，{said}"
    if entry.published < decided and (entry.lacked is None or entry.lacked < decided):
        return "doubtful", f"{day_zh(entry.first_seen)}首次见于网站，{said}，请核实公开与审查的先后"
    recorded = moment_day(review.decided_at, county.zone) if review.decided_at is not None else decided
    if recorded > entry.first_seen:
        return "doubtful", f"{said}，而{day_zh(recorded)}即公开以后才登记，请核实"
    return "", ""
