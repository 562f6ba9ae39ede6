"""Words official documents by Jinja2 templates, of which a county can have its own.

A document has no markup. Private characters, which no value can hold, tie a fact to the anchor of its evidence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from notifications.render import NUMERALS, TEMPLATES, environment
from notifications.template_sandbox import SandboxError, has_own, render_in_sandbox

#: Private code points around an anchor and a text; they are removed from all values.
OPEN, SPLIT, CLOSE = "\ue000", "\ue001", "\ue002"
_MARKS = str.maketrans("", "", OPEN + SPLIT + CLOSE)
_LINKED = re.compile(f"{OPEN}([^{SPLIT}]*){SPLIT}([^{CLOSE}]*){CLOSE}")


#: A paragraph as runs of (text, anchor).
Runs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """A document's paragraphs. `fault`: why the county's template was not used, "" where it was or there is none."""

    paragraphs: tuple[Runs, ...]
    fault: str = ""


def wording(name: str, values: Mapping[str, Any], folder: Path | None = None) -> Wording:
    """The paragraphs by the template `NAME.txt.j2`, the county's own in `folder` or the shipped one."""
    fault, clean = "", _cleaned(values)
    if folder is not None and has_own(folder):
        try:
            paragraphs = render_in_sandbox("wording", name, folder, name, clean, [str(folder), str(TEMPLATES)])
            return Wording(tuple(tuple((text, anchor) for text, anchor in runs) for runs in paragraphs))
        except SandboxError as error:
            fault = f"{name}: {error}"
    return Wording(_paragraphs(name, clean, (TEMPLATES,)), fault)


def word_json(name: str, values: Mapping[str, Any], places: Sequence[str]) -> tuple[Runs, ...]:
    """The paragraphs from JSON values, in the sandbox."""
    return _paragraphs(name, values, tuple(map(Path, places)))


def _paragraphs(name: str, values: Mapping[str, Any], places: tuple[Path, ...]) -> tuple[Runs, ...]:
    template = _environment(places).get_template(f"{name}.txt.j2")
    text = template.render(values, next=iter(NUMERALS).__next__)
    paragraphs = tuple(_runs(line.strip()) for line in text.splitlines() if line.strip())
    if not paragraphs:  # a template that was saved empty
        raise ValueError("it says nothing")
    return paragraphs


def _cleaned(value: Any) -> Any:
    """The values without newlines and private characters in their texts."""
    if isinstance(value, str):
        return " ".join(value.translate(_MARKS).split())
    if isinstance(value, Mapping):
        return {key: _cleaned(item) for key, item in value.items()}
    return [_cleaned(item) for item in value] if isinstance(value, list | tuple) else value


def quoted(text: Any) -> str:
    """The text in quotation marks; those within it become inner ones (GB/T 15834-2011, 4.8.3)."""
    return "“" + str(text).replace("“", "‘").replace("”", "’") + "”"


def _environment(places: tuple[Path, ...]) -> Any:
    sandbox = environment(places)
    sandbox.filters.setdefault("quoted", quoted)
    sandbox.filters.setdefault("link", lambda text, anchor: f"{OPEN}{anchor}{SPLIT}{str(text).strip()}{CLOSE}")
    return sandbox


def _runs(line: str) -> Runs:
    runs, end = [], 0
    for link in _LINKED.finditer(line):
        runs += [(line[end : link.start()], ""), (link[2], link[1])]
        end = link.end()
    return tuple((text, anchor) for text, anchor in (*runs, (line[end:], "")) if text)
