"""What is stored of the rules gives them back."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tracker.core.law.county import Rulebook
from tracker.rulebook.canonical import restore_rulebook
from tracker.rulebook.load import load

ROOT = Path(__file__).resolve().parents[2]
#: The names in a stored body, format 3.
STORED = {
    "county": "allow_private channels columns departments hosts id lexicon mode name own_hosts roles start zone",
    "lexicon": "acts asks aspects begins calls carriers corrections deeds does drafts forwards guides hands happens "
    "leaders letters light lists matters meets neutral news occasions open organs pending people "
    "periodicals plans publishes questions recipients records reports rules rulings samples shows "
    "strangers subjects tables tags turns works zeal",
    "department": "aliases id lead liaison name",
    "column": "channel dialect interface key kind name owner title url",
    "duty": "assignments clause county escalation examples id in_force_from in_force_until issued pack pack_title "
    "parts title weight",
    "part": "contents deadlines name own_deadline title",
    "assignment": "cells key lead members",
    "cell": "name part sources",
}


@pytest.fixture(scope="module")
def shipped() -> tuple[Rulebook, str]:
    loaded = load(ROOT, os.environ)
    rulebook = loaded.rulebooks[0]
    return rulebook, loaded.bodies[rulebook.digest]


def test_the_shipped_rules_come_back_as_they_were_but_for_their_examples(shipped: tuple[Rulebook, str]) -> None:
    rulebook, body = shipped
    without = replace(rulebook, duties=tuple(replace(duty, examples=()) for duty in rulebook.duties))
    assert restore_rulebook(body, rulebook.digest) == without


def test_a_body_of_another_shape_is_refused(shipped: tuple[Rulebook, str]) -> None:
    rulebook, body = shipped
    with pytest.raises(ValueError, match="stored in format 99, this version reads"):
        restore_rulebook(json.dumps({**json.loads(body), "format": 99}), rulebook.digest)


def test_what_is_stored_keeps_its_names_whatever_the_values_call_them(shipped: tuple[Rulebook, str]) -> None:
    """Another name is another hash of the same rules, and a stored body that loses a value when it is read."""
    body = json.loads(shipped[1])
    duty = body["duties"][0]
    names = {
        "county": body["county"],
        "lexicon": body["county"]["lexicon"],
        "department": next(iter(body["county"]["departments"].values())),
        "column": next(iter(body["county"]["columns"].values())),
        "duty": duty,
        "part": duty["parts"][0],
        "assignment": duty["assignments"][0],
        "cell": duty["assignments"][0]["cells"][0],
    }
    assert {kind: " ".join(sorted(value)) for kind, value in names.items()} == STORED
