"""Compiled rules written as JSON come back as they were."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rulebook.rule_office import BROKEN
from tracker.core.law.duties import County, Duty, Rulebook
from tracker.core.law.workdays import Calendar
from tracker.rulebook.canonical import canonical_body, digest_of
from tracker.rulebook.encoding import StaleError, decode, encode
from tracker.rulebook.errors import RuleError
from tracker.rulebook.load import load
from tracker.rulebook.schedule import Schedule
from tracker.rulebook.secrets import NO_SECRET, Secret

ROOT = Path(__file__).parents[2]
ENVIRON = {"TOKEN": "hidden7Q"}
ZONES = st.sampled_from([ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Urumqi"), ZoneInfo("UTC")])
SECRETS = st.sampled_from(
    [
        NO_SECRET,
        Secret("written out", source="written out"),
        Secret("key=hidden7Q&to={phone}", source="key=${TOKEN}&to={phone}"),
        Secret("https://here.example/x", source="${UNSET_ADDRESS:-https://here.example/x}"),
        Secret(unset=RuleError("schedule.yaml", 3, 7, "not set"), source="${UNSET}"),
    ]
)


def classes_in(hint: Any) -> Iterator[type]:
    """The dataclasses of which a value of the type may consist."""
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
        for inner in get_type_hints(hint).values():
            yield from classes_in(inner)
    for inner in get_args(hint):
        yield from classes_in(inner)


#: What rules consist of. Whole duties, counties and schedules are drawn too slowly; they are made of these.
LARGE = {Duty, County, Rulebook, Schedule}
KINDS = sorted({*classes_in(Rulebook), *classes_in(Schedule)} - LARGE, key=lambda kind: kind.__name__)
st.register_type_strategy(ZoneInfo, ZONES)
st.register_type_strategy(Secret, SECRETS)
st.register_type_strategy(Path, st.sampled_from([Path("mails"), Path("/srv/duban/mails")]))
st.register_type_strategy(time, st.times().map(lambda at: at.replace(fold=0)))
st.register_type_strategy(float, st.floats(allow_nan=False))


def again(value: Any) -> Any:
    """The value written to text and read back."""
    return decode(json.loads(json.dumps(encode(value))), ENVIRON)


def texts(value: Any) -> str:
    """Everything that a value shows of its secrets and all else."""
    if isinstance(value, Secret):
        return f"{value.unset} {value.source} {'' if value.unset else value.reveal()}"
    if is_dataclass(value):
        return " ".join(texts(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, Mapping):
        return " ".join(texts(part) for pair in value.items() for part in pair)
    return " ".join(map(texts, value)) if isinstance(value, tuple) else repr(value)


@pytest.mark.parametrize("root", [ROOT, BROKEN / "good"], ids=["shipped", "small"])
def test_rules_come_back_as_they_were(root: Path) -> None:
    loaded = load(root, ENVIRON)
    assert again(loaded) == loaded
    assert again(loaded).beside_rules == loaded.beside_rules
    assert [digest_of(canonical_body(one, {})) for one in again(loaded).rulebooks] == [
        digest_of(canonical_body(one, {})) for one in loaded.rulebooks
    ]
    assert again(loaded).calendar.add_workdays(date(2015, 9, 30), 1) == date(2015, 10, 8)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_any_value_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    assert again(value) == value
    assert texts(again(value)) == texts(value)


def test_a_calendar_comes_back_as_it_was() -> None:
    calendar = Calendar("v", {date(2015, 10, 1): "国庆节"}, [date(2015, 10, 10)], [2015])
    assert again(calendar) == calendar


def test_kinds_are_kept_apart() -> None:
    values = (
        1,
        1.0,
        True,
        "1",
        None,
        float("inf"),
        ("tuple", ()),
        {},
        {"dict": {}},
        frozenset({"a", "b"}),
        timedelta(),
    )
    assert repr(again(values)) == repr(values)


def test_a_value_of_an_unknown_kind_is_not_written() -> None:
    with pytest.raises(TypeError, match="cannot be written"):
        encode((object(),))


@pytest.mark.parametrize(
    "name",
    [
        "os:stat_result",
        "notifications.channels.mail:SmtpSettings",
        "tracker.core.law.duties:By.day",
        "tracker.commands.main:main",
    ],
)
def test_only_classes_of_rules_are_made(name: str) -> None:
    with pytest.raises(StaleError):
        decode({"classes": [name], "value": [0, 1]}, {})


@pytest.mark.parametrize(
    ("source", "written", "read"),
    [
        ("${A}", "x", ""),
        ("${A}", "", "x"),
        ("${A}", "https://here.example/", "nowhere"),
        ("${A}", "x" * 32, "x" * 31),
        ("${A:- }${B}", "x", ""),
    ],
)
def test_a_secret_of_another_form_has_to_be_checked_again(source: str, written: str, read: str) -> None:
    unset = RuleError("schedule.yaml", 1, 1, "not set") if not written else None
    document = encode(Secret(written, unset, source))
    with pytest.raises(StaleError):
        decode(document, {"A": read})


def test_a_secret_is_filled_in_anew_and_stands_in_no_document() -> None:
    document = encode(Secret("Bearer hidden7Q", source="Bearer ${TOKEN}"))
    assert "hidden7Q" not in json.dumps(document)
    assert decode(document, {"TOKEN": "other"}).reveal() == "Bearer other"
