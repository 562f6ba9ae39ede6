"""The bytes of a message in the form that its channel carries: a mail, a chat text, a short message, JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from notifications.channels.base import MessageForm
from notifications.compose import Enclosure, Envelope, compose
from notifications.ledger import file_name, ledger
from notifications.lines import NoticeFields
from notifications.render import MailReader, RenderedMail

#: What could be markup or a mention in a group's chat; a title from a web site is neither.
_HARMLESS = str.maketrans({"<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "｀", "@": "＠", "#": "＃"})
_SMS = 200
_REST = "……其余内容见邮件。"


def freeze(
    form: MessageForm,
    message: str,
    envelope: Envelope,
    rendered: RenderedMail,
    reader: MailReader,
    shown: Sequence[NoticeFields],
    now: datetime,
    max_bytes: int = 20_000,
    files: Sequence[Enclosure] = (),
) -> bytes:
    """The message as every attempt will send it. `max_bytes`: of a chat's message; `files`: go with a mail."""
    match form:
        case "mail":
            return compose(message, envelope, rendered, now, [*_enclosures(reader, shown, now), *files])
        case "chat":
            return chat_text(rendered, max_bytes, reader.answer)
        case "sms":
            return sms_text(rendered)
        case "json":
            from notifications.call import json_body  # pydantic: a tenth of a daemon's memory, for those with a webhook

            return json_body(message, rendered, reader, shown, now)


def _enclosures(reader: MailReader, shown: Sequence[NoticeFields], now: datetime) -> list[Enclosure]:
    """The table that goes with a report."""
    kind = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return [
        Enclosure(file_name(one), kind, ledger(reader.county, one, now)) for one in shown if one["kind"] == "report"
    ]


def chat_text(rendered: RenderedMail, max_bytes: int, link: str = "") -> bytes:
    """Subject and text, cut at a line's end where the platform takes no more.

    `link`: what lets its holder answer for the reader; in a group everybody would hold it, so its line is left out.
    """
    said = (line for line in rendered.text.splitlines() if not link or link not in line)
    lines = [_tame(line) for line in (rendered.subject, *said)]
    whole = "\n".join(lines).strip().encode()
    if len(whole) <= max_bytes:
        return whole
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
    """The subject in one line; what it is about stands in the mail."""
    line = _one_line(rendered.subject)
    more = "。详见邮件。"
    return (line[: _SMS - len(more)].rstrip("。") + more).encode()


def _tame(line: str) -> str:
    return _one_line(line).translate(_HARMLESS)


def _one_line(text: str) -> str:
    return "".join(" " if unicodedata.category(one)[0] == "C" else one for one in text).rstrip()
