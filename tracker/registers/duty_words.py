"""The cells of a sheet of duties: who owes it, by when, where, and what it must hold, in words, and read back.

What the words cannot say is the rule itself, as YAML on one line; so is any rule that would be read back otherwise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracker.core.values.message import Message
from tracker.registers.errors import RegisterError
from tracker.registers.limit_words import read_limit, write_limit
from tracker.registers.names import NameTable
from tracker.registers.sheet_records import split_names
from tracker.rulebook.document import Document
from tracker.rulebook.yaml_edit import write_flow
from tracker.rulebook.yaml_files import parse

_ADVISORY = "（鼓励）"
_KINDS: Mapping[str, str] = {"任一": "kinds", "每条": "each"}
_CHANNELS: Mapping[str, str] = {"（均须）": "all_of", "（任一）": "any_of"}
_ASSUMED = "（参照时限）"
_MORE = "（另有规定）"

Reader = Callable[[str], Any]


class Words:
    """Writes and reads the cells of a pack. `year`: that of days without one."""

    def __init__(
        self,
        departments: NameTable,
        channels: NameTable,
        columns: NameTable,
        events: NameTable,
        readings: Mapping[str, Any],
        year: int | None,
    ) -> None:
        self._departments, self._channels, self._columns, self._events = departments, channels, columns, events
        self._readings = readings
        self._year = year
        self._codecs: Mapping[str, tuple[Callable[[Any], str | None], Reader]] = {
            "departments": (self._write_departments, self._read_departments),
            "deadline": (self._write_limits, self._read_limits),
            "channels": (self._write_channels, self._read_channels),
            "column": (self._write_columns, self._read_columns),
            "page": (self._columns.show, self._read_columns),
            "record": (self._events.show, lambda text: self._events.find(text, Message("event"))),
            "contents": (_write_contents, _read_contents),
        }

    def write(self, column: str, value: Any) -> str:
        """The text of a cell; "" where there is no value."""
        if value is None:
            return ""
        write, read = self._codecs[column]
        text = write(value)
        try:
            if text is not None and _plain(read(text)) == _plain(value):
                return text
        except RegisterError:
            pass
        return write_flow(value)

    def read(self, column: str, text: str, before: Any) -> Any:
        """The value of a cell; what was in it before stays as the file writes it. Raises RegisterError."""
        value = _read_yaml(text) if text.startswith(("{", "[")) else self._codecs[column][1](text)
        return _keep_forms(value, before)

    def explain(self, deadline: Any) -> str:
        """What a limit comes to that names a reading, in words; "" where it names none."""
        limits = deadline if isinstance(deadline, list) else [deadline]
        texts = [text for limit in limits for text in self._explained(limit)]
        names_reading = any(isinstance(one, str) or "use" in one for one in limits if one)
        return "；\n".join(texts) if names_reading else ""

    def _explained(self, limit: Any) -> list[str]:
        use = {} if isinstance(limit, str) else limit
        reading = self._readings.get(limit if isinstance(limit, str) else limit.get("use", ""))
        if reading is None:
            return [_say_limit(use, self._events)] if use and "use" not in use else []
        own = reading["deadline"] if isinstance(reading["deadline"], list) else [reading["deadline"]]
        more = {key: value for key, value in use.items() if key != "use"}
        assumed = {"assumed": reading.get("assumed", "false")}
        return [_say_limit({**assumed, **one, **(more if "within" in one else {})}, self._events) for one in own]

    def _write_departments(self, value: Any) -> str | None:
        if not isinstance(value, dict):
            return _join(value, self._departments)
        if set(value) == {"jointly"}:
            return f"共同：{_join(value['jointly'], self._departments)}"
        return f"牵头：{self._departments.show(value['lead'])}；配合：{_join(value['with'], self._departments)}"

    def _read_departments(self, text: str) -> Any:
        if lead := re.fullmatch(r"牵头[：:](.+?)[；;]\s*配合[：:](.+)", text):
            with_ = self._find_all(lead[2], self._departments, Message("department"))
            return {"lead": self._find_all(lead[1], self._departments, Message("department"))[0], "with": _alone(with_)}
        if joint := re.fullmatch(r"共同[：:](.+)", text):
            return {"jointly": self._find_all(joint[1], self._departments, Message("department"))}
        found = self._find_all(text, self._departments, Message("department"))
        return found[0] if found in (["all"], ["concerned"]) else found

    @staticmethod
    def _find_all(text: str, names: NameTable, what: Message) -> list[str]:
        return [names.find(name, what) for name in _some(split_names(text), text)]

    def _write_limits(self, value: Any) -> str | None:
        limits = [write_limit(limit, self._events) for limit in (value if isinstance(value, list) else [value])]
        return None if any(left for _, left in limits) else "；\n".join(text for text, _ in limits)

    def _read_limits(self, text: str) -> Any:
        return _alone([read_limit(one, self._events, self._year) for one in _split(text)])

    def _write_channels(self, value: Any) -> str | None:
        if isinstance(value, str):
            return self._channels.show(value)
        return next(_join(value[key], self._channels) + mark for mark, key in _CHANNELS.items() if key in value)

    def _read_channels(self, text: str) -> Any:
        text = text.replace("(", "（").replace(")", "）")
        mark = next((mark for mark in _CHANNELS if text.endswith(mark)), "")
        found = self._find_all(text.removesuffix(mark), self._channels, Message("channel"))
        if mark:
            return {_CHANNELS[mark]: found}
        if len(found) > 1:
            raise RegisterError(
                Message("several channels: write behind them （均须） if it must be in all, （任一） if in any")
            )
        return found[0]

    def _write_columns(self, value: Any) -> str:
        return _join(value, self._columns)

    def _read_columns(self, text: str) -> Any:
        return _alone(self._find_all(text, self._columns, Message("column")))


def _say_limit(limit: Mapping[str, Any], events: NameTable) -> str:
    """The words for a limit that is only explained: it may have keys that they do not say."""
    text, left = write_limit({key: value for key, value in limit.items() if key != "law"}, events)
    return (
        text
        + (_ASSUMED if limit.get("assumed") == "true" else "")
        + (_MORE if left - {"basis", "assumed", "slack", "shared"} else "")
    )


def _write_contents(value: Any) -> str | None:
    kind, items = next(((f"{word}：", value[key]) for word, key in _KINDS.items() if key in value), ("", value))
    if isinstance(value, dict) and len(value) > 1:
        return None
    texts = [_write_item(item) for item in items] if isinstance(items, list) else [None]
    return None if None in texts else kind + "；".join(filter(None, texts))


def _write_item(item: Any) -> str | None:
    if isinstance(item, str):
        return item
    if not {"any"} <= set(item) <= {"any", "advisory"}:
        return None
    return "/".join(item["any"]) + (_ADVISORY if item.get("advisory") == "true" else "")


def _read_contents(text: str) -> Any:
    kind = re.match(rf"({'|'.join(_KINDS)})[：:]", text)
    items = [_read_item(one) for one in _split(text[kind.end() :] if kind else text)]
    return {_KINDS[kind[1]]: items} if kind else items


def _read_item(text: str) -> Any:
    bare = re.sub(r"[（(]鼓励[）)]$", "", text)
    words = [word.strip() for word in re.split("[/／]", bare)]
    if any(not word or re.search(r"[、，,：:\s]", word) for word in words):
        raise RegisterError(
            "{text!r}: write ； between the things it must hold and / between words for the same one; no blanks, no 、",
            text=text,
        )
    if bare == text and len(words) == 1:
        return text
    return {"any": words} | ({"advisory": "true"} if bare != text else {})


def _split(text: str) -> list[str]:
    return _some([one for part in re.split("[；;]", text) if (one := part.strip())], text)


def _some(items: list[str], text: str) -> list[str]:
    if not items:
        raise RegisterError("{text!r} says nothing", text=text)
    return items


def _join(value: Any, names: NameTable) -> str:
    return "、".join(names.show(id) for id in ([value] if isinstance(value, str) else value))


def _alone(items: Sequence[Any]) -> Any:
    return items[0] if len(items) == 1 else items


def _read_yaml(text: str) -> Any:
    document = parse(text, Document("", []))
    if document.errors or not document.data:
        message = document.errors[0].message if document.errors else Message("{text!r} says nothing", text=text)
        raise RegisterError(
            "what begins with a brace or bracket is a rule as the file writes it: {message}", message=message
        )
    return document.data


def _plain(value: Any) -> Any:
    """The value in the form in which words are read: a list of one is its item, words of one are a text."""
    if isinstance(value, dict):
        return _plain(value["any"]) if set(value) == {"any"} else {key: _plain(each) for key, each in value.items()}
    return _alone([_plain(each) for each in value]) if isinstance(value, list) else value


def _keep_forms(value: Any, before: Any) -> Any:
    """The value with every item that was there before in the form in which it was."""
    if isinstance(value, list) and isinstance(before, list):
        forms = {json.dumps(_plain(each), sort_keys=True): each for each in before}
        return [forms.get(json.dumps(_plain(each), sort_keys=True), each) for each in value]
    if isinstance(value, dict) and isinstance(before, dict):
        return {key: _keep_forms(each, before.get(key)) for key, each in value.items()}
    return before if _plain(value) == _plain(before) else value
