"""Writes the tables of `docs/requests.md` that stand in the code: `python docs/request_tables.py`.

The steps come from `core/requests/moves.py`, the heads of sheets from `registers/request_words.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from tracker.core.requests.moves import MOVES, STATE_TITLES
from tracker.core.requests.values import RequestState
from tracker.registers.request_words import HEADS

PAGE = Path(__file__).parent / "requests.md"
_ANY = "any"


def moves_table() -> str:
    """A row for each step: where it is possible, the state after it, what it says, and the registers that have it."""
    rows = []
    for kind, rule in MOVES.items():
        after = STATE_TITLES[rule.after] if rule.after else "the same"
        if rule.turns is not None:
            field, value, state = rule.turns
            after += f"; {STATE_TITLES[state]} where `{field}={value}`"
        fields = [f"`{name}`" for name in rule.needs] + [f"[`{name}`]" for name in rule.may if name != "*"]
        rows.append(
            (f"`{kind}` {rule.title}", _name_states(rule.states), after, " ".join(fields), " ".join(rule.kinds))
        )
    return table(("step", "possible where it is", "then it is", "says", "registers"), rows)


def _name_states(states: Sequence[RequestState]) -> str:
    if not states:
        return "not yet received"
    left_out = [STATE_TITLES[state] for state in RequestState if state not in states]
    if len(left_out) <= 2:
        return f"{_ANY} but {'、'.join(left_out)}" if left_out else _ANY
    return "、".join(STATE_TITLES[state] for state in states)


def heads_table() -> str:
    """A row for each field of a sheet, with the heads that are known."""
    return table(("field", "heads"), ((f"`{name}`", "、".join(heads)) for name, heads in HEADS.items()))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


TABLES = {"moves": moves_table, "heads": heads_table}


def fill_in(text: str) -> str:
    """The page with each table between its marks, `<!-- moves -->` and `<!-- /moves -->`."""
    for name, make in TABLES.items():
        mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        text, count = mark.subn(lambda found, make=make: f"{found[1]}{make()}\n{found[2]}", text)
        assert count == 1, f"{PAGE.name}: no marks for the table {name}"
    return text


if __name__ == "__main__":
    PAGE.write_text(fill_in(PAGE.read_text("utf-8")), "utf-8")
