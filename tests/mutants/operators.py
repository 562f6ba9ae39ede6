"""The small changes that can be drawn from a module: comparisons, connectives, numbers, returns, calls left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

#: A comparison, connective or operator, and what stands in its place.
_COMPARED = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"),
}  # fmt: skip
_CONNECTED = {ast.And: ("and", "or"), ast.Or: ("or", "and")}
_COUNTED = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "//"),
}
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any", "day_start": "day_end", "day_end": "day_start"}
#: What says something to developers alone: its words may change.
_LOGGED = re.compile(r"\b(?:log|logging|warnings)\.")


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A piece of a module's bytes and what stands in its place. `line`: where it begins, from 1."""

    start: int
    end: int
    after: str
    kind: str
    line: int

    def apply(self, source: bytes) -> bytes:
        return source[: self.start] + self.after.encode() + source[self.end :]


def list_changes(source: bytes) -> list[Change]:
    """Every change that can be made to a module, in its order, each once."""
    return sorted({*_Finder(source).find()})


class _Finder:
    def __init__(self, source: bytes) -> None:
        self.source, self.tree = source, ast.parse(source)
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def find(self) -> Iterator[Change]:
        yield from self._body(self.tree)

    def _body(self, node: ast.AST) -> Iterator[Change]:
        """The changes of a node and of all within it that is run and says something to a user."""
        if self._is_left_alone(node):
            return
        yield from self._own(node)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_params", "bases"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from self._body(child)

    def _is_left_alone(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert):
            return True
        if isinstance(node, ast.If) and self._text(node.test) == "TYPE_CHECKING":
            return True
        if isinstance(node, ast.Expr):  # a docstring, or a line of the log
            return isinstance(node.value, ast.Constant) or bool(_LOGGED.match(self._text(node)))
        return isinstance(node, ast.Assign) and bool(re.match(r"log = |__all__", self._text(node)))

    def _own(self, node: ast.AST) -> Iterator[Change]:
        match node:
            case ast.Compare(left=left, ops=ops, comparators=rights):
                for one, op, other in zip([left, *rights], ops, rights, strict=False):
                    yield from self._between(one, other, _COMPARED.get(type(op)), "compare")
            case ast.BoolOp(op=op, values=values):
                for one, other in pairwise(values):
                    yield from self._between(one, other, _CONNECTED[type(op)], "connective")
            case ast.BinOp(left=left, op=op, right=right) if not self._is_text(left) and not self._is_text(right):
                yield from self._between(left, right, _COUNTED.get(type(op)), "arithmetic")
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield self._change(node, f"bool({self._text(operand)})", "not")
            case ast.Constant(value=bool() as value):
                yield self._change(node, str(not value), "constant")
            case ast.Constant(value=int() as value):
                yield self._change(node, str(value + 1), "number")
            case ast.Call(func=ast.Name(id=name) as func) if name in _CALLED:
                yield self._change(func, _CALLED[name], "call")
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                yield self._change(test, f"not ({self._text(test)})", "condition")
            case ast.comprehension(ifs=tests):
                for test in tests:
                    yield self._change(test, "True", "filter")
            case ast.Return(value=ast.expr() as value) if not _is_plain(value):
                yield self._change(value, "None", "return")
            case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign() | ast.Raise():
                yield self._change(node, "pass", "left out")
            case ast.Continue():
                yield self._change(node, "break", "loop")
            case ast.Break():
                yield self._change(node, "continue", "loop")
            case ast.keyword(arg=str(), value=ast.Name() | ast.Attribute() as value):
                yield self._change(value, "None", "argument")

    def _between(self, one: ast.expr, other: ast.expr, words: tuple[str, str] | None, kind: str) -> Iterator[Change]:
        """The operator that stands between two expressions, exchanged."""
        if words is None:
            return
        start, end = self._end(one), self._start(other)
        pattern = rb"\s+".join(re.escape(word) for word in words[0].encode().split())
        if found := re.search(pattern, self.source[start:end]):
            at = start + found.start()
            line = self.source.count(b"\n", 0, at) + 1
            yield Change(at, start + found.end(), words[1], kind, line)

    def _change(self, node: ast.AST, after: str, kind: str) -> Change:
        assert isinstance(node, ast.expr | ast.stmt)
        return Change(self._start(node), self._end(node), after, kind, node.lineno)

    def _start(self, node: ast.expr | ast.stmt) -> int:
        return self.starts[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.expr | ast.stmt) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.starts[node.end_lineno - 1] + node.end_col_offset

    def _text(self, node: ast.AST) -> str:
        assert isinstance(node, ast.expr | ast.stmt)
        return self.source[self._start(node) : self._end(node)].decode()

    @staticmethod
    def _is_text(node: ast.expr) -> bool:
        return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _is_plain(value: ast.expr) -> bool:
    """Whether it has a change of its own, or none that means anything."""
    return isinstance(value, ast.Constant | ast.Compare | ast.BoolOp)
