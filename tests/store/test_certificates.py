"""Certificates are stored once however many visits name them; a confirmation stays on record when it is withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from tracker.core.values.certificate import Certificate, CertificatePart, Confirmation, ConfirmationKind, PartName
from tracker.core.values.facts import Visit, VisitOutcome
from tracker.store.certificates import (
    add_confirmation,
    list_confirmations,
    load_certificates,
    withdraw_confirmations,
)
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.tables_certificates import certificates
from tracker.store.visits import load_visits, record_visits

BEGAN = datetime(2015, 7, 1, 9, tzinfo=UTC)
WHOLE = Certificate((CertificatePart(PartName.END_KNOWN, True, "共3条，已读3条"),))
TORN = Certificate((CertificatePart(PartName.WHOLE_PAGE, False, "页面不完整"),), date(2015, 6, 1))


def visit_at(days: int, certificate: Certificate | None) -> Visit:
    at = BEGAN + timedelta(days=days)
    digest = certificate.digest if certificate else ""
    reached = certificate.reached if certificate else None
    return Visit("c", at, at, VisitOutcome.READ, reached, 1, 3, certificate=digest)


def test_visits_that_end_alike_share_a_certificate(store: Store) -> None:
    visits = [visit_at(0, WHOLE), visit_at(1, WHOLE), visit_at(2, TORN), visit_at(3, None)]
    by_digest = {one.digest: one for one in (WHOLE, TORN)}
    with store.begin() as tx:
        for county in ("sample", "other"):
            ensure_county(tx, county)
        record_visits(tx, "sample", 1, visits[:2], {WHOLE.digest: WHOLE})
        record_visits(tx, "sample", 1, visits, by_digest)  # again, as after a crash
        record_visits(tx, "other", 1, visits[:1], {WHOLE.digest: WHOLE})
        assert load_visits(tx, "sample", ["c"]) == visits
        assert load_certificates(tx, "sample", [one.certificate for one in visits]) == by_digest
        assert load_certificates(tx, "other", [TORN.digest]) == {}
        assert tx.execute(sa.select(sa.func.count()).select_from(certificates)).scalar_one() == 3


def test_a_withdrawn_confirmation_stays_on_record(store: Store) -> None:
    said = Confirmation("c", "王主任", BEGAN, ConfirmationKind.ONE_PAGE, 12, "http://x/c/")
    with store.begin() as tx:
        ensure_county(tx, "sample")
        added = add_confirmation(tx, "sample", said)
        assert added == replace(said, id=added.id)
        assert list_confirmations(tx, "sample") == [added]
        later = BEGAN + timedelta(days=1)
        assert withdraw_confirmations(tx, "sample", [added.id], "李四", later) == 1
        assert withdraw_confirmations(tx, "sample", [added.id], "赵五", later) == 0
        assert list_confirmations(tx, "sample") == []
        assert list_confirmations(tx, "sample", withdrawn=True) == [
            replace(added, withdrawn_at=later, withdrawn_by="李四")
        ]
