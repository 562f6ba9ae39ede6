"""No transaction is open while a coroutine waits, and no statement keeps the event loop waiting."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import tracker

ROOT = Path(tracker.__file__).parent


def _in_coroutines(tree: ast.Module) -> Iterator[ast.expr]:
    """What coroutines enter by `with`, but for what plain functions in them do."""
    waiting: list[ast.AST] = [node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)]
    while waiting:
        for child in ast.iter_child_nodes(waiting.pop()):
            if isinstance(child, (ast.With, ast.AsyncWith)):
                yield from (item.context_expr for item in child.items)
            if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                waiting.append(child)


def test_no_coroutine_opens_a_transaction() -> None:
    """It hands the whole unit of work to a thread (`run_read`, `run_write`, `asyncio.to_thread`)."""
    opened = [
        f"{path.relative_to(ROOT)}:{entered.lineno}: {ast.unparse(entered)}"
        for path in sorted(ROOT.rglob("*.py"))
        for entered in _in_coroutines(ast.parse(path.read_text("utf-8")))
        if isinstance(entered, ast.Call)
        and isinstance(entered.func, ast.Attribute)
        and entered.func.attr in ("begin", "read")
        and ast.unparse(entered.func.value).endswith("store")
    ]
    assert opened == []
