"""Ids of a rule file by the names that people know them by."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.core.values.message import Message
from tracker.core.values.near import find_near
from tracker.registers.errors import RegisterError, suggest_names
from tracker.rulebook.scalars import is_slug


class NameTable:
    """Names of ids. A name of several is shown for none of them, and is not found."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._ids: dict[str, set[str]] = {}
        self._names: dict[str, list[str]] = {}
        for id, name in pairs:
            self._ids.setdefault(name, set()).add(id)
            self._names.setdefault(id, []).append(name)

    def show(self, id: str) -> str:
        """The first name that is the id's alone, else the id."""
        return next((name for name in self._names.get(id, ()) if self._ids[name] == {id}), id)

    def find(self, text: str, what: Message) -> str:
        """The id of that name. A text that can be an id stands for itself: whether there is one, the loader says.

        Raises RegisterError. `what`: what it is the name of.
        """
        ids = self._ids.get(text, set())
        if len(ids) == 1:
            return next(iter(ids))
        if ids:
            names = ", ".join(sorted(ids))
            raise RegisterError("{name!r} is the name of several: write one of {names}", name=text, names=names)
        if is_slug(text):
            return text
        known = self._ids if find_near(text, self._ids) else map(self.show, self._names)
        raise RegisterError("no {what} {name!r}: {hint}", what=what, name=text, hint=suggest_names(text, known))
