"""Changes single values in the text of a rule file; every other byte stays: comments, order, quotation marks.

A library that loads and dumps a file writes all of it anew. Here a change is an insertion or a replacement at the place
that the parser names for the value.
"""

from __future__ import annotations

import copy
import difflib
import json
import re
from typing import Any

import yaml

from tracker.rulebook.document import Document, Loc
from tracker.rulebook.yaml_files import LOADER, parse

#: A text that is a plain value in a list or mapping on one line, and nothing else.
_PLAIN = re.compile(r"[\w/（《“](?:[\w./+（）《》“”、，。；：·|%~@-]| (?=[\w（《]))*")
_COMMENT = re.compile(r"(?m)(^|\s)#")


class CannotEditError(Exception):
    """The file writes this value in a way that cannot be changed from outside: an alias, a comment in a list."""


class YamlText:
    """The text of a file and its data; `set` and `remove` change both alike."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = _read(text)
        self._composed: tuple[str, Any] = "", None

    def set(self, loc: Loc, value: Any) -> None:
        """Put a value (text, list, mapping) at the place; mappings that are missing on the way are made.

        Of a list or mapping that is there, only what differs is written. In a list, the index behind the last item adds
        one. Raises CannotEditError, and changes nothing.
        """
        before = self.text, self.data
        try:
            if self._set_inside(loc, value):
                return
        except CannotEditError:
            self.text, self.data = before
        self._set_whole(loc, value)

    def _set_inside(self, loc: Loc, value: Any) -> bool:
        """Write what differs between the list or mapping at the place and the value; False where it is another kind."""
        there = value_at(self.data, loc)
        if not (there and value and type(there) is type(value) and isinstance(value, dict | list)):
            return False
        if isinstance(value, dict):
            if there.keys().isdisjoint(value):
                return False
            for key in [key for key in there if key not in value]:
                self.remove((*loc, key))
            for key, each in value.items():
                if key not in there or there[key] != each:
                    self.set((*loc, key), each)
            return True
        if self._node(loc).flow_style and all(isinstance(each, str) for each in (*there, *value)):
            return False  # words on a line
        texts = [[json.dumps(each, sort_keys=True) for each in items] for items in (there, value)]
        for _, first, last, start, end in reversed(
            difflib.SequenceMatcher(None, texts[0], texts[1], False).get_opcodes()
        ):
            if texts[0][first:last] != texts[1][start:end]:
                self._set_items(loc, first, last, value[start:end])
        return True

    def _set_items(self, loc: Loc, first: int, last: int, items: list[Any]) -> None:
        """Put the items in the place of those from `first` up to `last` of the list."""
        for index in range(last - 1, first + len(items) - 1, -1):
            self.remove((*loc, index))
        for index, each in enumerate(items, first):
            if index < last:
                self.set((*loc, index), each)
            elif index == len(value_at(self.data, loc)):
                self._set_whole((*loc, index), each)
            else:
                self._insert((*loc, index), each)

    def _insert(self, loc: Loc, value: Any) -> None:
        """Put an item before the one at the place."""
        data = copy.deepcopy(self.data)
        value_at(data, loc[:-1]).insert(loc[-1], value)
        start, written = self._node(loc).start_mark.index, f"{write_flow(value)}, "
        if not self._node(loc[:-1]).flow_style:
            start = self.text.rfind("\n", 0, start) + 1
            newline = "\r\n" if "\r\n" in self.text else "\n"
            written = f"{' ' * self._node(loc[:-1]).start_mark.column}- {write_flow(value)}{newline}"
        self._take(self.text[:start] + written + self.text[start:], data, loc)

    def _set_whole(self, loc: Loc, value: Any) -> None:
        data = copy.deepcopy(self.data)
        there = data
        for depth, step in enumerate(loc[:-1], 1):
            if isinstance(there, dict) and not isinstance(there.get(step), dict | list):
                self._set_whole(loc[:depth], _nested(loc[depth:], value))
                return
            there = there[step]
        is_new = loc[-1] not in there if isinstance(there, dict) else loc[-1] == len(there)
        if is_new and isinstance(there, list):
            there.append(value)
        else:
            there[loc[-1]] = value
        if not there or (is_new and len(there) == 1):
            text = self._replaced(loc[:-1], there)
        else:
            text = self._added(loc, value) if is_new else self._replaced(loc, value)
        self._take(text, data, loc)

    def remove(self, loc: Loc) -> None:
        """Take an entry of a mapping or an item of a list out, with the comments inside it. Raises CannotEditError."""
        data = copy.deepcopy(self.data)
        there = data
        for step in loc[:-1]:
            there = there[step]
        del there[loc[-1]]
        self._take(self._replaced(loc[:-1], there) if not there else self._without(loc), data, loc)

    def _take(self, text: str, data: Any, loc: Loc) -> None:
        """Accept a new text if it says what it should."""
        try:
            read = _read(text)
        except yaml.YAMLError:
            read = None
        if read != data:
            raise CannotEditError(".".join(map(str, loc)))
        self.text, self.data = text, data

    def _node(self, loc: Loc) -> Any:
        if self._composed[0] != self.text:
            self._composed = self.text, yaml.compose(self.text, LOADER)
        node = self._composed[1]
        for step in loc:
            node = _child(node, step)[1]
        return node

    def _replaced(self, loc: Loc, value: Any) -> str:
        node = self._node(loc)
        start, end = node.start_mark.index, _end_of(node, self.text)
        written = write_flow(value, quoted=getattr(node, "style", None) == '"')
        if isinstance(node, yaml.CollectionNode):
            if _COMMENT.search(self.text[start:end]):
                raise CannotEditError(".".join(map(str, loc)))
            if isinstance(value, list) and value and not node.flow_style:
                written = f"\n{' ' * node.start_mark.column}".join(f"- {write_flow(item)}" for item in value)
            elif not node.flow_style:
                start = len(self.text[:start].rstrip())  # from the next line behind the key
                written = f" {written}"
        return self.text[:start] + written + self.text[end:]

    def _added(self, loc: Loc, value: Any) -> str:
        """The text with an entry behind the last one of its mapping or list."""
        parent = self._node(loc[:-1])
        pairs = isinstance(parent, yaml.MappingNode)
        last = parent.value[-1][1] if pairs else parent.value[-1]
        end = _end_of(last, self.text)
        key = f"{write_flow(loc[-1])}: " if pairs else ""
        if parent.flow_style:
            return f"{self.text[:end]}, {key}{write_flow(value)}{self.text[end:]}"
        indent = " " * parent.start_mark.column
        values = [each[1] if pairs else each for each in parent.value]
        is_spread = isinstance(value, dict) and all(
            isinstance(each, yaml.MappingNode) and not each.flow_style for each in values
        )
        if is_spread:
            inner = " " * (2 if not pairs else last.start_mark.column - parent.start_mark.column)
            lines = [f"{inner}{name}: {write_flow(each)}" for name, each in value.items()]
            lines = [key.rstrip(), *lines] if pairs else [f"- {lines[0].strip()}", *lines[1:]]
        else:
            lines = [f"{key or '- '}{write_flow(value)}"]
        newline = "\r\n" if "\r\n" in self.text else "\n"
        line_end = self.text.find("\n", end)
        place = len(self.text) if line_end < 0 else line_end - (self.text[line_end - 1] == "\r")
        blank = newline if not pairs and is_spread else ""
        return self.text[:place] + blank + "".join(f"{newline}{indent}{line}" for line in lines) + self.text[place:]

    def _without(self, loc: Loc) -> str:
        parent = self._node(loc[:-1])
        key, node = _child(parent, loc[-1])
        start, end = key.start_mark.index, _end_of(node, self.text)
        if not parent.flow_style:
            start = self.text.rfind("\n", 0, start) + 1
            line_end = self.text.find("\n", end)
            return self.text[:start] + ("" if line_end < 0 else self.text[line_end + 1 :])
        entries = [pair[0] if isinstance(pair, tuple) else pair for pair in parent.value]
        place = next(index for index, entry in enumerate(entries) if entry is key)
        if place + 1 < len(entries):
            return self.text[:start] + self.text[entries[place + 1].start_mark.index :]
        before = parent.value[place - 1]
        start = _end_of(before[1] if isinstance(before, tuple) else before, self.text)
        return self.text[:start] + self.text[end:]


def _read(text: str) -> Any:
    """The data of a text; None where it is no rule file."""
    document = parse(text, Document("", []))
    return document.data if document.is_read else None


def value_at(data: Any, loc: Loc) -> Any:
    """The value at a place, None where there is none."""
    for step in loc:
        if isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        elif isinstance(data, dict):
            data = data.get(step)
        else:
            return None
    return data


def _nested(steps: Loc, value: Any) -> Any:
    for step in reversed(steps):
        value = {step: value}
    return value


def _child(node: Any, step: str | int) -> tuple[Any, Any]:
    """The node of the key, or the item itself, and the node of the value."""
    if isinstance(step, int):
        return node.value[step], node.value[step]
    pair: tuple[Any, Any] = next((key, value) for key, value in node.value if key.value == step)
    return pair


def _end_of(node: Any, text: str) -> int:
    """Behind the last letter of a value: a block ends with its last value, not where the next key begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end_of(last[1] if isinstance(last, tuple) else last, text)
    if getattr(node, "style", None) in ("|", ">"):
        return len(text[: node.end_mark.index].rstrip())
    end: int = node.end_mark.index
    return end


def write_flow(value: Any, *, quoted: bool = False) -> str:
    """The value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{write_flow(key)}: {write_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(write_flow, value))}]"
    if not quoted and _PLAIN.fullmatch(value):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
