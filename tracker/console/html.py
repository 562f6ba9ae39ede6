"""Makes pages from templates: nothing of them is loaded from elsewhere, and no script is needed."""

from __future__ import annotations

import base64
import gettext
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from notifications.render import upright
from tracker.catalogue import PoCatalogue

#: A command in brackets, as a text names it for who is at a terminal.
_COMMAND = re.compile(r"\s?[(（](?:duban|--)[^()（）]*[)）]")
_TEMPLATES = Path(__file__).parent / "templates"


class CommandsLeftOut(gettext.NullTranslations):
    """A catalogue whose texts name no command: on a page there is a button or a link for what one would do."""

    def __init__(self, spoken: gettext.NullTranslations) -> None:
        super().__init__()
        self.add_fallback(spoken)

    def gettext(self, message: str) -> str:
        return _COMMAND.sub("", super().gettext(message))


@cache
def environment(spoken: gettext.NullTranslations | None = None) -> Environment:
    """Escapes all values and drops characters that turn the direction of text; a missing value is an error.

    `spoken`: the catalogue in which `{{ _("…") }}` is looked up.
    """
    made = Environment(
        finalize=upright,
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    if spoken is not None:
        made.install_gettext_translations(spoken, newstyle=True)  # type: ignore[attr-defined]
    return made


@cache
def _style(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


@cache
def headers(style: str = "style.css") -> dict[str, str]:
    """The headers of every page: nothing is loaded from elsewhere, framed, cached or sent to another site."""
    digest = base64.b64encode(hashlib.sha256(_style(style).encode()).digest()).decode()
    return {
        "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",  # without any, browsers name no origin of a post either
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
    }


def render_page(
    name: str,
    values: Mapping[str, object],
    *,
    status: int = 200,
    style: str = "style.css",
    spoken: gettext.NullTranslations | None = None,
) -> Response:
    """The page that a template makes of the values, with the headers of every page."""
    template = environment(spoken).get_template(f"{name}.html.j2")
    language = "zh-CN" if spoken is None or isinstance(spoken, PoCatalogue) else "en"
    text = template.render(style=_style(style), language=language, **values)
    return HTMLResponse(text, status, headers(style))


_OFFICE_FILE = "application/vnd.openxmlformats-officedocument"
_KINDS = {
    "docx": f"{_OFFICE_FILE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE_FILE}.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
}


def attach_file(content: bytes, name: str, *, style: str = "style.css") -> Response:
    """A document of ours to be kept, never to be shown in place. `name`: ASCII."""
    kind = _KINDS[name.rpartition(".")[2]]
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers={**headers(style), **attached})
