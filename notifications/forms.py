"""Makes the bytes of a message in the form of its channel: a mail, a chat text, a short message, or JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from notifications.channels.base import MessageForm
from notifications.compose import Enclosure, Envelope, compose, fill_in_mail
from notifications.ledger import file_name, ledger
from notifications.lines import NoticeFields
from notifications.render import Addressee, RenderedMail

#: Characters that could be markup or a mention in a group's chat, and their full-width forms.
_HARMLESS = str.maketrans({"<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "｀", "@": "＠", "#": "＃"})
_MAX_SMS = 200
_REST = "……其余内容见邮件。"


def encode_message(
    form: MessageForm,
    message: str,
    envelope: Envelope,
    rendered: RenderedMail,
    reader: Addressee,
    shown: Sequence[NoticeFields],
    now: datetime,
    max_bytes: int = 20_000,
    files: Sequence[Enclosure] = (),
) -> bytes:
    """The bytes that every attempt sends. `max_bytes`: of a chat's message; `files`: enclosed in a mail."""
    match form:
        case "mail":
            return compose(message, envelope, rendered, now, [*_enclosures(reader, shown, now), *files])
        case "chat":
            return chat_text(rendered, max_bytes, reader.answer)
        case "sms":
            return sms_text(rendered)
        case "json":
            from notifications.call import json_body  # pydantic takes a tenth of a daemon's memory

            return json_body(message, rendered, reader, shown, now)


def fill_in(form: MessageForm, body: bytes, placeholder: str, text: str) -> bytes:
    """The message with an ASCII text of the same length in place of a placeholder, wherever that stands in it."""
    if form == "mail":
        return fill_in_mail(body, placeholder.encode(), text.encode())
    return body.replace(placeholder.encode(), text.encode())


def _enclosures(reader: Addressee, shown: Sequence[NoticeFields], now: datetime) -> list[Enclosure]:
    """The ledger of each report."""
    kind = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    reports = [fields for fields in shown if fields["kind"] == "report"]
    return [Enclosure(file_name(report), kind, ledger(reader.county, report, now)) for report in reports]


def chat_text(rendered: RenderedMail, max_bytes: int, link: str = "") -> bytes:
    """Subject and text, cut at a line's end where they are longer than `max_bytes`.

    `link`: whoever has this address can answer for the reader, so that its line is left out in a group.
    """
    shared = (line for line in rendered.text.splitlines() if not link or link not in line)
    lines = [_one_line(line).translate(_HARMLESS) for line in (rendered.subject, *shared)]
    text = "\n".join(lines).strip().encode()
    if len(text) <= max_bytes:
        return text
    room, kept = max_bytes - len(_REST.encode()) - 1, []
    for line in lines:
        room -= len(line.encode()) + 1
        if room < 0:
            break
        kept.append(line)
    if not kept:
        kept = [lines[0].encode()[: max(max_bytes - len(_REST.encode()) - 1, 0)].decode("utf-8", "ignore")]
    return "\n".join([*kept, _REST]).encode()


def sms_text(rendered: RenderedMail) -> bytes:
    """The subject in one line, with a pointer to the mail."""
    pointer = "。详见邮件。"
    return (_one_line(rendered.subject)[: _MAX_SMS - len(pointer)].rstrip("。") + pointer).encode()


def _one_line(text: str) -> str:
    return "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in text).rstrip()
