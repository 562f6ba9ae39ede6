"""The readable page of an export of evidence: values in, one self-contained HTML page out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from notifications.render import TEMPLATES, TONES, environment


def render_dossier(values: Mapping[str, Any], folder: Path = TEMPLATES) -> str:
    """The page. `values`: the manifest of the export, with its instants in local time."""
    return environment((folder,)).get_template("dossier.html.j2").render(values, tones=TONES)
