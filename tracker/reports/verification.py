"""Verifies a county's journal, chain and tables, and words what was found: for `duban journal verify` and the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracker.core.values.message import ListedWord, Message
from tracker.store.chain import read_chain_head, verify_chain
from tracker.store.engine import Tx
from tracker.store.row_check import verify_rows

#: Defects that are named; a chain torn to pieces fills no screen.
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found, in lines: what `holds`, and the `defects`; none where nothing was verified."""

    holds: Sequence[Message] = ()
    defects: Sequence[Message] = ()


def verify_journal(
    tx: Tx, county: str, name: str, progress: Callable[[str, int], Callable[[int], None]] | None = None
) -> Verification:
    """Read every row of the journal, and hold the tables against it. `name`: of the county in the lines.

    `progress`: what is told how many rows were read, made of the county and the number of all.
    """
    head = read_chain_head(tx, county)
    breaks = verify_chain(tx, county, progress(county, head.height) if progress is not None else None)
    count, differences = verify_rows(tx, county)
    holds, defects = [], []
    if not breaks:
        end = {"county": name, "height": head.height, "hash": head.hash}
        holds.append(Message("{county}: the chain holds, {height} rows; head {height}-{hash}", **end))
    if not differences:
        holds.append(Message("{county}: {count} rows of the tables are as the journal says", county=name, count=count))
    for each in breaks:
        what = ListedWord("tampering", each.kind)
        defects.append(Message("row {height}: {what}: {why}", height=each.height, what=what, why=each.why))
    found = [Message("{county}: {defect}", county=name, defect=each) for each in (*defects, *differences)]
    if len(found) > _NAMED:
        more = Message("{county}: and {count} more", county=name, count=len(found) - _NAMED)
        found = [*found[:_NAMED], more]
    return Verification(holds, found)
