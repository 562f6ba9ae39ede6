"""What is stored of the rules gives them back."""

from __future__ import annotations

import json
import os
from dataclasses import fields, replace
from pathlib import Path

import pytest

from tracker.core.law.county import Rulebook
from tracker.core.values.formulas import RequestRules
from tracker.core.values.lexicon import Lexicon
from tracker.rulebook.canonical import build_adopted_body, restore_rulebook
from tracker.rulebook.load import load

ROOT = Path(__file__).resolve().parents[2]
#: The names in a stored body. Where one changes, FORMAT grows.
FORMAT_4 = {
    "county": "allow_private channels columns departments hosts id lexicon mode name own_hosts roles start zone",
    "department": "aliases id lead liaison name",
    "column": "channel dialect interface key kind name owner title url",
    "duty": "assignments clause county escalation examples id in_force_from in_force_until issued pack pack_title "
    "parts title weight",
    "part": "contents deadlines name own_deadline title",
    "assignment": "cells key lead_department members",
    "cell": "name part sources",
}


@pytest.fixture(scope="module")
def shipped() -> tuple[Rulebook, str]:
    loaded = load(ROOT, os.environ)
    rulebook = loaded.rulebooks[0]
    return rulebook, loaded.bodies[rulebook.digest]


def test_the_shipped_rules_come_back_but_for_what_only_deciding_and_papers_need(
    shipped: tuple[Rulebook, str],
) -> None:
    rulebook, body = shipped
    duties = tuple(replace(duty, examples=()) for duty in rulebook.duties)
    county = replace(rulebook.county, lexicon=None)
    without = replace(rulebook, duties=duties, county=county, acts=(), requests=RequestRules())
    assert restore_rulebook(body, rulebook.digest) == without


def test_a_body_of_another_shape_is_refused(shipped: tuple[Rulebook, str]) -> None:
    rulebook, body = shipped
    with pytest.raises(ValueError, match="stored in format 99, this version reads"):
        restore_rulebook(json.dumps({**json.loads(body), "format": 99}), rulebook.digest)


def test_what_is_stored_has_the_names_of_its_format(shipped: tuple[Rulebook, str]) -> None:
    body = json.loads(shipped[1])
    duty = body["duties"][0]
    names = {
        "county": body["county"],
        "department": next(iter(body["county"]["departments"].values())),
        "column": next(iter(body["county"]["columns"].values())),
        "duty": duty,
        "part": duty["parts"][0],
        "assignment": duty["assignments"][0],
        "cell": duty["assignments"][0]["cells"][0],
    }
    assert body["format"] == 4
    assert {kind: " ".join(sorted(value)) for kind, value in names.items()} == FORMAT_4


def test_another_word_of_the_lexicon_is_another_hash_of_the_rules(shipped: tuple[Rulebook, str]) -> None:
    rulebook, body = shipped
    assert rulebook.county.lexicon is not None
    name, words = next((field.name, getattr(rulebook.county.lexicon, field.name)) for field in fields(Lexicon))
    lexicon = replace(rulebook.county.lexicon, **{name: (*words, "又一个词")})
    other = replace(rulebook, county=replace(rulebook.county, lexicon=lexicon))
    assert build_adopted_body(other, body) != build_adopted_body(rulebook, body)
