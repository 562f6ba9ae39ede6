"""Changes functions and constants in a process that has loaded them: they are exchanged, nothing is loaded anew."""

from __future__ import annotations

import ast
import functools
import gc
import inspect
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

#: Exchanges one thing.
Swap = Callable[[], None]
#: A function's code before a change and after it.
Swapped = tuple[CodeType, CodeType]


class CannotSwapError(Exception):
    """What changes is run when the module is loaded, and is no assignment: a class's field, a table, a decorator."""


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
        try:
            return list(self._functions(path, before, after))
        except CannotSwapError:
            return [self._assignment(path, before, after)]

    def _functions(self, path: Path, before: bytes, after: bytes) -> Iterator[Swap]:
        for old, new in changed_functions(*(compile(text, str(path), "exec") for text in (before, after))):
            if not (swaps := self._held(path, old, new)):
                raise CannotSwapError
            yield from swaps
            for pair in within(old, new):
                yield from self._held(path, *pair)

    def _held(self, path: Path, old: CodeType, new: CodeType) -> list[Swap]:
        if old.co_freevars != new.co_freevars:
            return []
        held = [one for one in self.of_file[str(path)] if _name_of(one.__code__) == _name_of(old)]
        return [functools.partial(setattr, one, "__code__", new) for one in held]

    def _assignment(self, path: Path, before: bytes, after: bytes) -> Swap:
        """The assignment of a constant, done anew in its module and in those that imported it."""
        module = next((one for one in list(sys.modules.values()) if getattr(one, "__file__", "") == str(path)), None)
        pairs = zip(ast.parse(before).body, ast.parse(after).body, strict=True)
        changed = [new for old, new in pairs if ast.dump(old) != ast.dump(new)]
        if module is None or len(changed) != 1 or not isinstance(changed[0], ast.Assign | ast.AnnAssign):
            raise CannotSwapError
        return functools.partial(_assign_anew, module, compile(ast.Module(changed, []), str(path), "exec"))

    def swap(self, swaps: list[Swap]) -> None:
        """Exchange them, for as long as this process lives."""
        for exchange in swaps:
            exchange()
        for cache in self.caches:
            cache.cache_clear()


def _assign_anew(module: ModuleType, assignment: CodeType) -> None:
    old = dict(vars(module))
    exec(assignment, vars(module))
    new = {name: value for name, value in vars(module).items() if value is not old.get(name)}
    for other in list(sys.modules.values()):
        held = getattr(other, "__dict__", {})
        held.update({name: value for name, value in new.items() if name in old and held.get(name) is old[name]})
