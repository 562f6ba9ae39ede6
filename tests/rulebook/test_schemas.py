"""The exported JSON Schemas: the shipped files hold under them, the broken ones mostly do not."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.rulebook.rule_office import BROKEN, PLACES
from tracker.rulebook.reference import build_reference
from tracker.rulebook.schema import build_schemas, write_schemas

REPOSITORY = Path(__file__).parents[2]
schemas = cache(build_schemas)
SHIPPED = [
    *(("pack", path) for path in sorted(REPOSITORY.glob("rules/packs/*.yaml"))),
    *(("county", path) for path in sorted(REPOSITORY.glob("rules/counties/*/county.yaml"))),
    *(("calendar", path) for path in sorted(REPOSITORY.glob("rules/calendar/[0-9]*.yaml"))),
    ("notices", REPOSITORY / "rules/calendar/notices.yaml"),
    ("schedule", REPOSITORY / "schedule.yaml"),
    *((kind, BROKEN / "good" / place) for kind, place in PLACES.items()),
]


class EditorLoader(yaml.CSafeLoader):
    """YAML as an editor's language server reads it (1.2): days are texts, only true and false are flags."""


EditorLoader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^[-+]?\d+$", "-+0123456789"),
    ("float", r"^[-+]?\d+\.\d+$", "-+0123456789"),
    ("null", r"^(?:|null|~)$", ["", "n", "~"]),
):
    EditorLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def edited(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), EditorLoader)


@pytest.mark.parametrize(("kind", "path"), SHIPPED, ids=lambda value: getattr(value, "name", value))
def test_the_shipped_files_hold_under_their_schema(kind: str, path: Path) -> None:
    jsonschema.validate(edited(path), schemas()[kind], cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("kind", list(PLACES))
def test_each_schema_is_one(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas()[kind])


@pytest.mark.parametrize(
    "name",
    [
        "pack/unknown-key",
        "pack/unknown-key-in-a-deadline",
        "pack/missing-key",
        "pack/key-without-value",
        "pack/wrong-type",
        "pack/day-in-another-form",
        "pack/span-without-unit",
        "pack/unknown-period",
        "pack/deadline-in-no-known-form",
        "county/unknown-key",
        "county/base-without-scheme",
        "county/channel-in-no-known-form",
        "schedule/unknown-key",
        "schedule/unknown-kind",
        "schedule/length-without-unit",
        "calendar/unknown-key",
    ],
)
def test_an_editor_sees_what_is_wrong_in_shape(name: str) -> None:
    path = BROKEN / f"{name}.yaml"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(edited(path), schemas()[path.parent.name], cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("kind", list(PLACES))
def test_no_schema_offers_a_key_without_value(kind: str) -> None:
    assert '"null"' not in json.dumps(schemas()[kind])


def test_every_key_is_described() -> None:
    for name, schema in schemas().items():
        for model in (schema, *schema.get("$defs", {}).values()):
            for key, value in model.get("properties", {}).items():
                assert "description" in value or "$ref" in value, f"{name}: {model.get('title')}.{key}"


def test_schemas_are_written_to_a_folder(tmp_path: Path) -> None:
    paths = write_schemas(tmp_path / "schemas")
    assert [path.name for path in paths] == [
        "pack.schema.json",
        "county.schema.json",
        "schedule.schema.json",
        "calendar.schema.json",
        "notices.schema.json",
        "acts.schema.json",
    ]
    assert json.loads(paths[0].read_text(encoding="utf-8")) == schemas()["pack"]


def test_the_committed_reference_is_current() -> None:
    committed = (REPOSITORY / "docs" / "rules.md").read_text(encoding="utf-8")
    assert committed == build_reference(), "run: python -m tracker.rulebook.reference"
