"""Keeps the rules of many counties small: their duties are packed, and opened while somebody works with them.

The open duties of a county take 600 kilobytes, packed ones 25; opening them takes ten milliseconds. What a pass asks of
a county in which nothing is to be done (its columns, contacts, hash) stays open. What is packed here stays in this
process or comes from its own child through a pipe: a pickle in a file could be anybody's, and a pickle is a program.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, overload

from tracker.core.law.duties import Duty

#: The duties of so many counties are open at a time; an installation of no more counties packs none.
KEPT = 16


def pack(value: object) -> bytes:
    """The value as few bytes."""
    return zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), 6)


def unpack(packed: bytes) -> Any:
    """What was packed in this process or its own child."""
    return pickle.loads(zlib.decompress(packed))  # noqa: S301  (packed above)


@lru_cache(maxsize=KEPT)
def _open(packed: bytes) -> tuple[Duty, ...]:
    return tuple(unpack(packed))


class PackedDuties(Sequence[Duty]):
    """The duties of a county; whoever asks for one opens them, and those that were used last stay open."""

    __slots__ = ("_count", "_packed")

    def __init__(self, duties: Sequence[Duty]) -> None:
        self._count, self._packed = len(duties), pack(tuple(duties))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Duty: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Duty, ...]: ...
    def __getitem__(self, index: int | slice) -> Duty | tuple[Duty, ...]:
        return _open(self._packed)[index]

    def __iter__(self) -> Iterator[Duty]:
        return iter(_open(self._packed))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return tuple(self) == tuple(other) if isinstance(other, tuple | PackedDuties) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # rules are not hashed: they have a digest


@dataclass(frozen=True, slots=True)
class Papers:
    """What is seldom asked for of a county: the canonical body of its rules, and where its file says what.

    `overrides`: the places of what it changes, by the duty's ID; `contacts`: by `departments` or `roles`, and the name.
    """

    body: str
    overrides: Mapping[str, str]
    contacts: Mapping[tuple[str, str], str]
