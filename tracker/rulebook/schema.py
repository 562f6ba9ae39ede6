"""JSON Schemas of the rule files, for editors: first line `# yaml-language-server: $schema=…/pack.schema.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from tracker.rulebook.acts import ActsModel
from tracker.rulebook.calendars import NoticesModel, YearModel
from tracker.rulebook.county_model import CountyModel
from tracker.rulebook.pack_model import PackModel
from tracker.rulebook.schedule_forms import SCHEDULE

#: By name: the model of the whole file.
MODELS: dict[str, type[BaseModel]] = {
    "pack": PackModel,
    "county": CountyModel,
    "schedule": SCHEDULE,
    "calendar": YearModel,
    "notices": NoticesModel,
    "acts": ActsModel,
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def build_schemas() -> dict[str, dict[str, Any]]:
    """The schemas by name."""
    return {name: {"$schema": DIALECT, **_without_null(model.model_json_schema())} for name, model in MODELS.items()}


def write_schemas(folder: Path) -> list[Path]:
    """Write NAME.schema.json for each kind of file; returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, schema in build_schemas().items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def _without_null(schema: Any) -> Any:
    """A key without a value is refused by the loader, so no schema may offer null."""
    if isinstance(schema, list):
        return [_without_null(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _without_null(part) for key, part in schema.items() if not (key == "default" and part is None)}
    choices = plain.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        left = [choice for choice in choices if choice != {"type": "null"}]
        del plain["anyOf"]
        plain |= left[0] if len(left) == 1 else {"anyOf": left}
    return plain
