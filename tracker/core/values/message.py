"""A sentence for a person at the terminal that can still be said in another language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self


class Message(str):
    """An English sentence that knows its template and its values; logs, rows and tests take it as the text it is.

    `template` is the msgid in the catalogue of `tracker/locale`, `{name}` stands in it for the value of that name.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Self:
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template, made.values = template, values
        return made

    @classmethod
    def joined(cls, separator: str, messages: Iterable[str]) -> Self:
        """Several messages as one, with the separator between them."""
        values = {f"part{number}": message for number, message in enumerate(messages, 1)}
        return cls(separator.join(f"{{{name}}}" for name in values), **values)

    @classmethod
    def lines(cls, messages: Iterable[str]) -> Self:
        """Several messages as one, a line each."""
        return cls.joined("\n", messages)


class ListedWord(str):
    """A word of a closed list (`waive`, `signed`) by the column of a table in which it would stand."""

    __slots__ = ("column",)
    column: str

    def __new__(cls, column: str, text: str) -> Self:
        made = super().__new__(cls, text)
        made.column = column
        return made


class MessageError(Exception):
    """An error for a person at the terminal, raised with a message or with the template and the values of one."""

    def __init__(self, text: str = "", /, **values: object) -> None:
        super().__init__(Message(text, **values) if values else text)
