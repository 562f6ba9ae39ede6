"""SQL statements that were compiled before in this process: each test opens engines of its own, which know none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.util import LRUCache

from tracker.store import engine as engines

#: Compiled statements that are kept for each kind of database.
_KEPT = 2000


class SharedStatements(MutableMapping[Any, Any]):
    """The compiled statements of one dialect, whichever engine asks: its keys begin with the engine's own dialect."""

    def __init__(self) -> None:
        self._compiled: LRUCache[Any, Any] = LRUCache(_KEPT)

    def __getitem__(self, key: tuple[Any, ...]) -> Any:
        return self._compiled[key[1:]]

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._compiled[key[1:]] = compiled

    def __delitem__(self, key: tuple[Any, ...]) -> None:
        del self._compiled[key[1:]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._compiled)

    def __len__(self) -> int:
        return len(self._compiled)


@contextmanager
def statements_once() -> Iterator[None]:
    """Within it, the engines of one kind of database compile a statement once among them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "make_engine", sharing_statements(engines.make_engine))
        yield


def sharing_statements(make_engine: Callable[..., sa.Engine]) -> Callable[..., sa.Engine]:
    """The same function, whose engines share what they compile."""
    shared: dict[str, SharedStatements] = {}

    def make(url: sa.URL, **options: Any) -> sa.Engine:
        engine = make_engine(url, **options)
        engine._compiled_cache = shared.setdefault(engine.dialect.name, SharedStatements())
        return engine

    return make
