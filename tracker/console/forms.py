"""Reads the fields of a posted form, within limits and without control characters."""

from __future__ import annotations

import asyncio
import unicodedata
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

#: Bytes of one form, and seconds within which it must arrive: a little less than its connection lasts.
MAX_BODY, PATIENCE = 64_000, 9.0
_MAX_FIELDS = 600
MAX_NAME, MAX_TEXT, MAX_URL = 40, 2_000, 1_000


class FormError(Exception):
    """A form is not accepted. `status`: the HTTP status; the text (Chinese) says what would be right."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


async def read_form(request: Request) -> dict[str, list[str]]:
    """The fields of a posted form. Raises FormError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise FormError(415, "请通过网页上的按钮提交。")
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY:
                    raise FormError(413, "提交的内容过长，请精简后重新提交。")
        return parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except TimeoutError:
        raise FormError(408, "提交超时，请重新提交。") from None
    except ValueError:  # not ASCII, not UTF-8 once percent-decoded, or too many fields
        raise FormError(400, "提交的内容无法识别，请重新打开邮件中的链接后再试。") from None


def line(text: str, most: int) -> str:
    """The text as one line: without control characters, several blanks joined to one."""
    return " ".join(_without_control(text).split())[:most]


def prose(text: str) -> str:
    """The text as lines, without control characters. Raises FormError if it is too long."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    plain = "\n".join(_without_control(line).rstrip() for line in lines).strip()
    if len(plain) > MAX_TEXT:
        raise FormError(413, f"说明请控制在{MAX_TEXT}字以内，现为{len(plain)}字。")
    return plain


def web_address(text: str) -> str:
    """The address of a page, with its scheme. Raises FormError if the text is no address."""
    given = text.strip()
    if given and "://" not in given:
        given = f"http://{given}"
    try:
        parts = urlsplit(given)
        is_address = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and parts.username is None
        is_address = is_address and (parts.port is None or parts.port > 0)
    except ValueError:
        is_address = False
    if not is_address or any(character.isspace() or _is_control(character) for character in given):
        raise FormError(422, "请填写文章的完整网址，以http://或https://开头，一次填写一个。")
    if len(given) > MAX_URL:
        raise FormError(422, f"网址过长（超过{MAX_URL}个字符），请在浏览器中打开文章后复制地址栏中的网址。")
    return given


def _without_control(text: str) -> str:
    return "".join(" " if _is_control(character) else character for character in text)


def _is_control(character: str) -> bool:
    """Whether it is a control character, a line separator, or a mark that turns the direction of text."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
