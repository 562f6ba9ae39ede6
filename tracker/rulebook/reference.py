"""Writes docs/rules.md from the models: `python -m tracker.rulebook.reference [FILE]`."""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from tracker.rulebook.scalars import DUES, LENGTHS, SPANS
from tracker.rulebook.schedule_forms import OFFSETS
from tracker.rulebook.schema import MODELS
from tracker.rulebook.shape import Model, as_model

_INTRO = """\
# The rule files, key by key

Written by `python -m tracker.rulebook.reference` from the models that read the files; do not edit by hand.

All files are YAML in UTF-8, indented with spaces. Every scalar is read as the text it is (`no` is not false, `8:30`
is not 510). A key that is not listed here, a key given twice, a key without a value, a name that nothing answers to:
each is reported as `path:line:column: message (allowed: …)`, all of them at once, and nothing starts half-loaded.
A named entry (a duty, a department, a column, a step …) whose shape is wrong is set aside: the names in it are looked
up once its shape is right, and nobody is told that it is missing. So is a file whose own required keys are wrong.
In county files and in schedule.yaml `${NAME}` is filled in from the environment, `${NAME:-default}` with a default.
A variable that is not set is a defect, except for the accounts, passwords, addresses of channels and secrets of
schedule.yaml: what delivers mail or serves pages refuses to start without them, `duban check` and `duban doctor` name
them, and every other command works. They are shown nowhere.
Keys in bold are required.
"""
_WORDS = f"""\
## Words

- **Names** (of packs, duties, parts, departments, columns …): lower-case letters and digits, joined by single hyphens.
- **Days** are `YYYY-MM-DD`, **moments** `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM` in the county's zone.
- **Spans**: {", ".join(f"`{form}`" for form in SPANS)}.
- **Shifts** of a period's due day: {", ".join(f"`{form}`" for form in DUES)}.
- **Offsets** of a step: {", ".join(f"`{form}`" for form in OFFSETS)}.
- **Lengths of time**: {", ".join(f"`{form}`" for form in LENGTHS)}.
- **Patterns** are RE2 (no look-around, no back-references), searched anywhere in a title. `{{event.FIELD}}` stands
  for the text of a field that the event needs.
- **Labels** of occurrences: `once`, `2015-03-01`, `2015-W14`, `2015-03`, `2015-Q1`, `2015-H1`, `2015`,
  `event:NAME:REFERENCE`, with `.part` behind where a part has a deadline of its own.
"""
_FILES = {
    "pack": "rules/packs/NAME.yaml",
    "county": "rules/counties/NAME/county.yaml",
    "schedule": "schedule.yaml",
    "calendar": "rules/calendar/YEAR.yaml",
    "notices": "rules/calendar/notices.yaml",
    "acts": "rules/acts.yaml",
}


def build_reference() -> str:
    """The whole page."""
    lines = [_INTRO, _WORDS]
    seen: list[type[BaseModel]] = []
    for name, model in MODELS.items():
        lines.append(f"## {_FILES[name]}\n")
        before = len(seen)
        _collect(model, seen)
        # What another file uses too (a reading) stands where it was met first.
        lines += [_section(part, top=part is model) for part in seen[before:]]
    return "\n".join(lines).rstrip() + "\n"


def _collect(model: type[BaseModel], seen: list[type[BaseModel]]) -> None:
    """The model and all that its fields hold, each once, in the order of reading."""
    if model in seen:
        return
    seen.append(model)
    for field in model.model_fields.values():
        for inner in _models(field.annotation):
            _collect(inner, seen)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if (model := as_model(annotation)) is not None:
        yield model
    else:
        for inner in get_args(annotation):
            yield from _models(inner)


def _section(model: type[BaseModel], *, top: bool) -> str:
    head = "" if top else f"### {_heading(model)}\n\n"
    fields = sorted(model.model_fields.items(), key=lambda item: not item[1].is_required())
    rows = [_row(name, field) for name, field in fields]
    table = "\n".join(["| key | value | meaning |", "|---|---|---|", *rows])
    summary = " ".join((model.__doc__ or "").split())
    return f"{head}{summary}\n\n{table}\n"


def _heading(model: type[BaseModel]) -> str:
    """The model's name, and the example of its class."""
    return _title(model) + (f" `{model.EXAMPLE}`" if issubclass(model, Model) and model.EXAMPLE else "")


def _anchor(model: type[BaseModel]) -> str:
    """The anchor of the model's heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", _heading(model).lower()).replace(" ", "-")


def _title(model: type[BaseModel]) -> str:
    return model.__name__.removesuffix("Model")


def _row(name: str, field: FieldInfo) -> str:
    key = field.alias or name
    shown = f"**`{key}`**" if field.is_required() else f"`{key}`"
    value = " · ".join(dict.fromkeys(_values(field.annotation, field.metadata)))
    return f"| {shown} | {_cell(value)}{_cell(_show_default(field))} | {_cell(field.description or '')} |"


def _values(annotation: Any, metadata: Any = ()) -> Iterator[str]:
    """The forms a value may have, in words."""
    # What a scalar's own validator calls it.
    validator = next((extra for extra in metadata if isinstance(extra, BeforeValidator)), None)
    if validator is not None:
        yield validator.func.__doc__ or ""
        return
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _values(inner[0], inner[1:])
    elif origin in (Union, types.UnionType):
        for part in inner:
            if part is not type(None):
                yield from _values(part)
    elif origin is Literal:
        yield from (f"`{word}`" for word in inner)
    elif origin in (list, tuple):
        yield f"[{' or '.join(dict.fromkeys(_values(inner[0])))}, …]"
    elif origin is dict:
        yield f"{{{'/'.join(_values(inner[0]))}: {' or '.join(dict.fromkeys(_values(inner[1])))}}}"
    elif (model := as_model(annotation)) is not None:
        yield f"[{_title(model)}](#{_anchor(model)})"
    else:
        yield getattr(annotation, "__name__", str(annotation))


def _show_default(field: FieldInfo) -> str:
    value = field.default
    if value in (None, PydanticUndefined, "") or field.default_factory is not None:
        return ""
    if isinstance(value, bool):
        return f" (`{str(value).lower()}`)"
    if isinstance(value, timedelta):
        return f" (`{_show_length(value)}`)"
    if isinstance(value, float):
        return f" (`{value:g}`)"
    return f" (`{value}`)" if isinstance(value, str | int | Path) else ""


def _show_length(value: timedelta) -> str:
    for unit, size in (("days", 86_400), ("hours", 3_600)):
        if value.total_seconds() % size == 0:
            return f"{value.total_seconds() / size:.0f} {unit}"
    return f"{value.total_seconds():.0f} seconds"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/rules.md")
    target.write_text(build_reference(), encoding="utf-8")
