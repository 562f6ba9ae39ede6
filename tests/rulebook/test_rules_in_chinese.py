"""Whatever is wrong with a rule file is said in Chinese to who speaks it; keys and values stay as the file has them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rulebook.rule_office import BROKEN, PLACES, Office
from tracker.commands.language import speaking, tr
from tracker.core.values.message import Message
from tracker.rulebook.errors import RuleError, RuleErrors
from tracker.rulebook.examples import check_examples

CASES = sorted(path for kind in PLACES for path in (BROKEN / kind).glob("*.yaml"))
#: What is written in the files, and the names of what they are written in.
WRITTEN = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|[{<(\[][^\u3400-\u9fff]*|\S*[/_.:=]\S*|\S*\d\S*|\b[a-z]+-[a-z-]+\b")
NAMES = {"YAML", "UTF", "CSS", "XPath", "RE2", "Perl", "cron", "true", "false", "slip", "day", "workdays"}


def english(text: str) -> set[str]:
    """The words of a Chinese text that are neither written in the files nor a name."""
    return set(re.findall(r"[A-Za-z]{2,}", WRITTEN.sub(" ", text))) - NAMES


def errors_of(office: Office) -> tuple[RuleError, ...]:
    try:
        office.load()
    except RuleErrors as failure:
        return failure.errors
    return ()


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_defect_is_said_in_chinese(path: Path, office: Office) -> None:
    shutil.copy(path, office.path(path.parent.name))
    errors = errors_of(office)
    assert errors
    with speaking("zh"):
        for error in errors:
            said = tr(error.message)
            assert re.search(r"[\u3400-\u9fff]", said), said
            assert not english(said) - written_words(error), said
            for allowed in error.allowed:
                assert not isinstance(allowed, Message) or not english(tr(allowed)), allowed


def written_words(error: RuleError) -> set[str]:
    """The words of the file that the message repeats as values."""
    return set(re.findall(r"[A-Za-z]{2,}", " ".join(_values(error.message))))


def _values(message: Message) -> Iterator[str]:
    for value in message.values.values():
        if isinstance(value, Message):
            yield from _values(value)
        else:
            yield str(value)


def test_the_whole_line_names_place_defect_and_what_would_do(office: Office) -> None:
    office.put("pack", "departments: all", "departments: al")
    (error,) = errors_of(office)
    with speaking("zh"):
        said = tr(error.text).removeprefix(f"{office.root}/")
    place, _, rest = said.partition(" ")
    assert re.fullmatch(r"rules/packs/works\.yaml:\d+:\d+:", place)
    assert rest == "县 'small' 中没有单位 'al'，是否指 'all'？（可选：all，concerned，huanbao，keji）"


def test_an_example_that_does_not_hold_is_said_in_chinese(office: Office) -> None:
    office.put("pack", "due: 2015-03-23}", "due: 2015-03-31}")
    loaded = office.load()
    (error,) = check_examples(loaded.rulebooks[0], loaded.calendar)
    with speaking("zh"):
        assert not english(tr(error.message)) - written_words(error), tr(error.message)
        assert "不是 2015-03-31" in tr(error.message)
