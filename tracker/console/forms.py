"""Reads the fields of a posted form, within limits and without control characters."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

from tracker.console.connections import EXTEND

#: Bytes of one form, and seconds within which it must arrive: a little less than its connection lasts.
MAX_BODY, PATIENCE = 64_000, 9.0
#: Seconds within which a form with a file must arrive.
UPLOAD_PATIENCE = 175.0
#: Forms with a file that are received at the same time; further ones wait, unread.
_UPLOADS = 4
#: Seconds for which a connection stays open after an upload that took too long, so that the answer arrives.
_ANSWER_SECONDS = 5.0
_MAX_FIELDS = 600
#: So many times what is allowed is received before the connection is given up.
_TAKEN_IN = 4
#: A boundary as RFC 2046, 5.1.1 allows it.
_BOUNDARY = re.compile(r"""boundary=(?:"([^"]{1,70})"|([0-9A-Za-z'()+_,./:=?-]{1,70}))""", re.IGNORECASE)
_NAME = re.compile(r"""(?:^|;)\s*name="([^"]*)\"""", re.IGNORECASE)
_FILE_NAME = re.compile(r"""(?:^|;)\s*filename="([^"]*)\"""", re.IGNORECASE)
MAX_NAME, MAX_TEXT, MAX_URL = 40, 2_000, 1_000


class FormError(Exception):
    """A form is not accepted. `status`: the HTTP status; the text (Chinese) says what would be right."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Typed(dict[str, str]):
    """What was typed into the fields of a form, to be shown again; "" for every other field."""

    def __missing__(self, _name: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file of a form: its name without any folder, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PostedForm:
    """The fields of a posted form, and its file if one was chosen."""

    fields: Mapping[str, list[str]]
    file: UploadedFile | None = None

    def first(self, name: str) -> str:
        """The first value of the field; "" where there is none."""
        return next(iter(self.fields.get(name, ())), "")


class StaleFormError(FormError):
    """A form comes from a page that was opened too long ago, or from none. `form`: what it says."""

    def __init__(self, form: PostedForm) -> None:
        super().__init__(403, "页面打开已久或者提交的内容不完整，本次未登记。请核对下面所填内容后重新提交。")
        self.form = form


async def read_form(request: Request, max_file: int = 0) -> PostedForm:
    """A posted form. `max_file`: bytes of a file; 0: it takes none. Raises FormError."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    boundary = _BOUNDARY.search(parameters)
    try:
        if max_file and boundary and kind.strip().lower() == "multipart/form-data":
            too_long = f"文件过大，请控制在{max_file // 1_000_000}MB以内，压缩图片或者降低扫描精度后重新报送。"
            body = await read_body(request, max_file + MAX_BODY, UPLOAD_PATIENCE, too_long)
            form = _read_parts(body, (boundary[1] or boundary[2]).encode("ascii"))
            if form.file is not None and len(form.file.content) > max_file:
                raise FormError(413, too_long)
            return form
        if kind.strip().lower() != "application/x-www-form-urlencoded":
            raise FormError(415, "请通过网页上的按钮提交。")
        body = await read_body(request, MAX_BODY, PATIENCE, "提交的内容过长，请精简后重新提交。")
        text = body.decode("ascii")
        return PostedForm(parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS))
    except TimeoutError:
        raise FormError(408, "提交超时，请重新提交。") from None
    except ValueError:  # not ASCII, not UTF-8 once percent-decoded, too many fields, or not in parts
        raise FormError(400, "提交的内容无法识别，请重新打开邮件中的链接后再试。") from None


class FileForms:
    """Receives forms that may hold a file: a few at the same time, each for longer than a form without one."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_UPLOADS)

    async def read(self, request: Request, max_file: int) -> PostedForm:
        """The posted form. Raises FormError."""
        if not request.headers.get("content-type", "").startswith("multipart/"):
            return await read_form(request)
        extend = request.scope.get(EXTEND, lambda _seconds: None)
        extend(UPLOAD_PATIENCE)  # to come to its turn
        async with self._turns:
            extend(UPLOAD_PATIENCE + _ANSWER_SECONDS)
            return await read_form(request, max_file)


async def read_body(request: Request, most: int, seconds: float, too_long: str) -> bytes:
    """The body. One that is too long is still taken in for a while: browsers show no answer before they sent all."""
    body, received = bytearray(), 0
    async with asyncio.timeout(seconds):
        async for chunk in request.stream():
            received += len(chunk)
            if received <= most:
                body += chunk
            elif received > _TAKEN_IN * most:
                break
            else:
                body.clear()
    if received > most:
        raise FormError(413, too_long)
    return bytes(body)


def _read_parts(body: bytes, boundary: bytes) -> PostedForm:
    """A form in parts, as browsers write it (RFC 7578). Raises ValueError for anything else."""
    fields: dict[str, list[str]] = {}
    file = None
    for count, (head, begin, end) in enumerate(_find_parts(body, boundary), 1):
        if count > _MAX_FIELDS - 2:
            raise ValueError("too many parts")
        heads = (line for line in head.decode().splitlines() if line.lower().startswith("content-disposition:"))
        about = next(heads, "")
        name, file_name = _NAME.search(about), _FILE_NAME.search(about)
        if name is None:
            raise ValueError("a part without a name")
        if file_name is None:
            fields.setdefault(name[1], []).append(body[begin:end].decode())
        elif file_name[1]:  # empty where nothing was chosen; old browsers name folders too
            file = UploadedFile(re.split(r"[/\\]", file_name[1].replace("%22", "＂"))[-1], body[begin:end])
    return PostedForm(fields, file)


def _find_parts(body: bytes, boundary: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The head of each part, and where its content begins and ends: a file of 20 MB is copied once, as what it holds.

    Raises ValueError where the form is not whole.
    """
    mark = b"--" + boundary
    at = 0 if body.startswith(mark) else body.find(b"\r\n" + mark) + 2
    if not body.startswith(mark, at):
        raise ValueError("not a form in parts")
    at, found = at + len(mark), False
    while not body.startswith(b"--", at):
        found, end = True, body.find(b"\r\n" + mark, at)
        begin = body.find(b"\r\n\r\n", at, end)
        if end < 0 or begin < 0:
            raise ValueError("a part that is not whole")
        yield body[at:begin], begin + 4, end
        at = end + 2 + len(mark)
    if not found:
        raise ValueError("no part")


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
