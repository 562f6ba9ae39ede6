"""What is made of a tuple is made once, for as long as that very tuple is in use."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

Made = TypeVar("Made")

#: More than a county has sets of columns that are looked at together.
_KEEP = 256


class Once(Generic[Made]):
    """An index costs more to build than a judgement, and the same tuple of facts is judged many times over.

    The tuple is kept with what was made of it, so that its identity cannot be reused.
    """

    def __init__(self, make: Callable[[Any], Made]) -> None:
        self._make = make
        self._kept: OrderedDict[int, tuple[tuple[object, ...], Made]] = OrderedDict()

    def __call__(self, given: tuple[object, ...]) -> Made:
        kept = self._kept.get(id(given))
        if kept is None or kept[0] is not given:
            kept = self._kept[id(given)] = (given, self._make(given))
            while len(self._kept) > _KEEP:
                self._kept.popitem(last=False)
        return kept[1]
