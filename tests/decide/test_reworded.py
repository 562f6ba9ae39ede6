"""A version that words reasons otherwise: the first pass writes them anew, and nobody hears of it."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from tests.decide.small_county import Small, at
from tracker.store.journal import ROWS_WRITTEN
from tracker.store.tables import counties, journal, messages, notices, occurrences, rulings
from tracker.store.tables_reports import standings

OLDER = "此前版本所写的理由"


def told(county: Small) -> list[tuple[object, ...]]:
    """What has been decided about notices, what was sent, what was ruled and journalled."""
    queries = [
        sa.select(notices.c.subject, notices.c.step, notices.c.role, notices.c.state, notices.c.reason),
        sa.select(messages.c.id, messages.c.state),
        sa.select(rulings.c.id),
        sa.select(journal.c.action, journal.c.subject, journal.c.reason).where(journal.c.action != ROWS_WRITTEN),
    ]
    with county.office.store.read() as tx:
        return [tuple(row) for query in queries for row in tx.execute(query)]


def count_standings(county: Small) -> int:
    with county.office.store.read() as tx:
        return tx.execute(sa.select(sa.func.count()).select_from(standings)).scalar_one()


@pytest.mark.nightly
async def test_an_update_that_only_words_reasons_otherwise_is_no_news(county: Small) -> None:
    county.site.publish("insurance", "二季度社会保险参保情况、基金收支", at("2015-08-05"), "参保情况、基金收支")
    county.site.publish("powers", "科技局权力清单", at("2015-07-05"))
    await county.live(date(2015, 7, 1), date(2015, 8, 11))
    before, rows, counted = told(county), county.rows(), count_standings(county)
    assert {row.status.value for row in rows.values()} >= {"overdue", "met", "open"}

    with county.office.store.begin() as tx:
        tx.execute(occurrences.update().values(reason=OLDER))
        tx.execute(counties.update().values(decided_by="an older version"))
    await county.turn()

    assert {key: row.reason for key, row in county.rows().items()} == {key: row.reason for key, row in rows.items()}
    assert told(county) == before
    assert count_standings(county) == counted + len(rows)
    assert (await county.office.tidy()).startswith("0 decisions wrong")
