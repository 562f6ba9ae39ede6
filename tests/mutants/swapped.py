"""Changes functions in a process that has loaded them: their code is exchanged, nothing is loaded anew."""

from __future__ import annotations

import functools
import gc
import inspect
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType

#: A function and the code that it gets.
Swap = tuple[FunctionType, CodeType]
#: A function's code before a change and after it.
Swapped = tuple[CodeType, CodeType]


class CannotSwapError(Exception):
    """What changes is run when the module is loaded: a constant, a class's field, a table."""


def changed_functions(before: CodeType, after: CodeType) -> Iterator[Swapped]:
    """The code of each outermost function that differs, before and after. CannotSwapError where anything else does."""
    inner, changed = _inner(before), _inner(after)
    if len(inner) != len(changed) or _own(before) != _own(after):
        raise CannotSwapError
    for pair in zip(inner, changed, strict=True):
        if not pair[0].co_flags & inspect.CO_OPTIMIZED:
            yield from changed_functions(*pair)
        elif pair[0] != pair[1]:
            yield pair


def within(before: CodeType, after: CodeType) -> Iterator[Swapped]:
    """The functions within one that differ: a decorator may have made them already."""
    for pair in zip(_inner(before), _inner(after), strict=False):
        if pair[0] != pair[1]:
            yield pair
            yield from within(*pair)


def _inner(code: CodeType) -> list[CodeType]:
    return [one for one in code.co_consts if isinstance(one, CodeType)]


def _own(code: CodeType) -> CodeType:
    """It without its functions and its places in the file."""
    own = tuple(one for one in code.co_consts if not isinstance(one, CodeType))
    return code.replace(co_consts=own, co_linetable=b"")


def _name_of(code: CodeType) -> tuple[str, int, bytes]:
    """What tells a function of a file from the others. Code that has run differs from what it was compiled to."""
    return code.co_qualname, code.co_firstlineno, code.co_code


class LiveFunctions:
    """The functions of a checkout that this process holds, and the caches of what they returned."""

    def __init__(self, checkout: Path) -> None:
        self.of_file: dict[str, list[FunctionType]] = defaultdict(list)
        self.caches: list[functools._lru_cache_wrapper[object]] = []
        for one in gc.get_objects():
            if type(one) is FunctionType and one.__code__.co_filename.startswith(f"{checkout}/"):
                self.of_file[one.__code__.co_filename].append(one)
            elif isinstance(one, functools._lru_cache_wrapper):
                self.caches.append(one)

    def swaps(self, path: Path, before: bytes, after: bytes) -> list[Swap]:
        """What `swap` exchanges for this change of a file. CannotSwapError where it must be loaded anew."""
        found = list[Swap]()
        for old, new in changed_functions(*(compile(text, str(path), "exec") for text in (before, after))):
            if not (swaps := self._held(path, old, new)):
                raise CannotSwapError
            found += swaps
            found += (swap for pair in within(old, new) for swap in self._held(path, *pair))
        return found

    def _held(self, path: Path, old: CodeType, new: CodeType) -> list[Swap]:
        if old.co_freevars != new.co_freevars:
            return []
        return [(one, new) for one in self.of_file[str(path)] if _name_of(one.__code__) == _name_of(old)]

    def swap(self, swaps: list[Swap]) -> None:
        """Exchange the code, for as long as this process lives."""
        for function, code in swaps:
            function.__code__ = code
        for cache in self.caches:
            cache.cache_clear()
