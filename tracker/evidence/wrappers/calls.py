"""The page that a pager's script opens: at an address made of a number, or by sending a form of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tracker.evidence.page.parsed import Node, Page, resolve
from tracker.evidence.wrappers.profile import load_profiles
from tracker.evidence.wrappers.values import Ask

#: goPage(2), javascript:__doPostBack('AspNetPager1','2'): a call with nothing but literals.
_CALL = re.compile(
    r"\s*(?:javascript:)?\s*(?:return\s+)?(?:void\s+)?([A-Za-z_$][\w$]*)\s*\(([^()]*)\)\s*;?\s*"
    r"(?:(?:javascript:)?\s*return\s+\w+\s*;?\s*)?"
)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_LITERAL = re.compile(r"""\s*(?:'([^'\\]*)'|"([^"\\]*)"|(\d{1,6}))\s*""")
#: A field of a form, however it is named, that a script gives a value.
_SET = re.compile(
    r"""(?:getElementById\(\s*["']([\w$:.-]+)["']\s*\)|getElementsByName\(\s*["']([\w$:.-]+)["']\s*\)\s*\[0\]"""
    r"""|\[\s*["']([\w$:.-]+)["']\s*\]|\.(\w+))\.value\s*=(?!=)\s*([^;\n}]+)"""
    r"""|\$\(\s*["'](?:input\[name=)?#?([\w$.-]+)\]?["']\s*\)\.val\(([^;\n}]+)\)"""
)
_SUBMIT = re.compile(r"\.submit\s*\(\s*\)")
_ACTION = re.compile(r"\.action\s*=(?!=)|\.attr\s*\(\s*[\"']action")
_OPEN = re.compile(r"\blocation(?:\.href)?\s*=(?!=)\s*([^;\n}]+)")
_TERM = re.compile(
    r"""\s*(?:'([^'\\]*)'|"([^"\\]*)"|(\d{1,9})|([A-Za-z_$][\w$]*)|\(\s*([A-Za-z_$][\w$]*)\s*([+-])\s*(\d)\s*\))\s*"""
)
_LONGEST = 1500
#: Fields that a browser does not send unless they are pressed or ticked.
_UNSENT = frozenset({"submit", "button", "image", "reset", "checkbox", "radio", "file"})


@dataclass(frozen=True, slots=True)
class Opened:
    """What a call opens. `number`: the page number in it, None where none is told; `stays`: the form goes out as it
    came, so the call leads to the page that is shown."""

    ask: Ask
    number: int | None = None
    stays: bool = False


def opened(page: Page, node: Node) -> Opened | None:
    """Return what a link or button opens by its script; None where the page does not tell for certain."""
    for text in (node.attributes.get("onclick"), node.attributes.get("href")):
        call = _CALL.fullmatch(_ESCAPED.sub(_character, text)) if text and len(text) < 600 else None
        if call is None:
            continue
        given = [one for one in call[2].split(",") if one.strip() not in ("", "event", "this")]
        pieces = [_LITERAL.fullmatch(one) for one in given]
        arguments = [next(part for part in one.groups() if part is not None) for one in pieces if one is not None]
        if len(arguments) < len(pieces):
            return None
        if (profile := next((one for one in load_profiles().values() if one.call == call[1]), None)) is not None:
            return _posted_back(page, node, profile.fields, arguments)
        return _by_function(page, call[1], arguments) or _named(page, arguments)
    return None


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def _named(page: Page, arguments: list[str]) -> Opened | None:
    """The page's own address with other fields, given to a script as it is (SharePoint's RefreshPageTo)."""
    url = resolve(page.base, arguments[0]) if len(arguments) == 1 and "?" in arguments[0] else None
    if url is None or url.partition("?")[0] != page.url.partition("?")[0]:
        return None
    return Opened(Ask(url), stays=url == page.url)


def _posted_back(page: Page, node: Node, fields: Sequence[str], arguments: list[str]) -> Opened | None:
    """The form that the link stands in, with the call's arguments in the fields of a profile (ASP.NET)."""
    form = _form_of(page, node)
    if form is None or len(arguments) != len(fields) or not arguments[0]:
        return None
    values = dict(zip(fields, arguments, strict=True))
    ask = _sent(page, form, values)
    number = re.search(r"(\d{1,5})$", arguments[-1])
    return Opened(ask, int(number[1]) if number else None) if ask is not None else None


def _by_function(page: Page, name: str, arguments: list[str]) -> Opened | None:
    found = _function(page.scripts, name)
    if found is None or not arguments or len(found[0]) < len(arguments):
        return None
    known, body = dict(zip(found[0], arguments, strict=False)), found[1]
    number = int(arguments[0]) if arguments[0].isdigit() else None
    if _SUBMIT.search(body):
        return _by_form(page, body, known, number)
    told = [_value(one[1], known) for one in _OPEN.finditer(body) if _uses(one[1], known)]
    if len(told) != 1 or told[0] is None or (number == 1 and "if" in body):
        return None  # the first page may have an address of its own
    url = resolve(page.base, told[0])
    return Opened(Ask(url), number, stays=url == page.url) if url is not None else None


def _by_form(page: Page, body: str, known: Mapping[str, str], number: int | None) -> Opened | None:
    """A script that puts a number into a field and sends its form."""
    values: dict[str, str] = {}
    used: list[str] = []
    form: Node | None = None
    if _ACTION.search(body):
        return None
    for one in _SET.finditer(body):
        name = next(part for part in (one[1], one[2], one[3], one[4], one[6]) if part)
        expression = one[5] or one[7]
        value, field = _value(expression, known), _field(page, name)
        if value is None or field is None:
            return None
        sent = field.attributes.get("name") or ""
        if not sent or values.setdefault(sent, value) != value:
            return None
        if _uses(expression, known):
            used.append(sent)
            form = form or _form_of(page, field)
    if form is None or not used:
        return None
    ask = _sent(page, form, values)
    if ask is None:
        return None
    before = dict(_fields(page, form))
    return Opened(ask, number, stays=all(before.get(name) == values[name] for name in used))


def _function(scripts: str, name: str) -> tuple[list[str], str] | None:
    """Return the parameters and the body of a function; None where there is none, or more than one, or it is long."""
    quoted = re.escape(name)
    heads = list(re.finditer(rf"(?:\bfunction\s+{quoted}|\b{quoted}\s*=\s*function)\s*\(([\w\s,$]*)\)\s*\{{", scripts))
    told = {(one[1], _body(scripts, one.end())) for one in heads}
    if len(told) != 1:
        return None
    parameters, body = told.pop()
    return ([one.strip() for one in parameters.split(",")], body) if body is not None else None


def _body(scripts: str, start: int) -> str | None:
    depth = 1
    for place in range(start, min(len(scripts), start + _LONGEST)):
        depth += {"{": 1, "}": -1}.get(scripts[place], 0)
        if depth == 0:
            return scripts[start : place + 1]
    return None


def _uses(expression: str, known: Mapping[str, str]) -> bool:
    bare = re.sub(r"""'[^']*'|"[^"]*\"""", "", expression)
    return any(re.search(rf"(?<![\w$.]){re.escape(one)}(?![\w$])", bare) for one in known)


def _value(expression: str, known: Mapping[str, str]) -> str | None:
    """Return what literals and arguments joined by + come to; None where anything else is in it."""
    text, place, pieces = expression.strip(), 0, []
    while place < len(text):
        term = _TERM.match(text, place)
        if term is None:
            return None
        single, double, number, name, counted, sign, step = term.groups()
        piece = single if single is not None else double if double is not None else number
        if counted is not None:
            base = known.get(counted, "")
            piece = str(int(base) + (int(step) if sign == "+" else -int(step))) if base.isdigit() else None
        elif name is not None:
            piece = known.get(name)
        if piece is None:
            return None
        pieces.append(piece)
        place = term.end()
        if place < len(text):
            if text[place] != "+" or (number is not None and len(pieces) == 1):
                return None
            place += 1
    literal = "'" in text or '"' in text
    return "".join(pieces) if len(pieces) == 1 or (pieces and literal) else None


def _field(page: Page, name: str) -> Node | None:
    """Return the field of that name or mark; None where several forms have one."""
    found = [
        node
        for node in page.tree.css("input, select")
        if name in (node.attributes.get("name"), node.attributes.get("id"))
    ]
    forms = {form.mem_id for node in found if (form := _form_of(page, node)) is not None}
    return found[0] if found and len(forms) == 1 else None


def _form_of(page: Page, node: Node) -> Node | None:
    """Return the form that a node stands in, or the only one of the page (a form that a table tore apart)."""
    parent = node.parent
    while parent is not None:
        if parent.tag == "form":
            return parent
        parent = parent.parent
    forms = page.tree.css("form")
    return forms[0] if len(forms) == 1 else None


def _fields(page: Page, form: Node) -> Iterator[tuple[str, str]]:
    """Return what a browser sends of a form as it stands."""
    alone = len(page.tree.css("form")) == 1
    for node in (page.tree if alone else form).css("input, select"):
        known = node.attributes
        name = known.get("name") or ""
        if not name or "disabled" in known or (known.get("type") or "").lower() in _UNSENT:
            continue
        if node.tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            yield name, (chosen.attributes.get("value") or chosen.text()) if chosen is not None else ""
        else:
            yield name, known.get("value") or ""


def _sent(page: Page, form: Node, values: Mapping[str, str]) -> Ask | None:
    action = form.attributes.get("action") or ""
    url = resolve(page.base, action) if action else page.url
    if url is None or urlsplit(url).netloc != urlsplit(page.url).netloc:
        return None
    ask = Ask(url.partition("#")[0], tuple({**dict(_fields(page, form)), **values}.items()))
    if (form.attributes.get("method") or "get").lower() == "post":
        return ask
    return Ask(ask.url.partition("?")[0], ask.form).as_get
