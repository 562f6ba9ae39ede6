"""The words of official documents: Jinja2 templates that a county can put its own in place of.

A document has no markup. A fact is tied to its evidence by marks that no text from outside can hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from notifications.render import NUMERALS, TEMPLATES, environment
from notifications.template_sandbox import SandboxError, has_own, render_in_sandbox

#: Private code points around `anchor`, text: whatever comes from outside is cleared of them.
OPEN, SPLIT, CLOSE = "\ue000", "\ue001", "\ue002"
_MARKS = str.maketrans("", "", OPEN + SPLIT + CLOSE)
_LINKED = re.compile(f"{OPEN}([^{SPLIT}]*){SPLIT}([^{CLOSE}]*){CLOSE}")


@dataclass(frozen=True, slots=True)
class Wording:
    """A document's paragraphs, each as runs of (text, anchor). `fault`: why the county's template was left aside."""

    paragraphs: tuple[tuple[tuple[str, str], ...], ...]
    fault: str = ""


def wording(name: str, values: Mapping[str, Any], folder: Path | None = None) -> Wording:
    """The template `NAME.txt.j2` filled in: the county's own in `folder`, or the shipped one. Blank lines fall away."""
    fault, clean = "", cleared(values)
    if folder is not None and has_own(folder):
        try:
            found = render_in_sandbox("wording", name, folder, name, clean, [str(folder), str(TEMPLATES)])
            return Wording(tuple(tuple((text, anchor) for text, anchor in runs) for runs in found))
        except SandboxError as error:
            fault = f"{name}: {error}"
    return Wording(said(name, clean, (TEMPLATES,)), fault)


def said_apart(name: str, values: Mapping[str, Any], places: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """`said`, of what came through a pipe."""
    return said(name, values, tuple(map(Path, places)))


def said(name: str, values: Mapping[str, Any], places: tuple[Path, ...]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The paragraphs by the templates in the places, of values that were cleared."""
    template = _environment(places).get_template(f"{name}.txt.j2")
    found = tuple(_paragraphs(template.render(values, next=iter(NUMERALS).__next__)))
    if not found:  # a file saved empty: a document without words is none
        raise ValueError("it says nothing")
    return found


def cleared(value: Any) -> Any:
    """The same values in which no text can break a line or pass for a link."""
    if isinstance(value, str):
        return " ".join(value.translate(_MARKS).split())
    if isinstance(value, Mapping):
        return {key: cleared(one) for key, one in value.items()}
    return [cleared(one) for one in value] if isinstance(value, list | tuple) else value


def quoted(text: Any) -> str:
    """In quotation marks; those that it has itself become the inner ones (GB/T 15834-2011, 4.8.3)."""
    return "“" + str(text).replace("“", "‘").replace("”", "’") + "”"


def _environment(places: tuple[Path, ...]) -> Any:
    made = environment(places)
    made.filters.setdefault("quoted", quoted)
    made.filters.setdefault("link", lambda text, anchor: f"{OPEN}{anchor}{SPLIT}{str(text).strip()}{CLOSE}")
    return made


def _paragraphs(text: str) -> list[tuple[tuple[str, str], ...]]:
    return [_runs(line.strip()) for line in text.splitlines() if line.strip()]


def _runs(line: str) -> tuple[tuple[str, str], ...]:
    runs, at = [], 0
    for found in _LINKED.finditer(line):
        runs.append((line[at : found.start()], ""))
        runs.append((found[2], found[1]))
        at = found.end()
    return tuple((text, anchor) for text, anchor in (*runs, (line[at:], "")) if text)
