"""The texts that the command line can say: the keys that it asks the catalogue for, found in the code and by asking."""

from __future__ import annotations

import argparse
import ast
import gettext
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest

import tracker
from tracker.commands import language
from tracker.commands.main import COMMANDS, parser
from tracker.console.access import PAGES
from tracker.console.html import environment
from tracker.console.pages.journal import KINDS
from tracker.console.pages.matter_story import STORY_ACTIONS
from tracker.console.signed_in import MENU
from tracker.core.escalation.notice_kinds import AnswerKind, NoticeKind
from tracker.core.escalation.notices import NoticeState
from tracker.core.requests.answer_kinds import ANSWER_KINDS, COMPLAINT_ANSWERS, ELEMENTS
from tracker.core.requests.moves import FIELD_TITLES
from tracker.core.requests.receipt import DayOf
from tracker.core.requests.review_links import ReviewLinkKind
from tracker.core.requests.reviews import ReviewFindingKind
from tracker.core.requests.values import ApplicantKind, MoveKind, RequestKind, RequestState, ReviewDecision, Way
from tracker.core.values.accounts import Role
from tracker.core.values.certificate import ConfirmationKind
from tracker.core.values.facts import RulingKind, VisitOutcome
from tracker.core.values.second_looks import Place
from tracker.core.values.verdicts import CellState, Light, Status
from tracker.daemon.check_lines import Checked
from tracker.registers.column_wrappers import ReadHow
from tracker.registers.eventimport import RowOutcome
from tracker.registers.request_import import RequestOutcome
from tracker.registers.rule_table import ChangeKind
from tracker.reports.sums import Watch
from tracker.store.chain import Tampering
from tracker.store.persons import ROLES

PACKAGE = Path(tracker.__file__).parent
#: What takes an English text as its first argument, and says it in the language that is spoken.
SAYERS = {"tr", "say", "Message", "UsageError", "RegisterError", "OvertakenError", "BadTable", "ProviderError"}
#: The closed lists of words, by the column that they stand in.
WORDS: dict[str, Iterable[str]] = {
    "light": tuple(Light),
    "status": tuple(Status),
    "cell": get_args(CellState),
    "outcome": (*VisitOutcome, *get_args(RowOutcome), *get_args(RequestOutcome)),
    "reached": ("end",),
    "kind": (
        *get_args(RulingKind), *get_args(RequestKind), *get_args(NoticeKind), "attestation", "zero-report", "upkeep",
        *ConfirmationKind,
    ),
    "answer": get_args(AnswerKind),
    "answer_kind": (*ANSWER_KINDS, *COMPLAINT_ANSWERS),
    "applicant_kind": get_args(ApplicantKind),
    "move": tuple(MoveKind),
    "field": (*FIELD_TITLES, *ELEMENTS),
    "way": get_args(Way),
    "day": (*get_args(DayOf), "told", "reached"),
    "remark": ("late", "contrary", "procedure"),
    "state": (
        *RequestState,
        *get_args(NoticeState), "waiting", "accepted", "refused", "withdrawn", "filed", "lifted", "ended", "holds",
        "to come", "ok", "note", "wrong", "draft", "consulting", "signed", "issued", "replaced",
        "asked", "undone", *get_args(ReviewDecision),
    ),
    "how": get_args(ReadHow),
    "watch": tuple(Watch),
    "finding": get_args(ReviewFindingKind),
    "place": get_args(Place),
    "link": get_args(ReviewLinkKind),
    "form": ("link", "file", "statement", "event"),
    "what": ("recorded", "corrected", "withdrawn", "restored"),
    "check": get_args(Checked),
    "change": ("created", "closed", "notice-moved", "notice-withdrawn", *get_args(ChangeKind)),
    "role": ("liaison", "lead", *Role, *ROLES),
    "channel": ("mail",),
    "yes or no": ("true", "false"),
    "journal": KINDS,
    "tampering": get_args(Tampering),
    "page": MENU,
    "happened": STORY_ACTIONS,
    "chore": ("event", "column", "mailbox"),
    "act": (*PAGES["queue"].acts, *PAGES["circular"].acts),
    "done": (*(act for page in PAGES.values() for act in page.acts),),
}  # fmt: skip
#: Columns that a command prints without a list of its own.
MORE_COLUMNS = ("to", "skipped", "calendar", "sha256", "file", "kept", "saved", "contents", "published", "source",
                "encoding", "pages", "flags", "attachment", "sheet", "entry", "field")  # fmt: skip
#: Errors of argparse about a program that declares its arguments wrongly.
_DECLARED_WRONGLY = (
    "is an invalid argument for positionals", "not defined", "with mode", "can't open", "cannot merge",
    "conflict_resolution", "unexpected option string", "callable", "subparser", "conflicting", "dest=",
    "must start with", "mutually exclusive", "unknown parser",
)  # fmt: skip


def key(context: str, text: str) -> str:
    return f"{context}\x04{text}"


@cache
def said_in_code() -> dict[str, str]:
    """The texts that stand in the code, each with a place where it does."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _is_sayer(node.func):
                for text in _texts(node.args[0]):
                    found[text] = f"{path.relative_to(PACKAGE.parent)}:{node.lineno}"
    return found


@cache
def said_on_pages() -> frozenset[str]:
    """The texts that stand in the pages' templates, behind their context where they have one."""
    found = set()
    made = environment(gettext.NullTranslations())
    for name in made.list_templates(extensions=["j2"]):
        source, *_ = made.loader.get_source(made, name)
        for _, function, texts in made.extract_translations(source):
            words = [text for text in (texts if isinstance(texts, tuple) else (texts,)) if text]
            if function == "pgettext" and len(words) == 2:
                found.add(key(*words))
            elif function != "pgettext":
                found.add(words[0])
    return frozenset(found)


def _is_sayer(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id in SAYERS


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts that an argument may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    for part in _parts(node):
        yield from _texts(part)


def asked_by_help(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What the help of all commands asks the catalogue for."""
    asked: set[str] = set()

    class Asked(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            asked.add(message)
            return message

    monkeypatch.setattr(language, "_spoken", Asked())
    for name in ("", *COMMANDS):
        for one in parsers(parser(name)):
            one.format_help()
    return asked


def parsers(top: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parser and those under it."""
    yield top
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for under in action.choices.values():
                yield from parsers(under)


def argparse_texts() -> Iterator[str]:
    """What argparse itself says to a person who types a command."""
    tree = ast.parse(Path(argparse.__file__).read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
            yield from (text for text in _texts(node.args[0]) if not any(word in text for word in _DECLARED_WRONGLY))


def column_lists() -> dict[str, tuple[str, ...]]:
    """The lists of columns that the commands print, by module and name."""
    lists: dict[str, Any] = {}
    for module in {file for files, _ in COMMANDS.values() for file in files.split()}:
        for name, value in vars(import_module(f"tracker.commands.{module}")).items():
            is_list = name.isupper() and not name.startswith("_") and isinstance(value, tuple) and len(value) > 1
            if is_list and all(isinstance(column, str) for column in value):
                lists[f"{module}.{name}"] = value
    return {name: value for name, value in lists.items() if name.rpartition(".")[2] not in ("FORMATS", "LIGHTS")}


def put_together() -> Iterator[str]:
    """Where a text is put together in the code before it could be looked up."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_said = isinstance(node, ast.Call) and node.args and _is_sayer(node.func)
            if is_said and any(map(_has_words, (node.args[0], *_parts(node.args[0])))):
                yield f"{path.relative_to(PACKAGE.parent)}:{node.lineno}"


def _parts(node: ast.expr) -> list[ast.expr]:
    """What an expression may be: either side of an if, one of several."""
    match node:
        case ast.IfExp():
            return [node.body, node.orelse]
        case ast.BoolOp():
            return node.values
        case ast.Subscript(value=ast.Dict() as table):
            return table.values
    return []


def _has_words(node: ast.expr) -> bool:
    """Whether it is an f-string with words between its values."""
    texts = node.values if isinstance(node, ast.JoinedStr) else []
    return any(isinstance(text, ast.Constant) and any(map(str.isalpha, str(text.value))) for text in texts)
