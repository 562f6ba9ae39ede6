"""Arguments whose value is a word of a closed list: its Chinese word or its code."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from tracker.commands.helptext import widen
from tracker.commands.language import chosen, tr
from tracker.commands.parsing import Option
from tracker.core.requests.answer_kinds import ANSWER_KINDS, COMPLAINT_ANSWERS, ELEMENTS
from tracker.core.requests.moves import (
    ABANDONMENTS,
    APPEAL_RESULTS,
    CONSULTED,
    FIELD_TITLES,
    OPINIONS,
    REMEDIES,
    STATE_TITLES,
)
from tracker.core.requests.reviews import DECISIONS
from tracker.registers.request_words import WORDS, squeeze_word

#: By code the words of each list; the first is the one that help and errors name.
Words = Mapping[str, Sequence[str]]


def _titled(titles: Mapping[Any, str], more: Words | None = None) -> Words:
    """The words of a list that has a title for each code, with other words for them."""
    return {str(code): (title, *(more or {}).get(code, ())) for code, title in titles.items()}


KINDS, WAYS, APPLICANTS, GROUNDS = WORDS["kind"], WORDS["way"], WORDS["applicant_kind"], WORDS["ground"]
STATES = _titled(STATE_TITLES)
CONSULTATIONS = _titled(CONSULTED)
OPINION_WORDS = _titled(OPINIONS, WORDS["opinion_result"])
GIVEN_UP = _titled(ABANDONMENTS)
APPEALS = _titled(REMEDIES, {"review": ("复议",), "suit": ("诉讼", "未经复议直接起诉")})
APPEAL_ENDS = _titled(APPEAL_RESULTS, {"upheld": ("维持",), "corrected": ("纠正",), "other": ("其他",)})
ANSWERS = {code: (*WORDS["result"][code], kind.title) for code, kind in ANSWER_KINDS.items()} | {
    code: (kind.title,) for code, kind in COMPLAINT_ANSWERS.items() if code not in ANSWER_KINDS
}
REVIEW_WORDS = _titled(DECISIONS)
#: The fields of steps, by code.
FIELDS = _titled({**FIELD_TITLES, **{code: element.title for code, element in ELEMENTS.items()}}, {
    "where": ("获取方式", "获取途径"), "reason": ("不予公开理由",), "withheld": ("不予公开部分",),
    "missing": ("不存在的信息",), "searched": ("检索经过",), "agency": ("负责公开的机关",), "contact": ("联系方式",),
    "law": ("法律依据",), "earlier": ("此前的答复", "此前答复"), "asked": ("此前的通知", "此前通知"),
    "until": ("补正期限",), "what": ("需要补正的事项",), "payment": ("缴纳方式",),
})  # fmt: skip
#: The closed lists of the values of fields.
_VALUES = {"answer": ANSWERS, "ground": GROUNDS, "interest": GROUNDS, "whom": CONSULTATIONS}


def find_listed(words: Words, text: str) -> str | None:
    """The code of the word, or of the code itself; None where it is neither."""
    wanted = squeeze_word(text)
    return next((code for code, names in words.items() if wanted in (code, *map(squeeze_word, names))), None)


def read_field(text: str) -> tuple[str, str] | None:
    """Name and value of `NAME=VALUE`, words of lists as their codes; None where it is not written so."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        return None
    code = find_listed(FIELDS, name) or name.strip()
    return code, find_listed(_VALUES.get(code, {}), value) or value.strip()


def list_both(words: Words) -> str:
    """The words with their codes, as an error lists them."""
    return "、".join(f"{names[0]}（{code}）" for code, names in words.items())


def listed(name: str, words: Words, *, closed: bool = True, **settings: Any) -> Option:
    """An argument that takes a word of the list or its code, and becomes the code; its help lists them.

    `closed` False: other words pass as they are, for what is allowed depends on more than the list (the acts in force).
    """

    def read(text: str) -> str:
        code = find_listed(words, text)
        if code is None and closed and text != settings.get("default"):
            refusal = tr("invalid choice: %(value)r (choose from %(choices)s)")
            raise argparse.ArgumentTypeError(refusal % {"value": text, "choices": list_both(words)})
        return text if code is None else code

    def add_to(parser: Any) -> None:
        shown = "；".join(names[0] for names in words.values()) if chosen() == "zh" else ", ".join(words)
        help = tr(settings["help"]) if settings.get("help") else ""
        text = help + tr(": ") + shown if help else shown
        metavar = tr(settings.get("metavar", "WORD"))
        parser.add_argument(name, **{**settings, "type": read, "metavar": widen(metavar), "help": widen(text)})

    return Option(add_to)
