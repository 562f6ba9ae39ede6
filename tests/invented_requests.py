"""A year of invented requests on application, from a seed: who asked, when it came, and each step up to its end.

They are plain values, so that tests enter them into a register, or count them by loops of their own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.core.requests.values import Move, MoveKind, Request, RequestState

#: Every kind of answer with, where it rests on one, every ground.
ANSWERS: tuple[tuple[str, str], ...] = (
    ("published", ""), ("disclosed", ""), ("partly", "privacy"), ("withheld", "secret"), ("withheld", "prohibited"),
    ("withheld", "stability"), ("withheld", "commercial-secret"), ("withheld", "privacy"), ("withheld", "internal"),
    ("withheld", "process"), ("withheld", "enforcement-file"), ("special-register", ""), ("nonexistent", ""),
    ("not-held", ""), ("needs-making", ""), ("unclear", ""), ("petition", ""), ("repeated", ""), ("publications", ""),
    ("excessive", ""), ("reissue", ""), ("other", ""),
)  # fmt: skip
#: What such an answer must say, whatever its kind.
ELEMENTS = {
    "where": "县政府网站", "reason": "依照条例", "withheld": "附件二", "missing": "会议纪要",
    "searched": "已检索文书库", "law": "不动产登记暂行条例", "earlier": "〔2024〕3号", "asked": "〔2024〕5号",
}  # fmt: skip
APPLICANTS = ("natural", "company", "research", "welfare", "legal", "other")
WAYS = ("in-person", "registered-post", "ordinary-post", "online", "fax", "mail", "oral")
TOPICS = ("土地征收", "城乡规划", "财政资金", "环境保护", "")
TITLES = ("征地补偿安置方案", "控制性详细规划", "专项资金分配结果", "环评批复", "招标文件")

Step = tuple[MoveKind, date, dict[str, str]]


@dataclass(frozen=True)
class Invented:
    """One request. `steps`: its moves after receipt, in their order."""

    department: str
    applicant: str
    way: str
    topic: str
    title: str
    received: date
    steps: list[Step] = field(default_factory=list)


def invent(seed: int, count: int, departments: tuple[str, ...], year: int = 2025) -> list[Invented]:
    """Requests received from October of the year before to the end of `year`, in the order of their receipt."""
    chance, first = random.Random(seed), date(year - 1, 10, 1)
    days = sorted(first + timedelta(days=chance.randrange((date(year, 12, 31) - first).days + 1)) for _ in range(count))
    return [
        Invented(
            department=chance.choice(departments),
            applicant=chance.choices(APPLICANTS, (60, 15, 5, 5, 10, 5))[0],
            way=chance.choice(WAYS),
            topic=chance.choice(TOPICS),
            title=chance.choice(TITLES),
            received=day,
            steps=list(_live(chance, day, place)),
        )
        for place, day in enumerate(days)
    ]


def _live(chance: random.Random, day: date, place: int) -> Iterator[Step]:
    """The steps of one request; each follows the one before by days. Some end in a correction that never came, a fee
    that was not paid, or nowhere."""

    def later(most: int) -> date:
        nonlocal day
        day += timedelta(days=chance.randint(0, most))
        return day

    yield MoveKind.REGISTER, later(2), {}
    if chance.random() < 0.06:
        yield MoveKind.WITHDRAW, later(10), {}
        return
    if chance.random() < 0.2:
        asked = later(6)
        yield MoveKind.ASK_CORRECTION, asked, {"until": (asked + timedelta(days=15)).isoformat()}
        if chance.random() < 0.3:
            day += timedelta(days=16)  # one before the term is over is unlawful: the answer is still owed
            yield MoveKind.ABANDON, later(14), {"why": "uncorrected"}
            return
        yield MoveKind.CORRECTED, later(15), {}
    if chance.random() < 0.05:
        asked = later(8)
        yield MoveKind.ASK_FEE, asked, {"amount": "300", "until": (asked + timedelta(days=30)).isoformat()}
        day += timedelta(days=31)
        yield MoveKind.ABANDON, later(9), {"why": "unpaid"}
        return
    if chance.random() < 0.15:
        yield MoveKind.EXTEND, later(18), {}
    if chance.random() < 0.06:
        return  # nobody has answered yet
    yield MoveKind.ANSWER, later(25), _answer(ANSWERS[place % len(ANSWERS)])
    if chance.random() < 0.2:
        yield from _appeal(chance, later)


def _answer(answer: tuple[str, str]) -> dict[str, str]:
    return {"answer": answer[0], **({"ground": answer[1]} if answer[1] else {}), **ELEMENTS}


def _appeal(chance: random.Random, later: object) -> Iterator[Step]:
    assert callable(later)
    remedy = chance.choice(("review", "suit"))
    yield MoveKind.APPEAL, later(40), {"remedy": remedy}
    if chance.random() < 0.25:
        return  # not decided yet
    result = chance.choice(("upheld", "corrected", "other"))
    again = {"again": "yes"} if result == "corrected" and chance.random() < 0.5 else {}
    yield MoveKind.APPEAL_RESULT, later(70), {"result": result, **again}
    if again:
        yield MoveKind.ANSWER, later(15), _answer(("disclosed", ""))
    elif remedy == "review" and chance.random() < 0.4:
        yield MoveKind.APPEAL, later(15), {"remedy": "suit-after-review"}


def as_values(invented: list[Invented], county: str, now: object) -> Iterator[tuple[Request, list[Move]]]:
    """The same as the register's values, numbered per year and department. `now`: when all was entered."""
    numbers: dict[tuple[int, str], int] = {}
    for identity, each in enumerate(invented, 1):
        place = (each.received.year, each.department)
        numbers[place] = numbers.get(place, 0) + 1
        request = Request(
            id=identity, county=county, kind="request", department=each.department, year=each.received.year,
            number=numbers[place], owner=each.department, way=each.way, filed_on=each.received, received=each.received,
            applicant_kind=each.applicant, title=each.title, topic=each.topic, state=RequestState.HANDLING,
            created_at=now, created_by="test",
        )  # type: ignore[arg-type]  # fmt: skip
        steps = [(MoveKind.RECEIVE, each.received, {}), *each.steps]
        yield (
            request,
            [
                Move(0, identity, ordinal, kind, on, now, "test", fields=fields)  # type: ignore[arg-type]
                for ordinal, (kind, on, fields) in enumerate(steps, 1)
            ],
        )
