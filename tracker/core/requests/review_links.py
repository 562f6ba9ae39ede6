"""Links entries of the site to secrecy reviews: by address, document number (文号) or title.

A review is about one item: entries of one title and different texts do not share a review.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote, urlsplit

from tracker.core.matching.attribution import Directory
from tracker.core.matching.fingerprint import are_alike
from tracker.core.matching.naming import flatten
from tracker.core.requests.like_titles import LikeTitles
from tracker.core.requests.values import Review

#: By what an entry is linked. "alike": by titles that are alike but not equal, or by a number that its title mentions.
ReviewLinkKind = Literal["address", "number", "title", "alike"]
#: 环发〔2015〕18号, flattened, in brackets of any form and without any.
_NUMBER = re.compile(r"([\u4e00-\u9fff]{1,12})[〔\[(【﹝]?((?:19|20)\d\d)[〕\])】﹞]?第?0*(\d{1,5})号")
#: What stands before the number of another document.
_ABOUT = re.compile("关于|转发|印发|废止|修改|修订|公布|贯彻|落实|执行|按照|根据|依据")
_SIGNS = re.compile(r"[\W_]+")
_CUT = re.compile(r"(?:…+|\.{2,})$")


@dataclass(frozen=True, slots=True)
class PublishedEntry:
    """An entry of the site, as far as reviews look at it.

    `claimed`: the earliest day that the site ever gave for it. `first_seen`: the day on which the crawl first saw it;
    `lacked`: that on which it last read the column to its end without it. `opening`: the beginning of its text.
    `gone`: since when its address does not answer.
    """

    id: int
    column: str
    url: str
    title: str
    first_seen: date
    claimed: date | None = None
    lacked: date | None = None
    source: str = ""
    publisher: str = ""
    opening: str = ""
    fingerprint: str = ""
    gone: date | None = None

    @property
    def published(self) -> date:
        """The day that it claims, or on which it was first seen if that is earlier or the only one."""
        return min(self.claimed or self.first_seen, self.first_seen)

    def is_same_item(self, other: PublishedEntry) -> bool:
        """Return whether both are one item at two addresses: the same text, or the same title on the same day."""
        return are_alike(self.fingerprint, other.fingerprint) or self.published == other.published


@dataclass(frozen=True, slots=True)
class ReviewLink:
    """The review of an entry and by what it was recognised. `doubt`: why that is unsure (Chinese), "" if it is not."""

    review: Review
    by: ReviewLinkKind
    doubt: str = ""


def link_reviews(
    directory: Directory, entries: Sequence[tuple[PublishedEntry, str | None]], reviews: Iterable[Review]
) -> dict[int, ReviewLink]:
    """Return the review of each entry that has one, by the entry's id.

    `entries`: with the department that published each, if it is known; in the order of publication.
    """
    index = _ReviewIndex(directory)
    for review in reviews:
        index.add(review)
    links: dict[int, ReviewLink] = {}
    rest: list[tuple[PublishedEntry, str | None]] = []
    for entry, department in entries:
        if known := index.by_address.get(build_address(entry.url)):
            links[entry.id] = ReviewLink(_choose(known, entry), "address")
        elif known := index.find_by_number(entry):
            links[entry.id] = ReviewLink(_choose(known, entry), "number")
        else:
            rest.append((entry, department))
            continue
        index.users[links[entry.id].review.id].append(entry)
    for in_time in (True, False):  # what was reviewed in time has the first choice among reviews of one title
        for entry, department in rest:
            if entry.id not in links and (link := index.link_by_title(entry, department, in_time=in_time)) is not None:
                links[entry.id] = link
                if not link.doubt:
                    index.users[link.review.id].append(entry)
    for entry, department in rest:
        if entry.id not in links and (link := index.find_alike(entry, department)) is not None:
            links[entry.id] = link
    return links


def _choose(reviews: Sequence[Review], entry: PublishedEntry) -> Review:
    """Return the review that was in force when the entry was published, else the next one.

    That is the last decision up to that day; of several on one day the one that allows most.
    """
    decided = [review for review in reviews if review.is_decided and review.decided_on is not None]
    before = [review for review in decided if _decided_on(review) <= entry.first_seen]
    if before:
        return max(before, key=lambda review: (_decided_on(review), review.decision != "withhold", review.id))
    return min(decided, key=lambda review: (_decided_on(review), review.id), default=max(reviews, key=lambda r: r.id))


def _decided_on(review: Review) -> date:
    return review.decided_on if review.is_decided and review.decided_on is not None else date.max


@dataclass(slots=True)
class _ReviewIndex:
    """Reviews by all that an entry may share with them. `users`: the entries that were linked to each, by its id."""

    directory: Directory
    by_address: dict[str, list[Review]] = field(default_factory=lambda: defaultdict(list))
    by_number: dict[tuple[str, str], list[tuple[str, Review]]] = field(default_factory=lambda: defaultdict(list))
    by_title: dict[str, list[Review]] = field(default_factory=lambda: defaultdict(list))
    by_own_title: dict[tuple[str, str], list[Review]] = field(default_factory=lambda: defaultdict(list))
    by_department: dict[str, list[Review]] = field(default_factory=lambda: defaultdict(list))
    users: dict[int, list[PublishedEntry]] = field(default_factory=lambda: defaultdict(list))
    #: The reviews of each department that no entry was linked to, once the links that are sure are made.
    free_titles: dict[str | None, LikeTitles] = field(default_factory=dict)

    def add(self, review: Review) -> None:
        if review.address:
            self.by_address[build_address(review.address)].append(review)
        for prefix, year, number in read_numbers(review.symbol):
            self.by_number[year, number].append((prefix, review))
        self.by_title[plain_title(review.title)].append(review)
        self.by_own_title[review.department, self._own_title(review.title)].append(review)
        self.by_department[review.department].append(review)

    def _own_title(self, title: str) -> str:
        """Return the plain title without the names of departments before it."""
        return own_title(title, self.directory)

    def find_by_number(self, entry: PublishedEntry) -> list[Review]:
        """Return the reviews whose document number is the entry's own."""
        return self._with_numbers(find_own_numbers(entry))

    def _with_numbers(self, numbers: Iterable[tuple[str, str, str]]) -> list[Review]:
        return [
            review
            for prefix, year, number in numbers
            for known, review in self.by_number.get((year, number), ())
            if prefix.endswith(known) or known.endswith(prefix)
        ]

    def link_by_title(self, entry: PublishedEntry, department: str | None, *, in_time: bool) -> ReviewLink | None:
        """Return the link to a review with the same title that no other item has.

        `in_time`: only to one that was decided when the entry came out. Else to any, with a doubt where all are taken.
        """
        reviews = self.by_own_title.get((department, self._own_title(entry.title)), []) if department else []
        doubt = ""
        if not reviews:
            reviews = self.by_title.get(plain_title(entry.title), [])
            doubt = "而该审查由另一单位提出" if department else ""
        free = [review for review in reviews if all(user.is_same_item(entry) for user in self.users[review.id])]
        if in_time:
            free = [review for review in free if _decided_on(review) <= entry.first_seen]
        if free:
            return ReviewLink(_choose(free, entry), "title", doubt)
        if in_time or not reviews:
            return None
        review = _choose(reviews, entry)
        return ReviewLink(review, "title", f"而该审查已对应{self.users[review.id][0].url}")

    def find_alike(self, entry: PublishedEntry, department: str | None) -> ReviewLink | None:
        """Return the link to a review whose number the title mentions, or to a free one whose title is alike."""
        if mentioned := self._with_numbers(read_numbers(entry.title)):
            return ReviewLink(_choose(mentioned, entry), "alike", "请核实是否同一信息")
        if department not in self.free_titles:
            free = [review for review in self.by_department.get(department or "", ()) if not self.users[review.id]]
            self.free_titles[department] = LikeTitles((self._own_title(review.title), review) for review in free)
        is_cut = _CUT.search(entry.title.strip()) is not None
        alike = self.free_titles[department].find(self._own_title(entry.title), is_cut=is_cut)
        return ReviewLink(_choose(alike, entry), "alike", "请核实是否同一信息") if alike else None


# -- texts -----------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def build_address(url: str) -> str:
    """Return an address for comparison: without scheme, fragment, escapes, standard port and last slash."""
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or ""), parts.port
    except ValueError:
        return url.strip()
    at = f"{host}:{port}" if port not in (None, 80, 443) else host
    return unquote(f"{at}{parts.path.rstrip('/')}{'?' + parts.query if parts.query else ''}")


@lru_cache(maxsize=8192)
def read_numbers(text: str) -> tuple[tuple[str, str, str], ...]:
    """Return the document numbers in a text, as (环发, 2015, 18), whatever the form of their brackets."""
    return tuple((match[1], match[2], match[3]) for match in _NUMBER.finditer(flatten(text)))


def find_own_numbers(entry: PublishedEntry) -> list[tuple[str, str, str]]:
    """Return the numbers that are the entry's own: on a line by itself, or before its title or behind it in brackets.

    A number elsewhere may be that of a document which it cites or repeals.
    """
    lines = [flatten(line).strip("()") for line in entry.opening.splitlines()]
    matches = [_NUMBER.fullmatch(line) for line in lines]
    title = flatten(entry.title)
    matches += [
        _NUMBER.fullmatch(title),
        _NUMBER.fullmatch(title[title.rfind("(") + 1 : -1] if title[-1:] == ")" else ""),
    ]
    if (first := _NUMBER.match(title)) is not None and not _ABOUT.search(first[1]):
        matches.append(first)
    return [(match[1], match[2], match[3]) for match in matches if match is not None]


@lru_cache(maxsize=16384)
def plain_title(title: str) -> str:
    """Return a title for comparison, without signs."""
    return _SIGNS.sub("", flatten(title)).casefold()


@lru_cache(maxsize=16384)
def own_title(title: str, directory: Directory) -> str:
    """Return a plain title without the name of a department before it."""
    plain = plain_title(title)
    for name, _ in directory.names:  # longest first
        if plain.startswith(name) and len(plain) > len(name):
            return plain.removeprefix(name)
    return plain
