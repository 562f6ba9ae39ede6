"""Filings are checked against the rules, written once, and journalled."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.entered import new_event, new_filing, new_ruling
from tests.registers.register_office import (
    BEGUN,
    EAST,
    FORGOTTEN,
    GONE,
    KEPT,
    LAST_QUARTER,
    MONTH,
    NEXT_QUARTER,
    NEXT_UPKEEP,
    NOW,
    ONCE,
    PLAN,
    PUBLISHED,
    QUARTER,
    RULES,
    UPKEEP,
    WAITS,
    WAIVED,
    journalled,
    statement,
)
from tracker.core.values.facts import Filing
from tracker.registers.decisions import record_ruling
from tracker.registers.errors import RegisterError
from tracker.registers.events import record_event
from tracker.registers.filings import (
    build_file_proof,
    check_file_name,
    record_filing,
    withdraw,
)
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.facts import load_facts
from tracker.store.filings import FiledFile, list_all_filings, list_filed_files


def test_an_attestation_is_filed_once_and_waits_to_be_accepted(county: Store) -> None:
    with county.begin() as tx:
        done = record_filing(tx, RULES, statement(claimed=date(2015, 3, 9)))
        assert (
            done.message
            == f"filed attestation:{done.value.id}; it counts once accepted (duban attest accept {done.value.id})"
        )
        assert not record_filing(tx, RULES, statement(by="李")).changed
        assert load_facts(tx, "sample").filings == (done.value,)
        [line] = journalled(tx)
    assert (line.action, line.subject, '"claimed":"2015-03-09"' in line.after) == ("attestation.filed", QUARTER, True)


def test_an_attestation_of_a_part(county: Store) -> None:
    with county.begin() as tx:
        assert record_filing(tx, RULES, statement(MONTH, part="water")).value.part == "water"
        assert record_filing(tx, RULES, statement(PLAN, part="plan")).value.part == "plan"


ATTESTATIONS_REFUSED = {
    "an unknown label": (statement(MONTH.replace("03", "13")), f"no occurrence .*: close ones: {MONTH}"),
    "an unknown duty": (
        statement(QUARTER.replace("reform", "reforms")),
        rf"no occurrence .*close ones: .*{QUARTER}",
    ),
    "no key at all": (statement("budget"), "a key is county/pack/duty/department/label"),
    "another county": (statement(QUARTER.replace("sample", "other")), "this is county sample"),
    "a closed one": (statement(GONE), "is closed: 由事项替代"),
    "one whose duty left the rules": (statement(FORGOTTEN), "no longer lay plan-2015/no-such-duty on bianban"),
    "one that waits for its event": (statement(WAITS), "record it first .duban event add budget-approved"),
    "an unknown part": (statement(MONTH, part="soil"), r"has no part 'soil' \(parts: water, air\)"),
    "another occurrence's part": (statement(MONTH, part="plan"), "has no part 'plan'"),
    "a part where there are none": (statement(part="water"), r"has no part 'water' \(no parts\)"),
    "a link that is none": (statement(form="link", proof="www.x.cn/1"), "give the whole address"),
    "an empty proof": (statement(proof=""), "proof is missing"),
    "a date to come": (statement(claimed=date(2015, 3, 11)), "lies in the future"),
    "what is met": (statement(PUBLISHED), "is met, there is nothing to prove: 已于2015年3月9日公开"),
    "what is waived": (statement(WAIVED), "is not owed: 经张主任豁免"),
    "what has not opened": (statement(NEXT_QUARTER), "opens on 2015-04-01, nothing can be filed before"),
    "a statement without end": (statement(proof="无" * 4001), "the statement has 4001 characters: 4000 at most"),
    "a link without end": (statement(form="link", proof="http://x/" + "a" * 2048), "2048 at most"),
    "nobody": (statement(by="　"), "by is missing"),
    "a name without end": (statement(by="王" * 129), "a name of at most 128 characters, not 129"),
    "an hour without a zone": (statement(claimed=datetime(2015, 3, 9, 8)), "has no zone"),
}


@pytest.mark.parametrize("case", ATTESTATIONS_REFUSED)
def test_an_attestation_that_does_not_fit_is_refused(county: Store, case: str) -> None:
    given, message = ATTESTATIONS_REFUSED[case]
    with county.begin() as tx:
        with pytest.raises(RegisterError, match=message):
            record_filing(tx, RULES, given)
        assert journalled(tx) == []


def test_before_the_first_tick_the_hint_is_to_tick(store: Store) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        with pytest.raises(RegisterError, match="there are none yet, run `duban tick`"):
            record_filing(tx, RULES, statement())


def zero(occurrence: str = QUARTER, *, by: str = "王", now: datetime = NOW) -> Filing:
    return new_filing("zero-report", occurrence=occurrence, by=by, now=now)


def upkeep(occurrence: str, *, by: str = "王", now: datetime = NOW) -> Filing:
    return new_filing("upkeep", occurrence=occurrence, by=by, now=now)


def test_a_zero_report_is_filed_once(county: Store) -> None:
    with county.begin() as tx:
        done = record_filing(tx, RULES, zero(), statement="本季度无相关信息")
        assert (done.changed, done.value.kind) == (True, "zero-report")
        assert not record_filing(tx, RULES, zero(by="李")).changed
        [line] = journalled(tx)
    assert (line.action, line.reason) == ("zero-report.filed", "本季度无相关信息")


ZERO_REPORTS_REFUSED = {
    "where the rule takes none": (zero(ONCE), "its rule requires the publication itself"),
    "after the deadline": (zero(LAST_QUARTER), r"was due before 2015-01-01T00:00\+08:00: .* only by the deadline"),
    "before the period": (zero(NEXT_QUARTER), "opens on 2015-04-01, nothing can be filed before"),
    "where something of it was published": (zero(BEGUN), "something was published: 已公开一部分"),
    "where something was published": (zero(PUBLISHED), "something was published: 已于2015年3月9日公开"),
}


@pytest.mark.parametrize("case", ZERO_REPORTS_REFUSED)
def test_a_zero_report_is_refused(county: Store, case: str) -> None:
    given, message = ZERO_REPORTS_REFUSED[case]
    with county.begin() as tx, pytest.raises(RegisterError, match=message):
        record_filing(tx, RULES, given)


def test_a_zero_report_is_taken_to_the_last_instant(county: Store) -> None:
    last = datetime(2015, 3, 31, 23, 59, 59, tzinfo=EAST)
    with county.begin() as tx:
        with pytest.raises(RegisterError, match="only by the deadline"):
            record_filing(tx, RULES, zero(now=last + timedelta(seconds=1)))
        assert record_filing(tx, RULES, zero(now=last)).changed


@pytest.mark.parametrize(
    ("day", "refused"), [(date(2015, 1, 1), True), (date(2014, 12, 31), False), (date(2015, 3, 10), True)]
)
def test_a_zero_report_is_refused_where_an_event_lies_in_the_period(county: Store, day: date, refused: bool) -> None:
    given = {"name": "information-formed", "department": "bianban", "duty": "approval-reform", "occurred": day}
    with county.begin() as tx:
        record_event(tx, RULES, new_event(**given, by="王", now=NOW))
        if refused:
            with pytest.raises(RegisterError, match=f"information-formed:{day} of {day} lies in its period"):
                record_filing(tx, RULES, zero())
        else:
            assert record_filing(tx, RULES, zero()).changed


def test_upkeep_is_filed_for_periods_of_upkeep_only(county: Store) -> None:
    with county.begin() as tx:
        assert record_filing(tx, RULES, upkeep(UPKEEP)).value.kind == "upkeep"
        with pytest.raises(RegisterError, match="is not a period of upkeep"):
            record_filing(tx, RULES, upkeep(QUARTER))


def test_upkeep_is_said_once_in_its_period_and_late_after_it(county: Store) -> None:
    with county.begin() as tx:
        with pytest.raises(RegisterError, match="opens on 2015-04-01, nothing can be filed before"):
            record_filing(tx, RULES, upkeep(NEXT_UPKEEP))
        with pytest.raises(RegisterError, match="is met, there is nothing to prove"):
            record_filing(tx, RULES, upkeep(KEPT))
        late = {"now": datetime(2016, 1, 8, 9, tzinfo=EAST)}
        assert record_filing(tx, RULES, upkeep(UPKEEP, **late)).changed
        again = record_filing(tx, RULES, upkeep(UPKEEP, by="李", **late))
        assert (again.changed, "王 said so already (upkeep:" in again.message) == (False, True)
        assert [line.action for line in journalled(tx)] == ["upkeep.filed"]


def test_whoever_filed_a_proof_said_that_something_arose(county: Store) -> None:
    with county.begin() as tx:
        filed = record_filing(tx, RULES, statement()).value
        with pytest.raises(RegisterError, match=f"attestation:{filed.id} says that something arose"):
            record_filing(tx, RULES, zero())
        record_ruling(
            tx,
            RULES,
            new_ruling(
                "reject", occurrence=QUARTER, by="张主任", reason="不属实", now=NOW, target=f"attestation:{filed.id}"
            ),
        )
        assert record_filing(tx, RULES, zero()).changed


def test_a_filing_is_withdrawn_by_its_filer_and_may_be_filed_again(county: Store) -> None:
    with county.begin() as tx:
        filed = record_filing(tx, RULES, statement()).value
        back = {"number": filed.id, "by": " 王 ", "reason": "传错文件", "now": NOW}
        with pytest.raises(RegisterError, match=f"attestation:{filed.id} was filed by 王: nobody else may withdraw it"):
            withdraw(tx, RULES, **{**back, "by": "李"})
        assert withdraw(tx, RULES, **back).changed
        assert not withdraw(tx, RULES, **back).changed
        delta = load_facts(tx, "sample")
        assert (delta.filings, delta.withdrawn_filings) == ((), (filed,))
        with pytest.raises(RegisterError, match=r"no attestation:\d+ was filed for .*\(filed: none\)"):
            record_ruling(
                tx,
                RULES,
                new_ruling(
                    "accept", occurrence=QUARTER, by="张主任", reason="属实", now=NOW, target=f"attestation:{filed.id}"
                ),
            )
        again = record_filing(tx, RULES, statement(by="李", now=NOW + timedelta(days=1)))
        assert (again.changed, again.value.id, again.value.by) == (True, filed.id, "李")
        lines = [(line.action, line.who, line.reason) for line in journalled(tx)]
    assert lines == [
        ("attestation.filed", "王", ""),
        ("attestation.withdrawn", " 王 ", "传错文件"),
        ("attestation.filed", "李", ""),
    ]


def test_what_was_decided_about_is_not_withdrawn(county: Store) -> None:
    with county.begin() as tx:
        filed = record_filing(tx, RULES, statement()).value
        record_ruling(
            tx,
            RULES,
            new_ruling(
                "reject", occurrence=QUARTER, by="张主任", reason="不属实", now=NOW, target=f"attestation:{filed.id}"
            ),
        )
        with pytest.raises(RegisterError, match=r"张主任 decided about attestation:\d+ on 2015-03-10 \(reject\)"):
            withdraw(tx, RULES, number=filed.id, by="王", reason="传错文件", now=NOW)
        again = record_filing(tx, RULES, statement())
        assert (again.changed, "was refused by 张主任: 不属实" in again.message) == (False, True)
        with pytest.raises(RegisterError, match="nothing was filed under number 99"):
            withdraw(tx, RULES, number=99, by="王", reason="传错文件", now=NOW)


@pytest.mark.parametrize("by", ["王", " 王 ", "王\u3000"])
def test_nobody_accepts_what_they_filed_however_they_write_their_name(county: Store, by: str) -> None:
    with county.begin() as tx:
        filed = record_filing(tx, RULES, statement()).value
        given: dict[str, Any] = {"occurrence": QUARTER, "reason": "属实", "now": NOW, "target": "已在大厅公示"}
        with pytest.raises(
            RegisterError, match=f"attestation:{filed.id} was filed by 王: somebody else must accept it"
        ):
            record_ruling(tx, RULES, new_ruling("accept", by=by, **given))
        assert record_ruling(tx, RULES, new_ruling("accept", by="张主任", **given)).changed


FILE_NAMES_REFUSED = {
    "turned around": ("公示\u202egpj.exe", r"U\+202E"),
    "two lines": ("公示\n.jpg", r"U\+000A"),
    "a folder of Windows": ("a\\b.jpg", r"U\+005C"),
    "a name without end": ("公" * 201, "1 to 200 characters, not 201"),
}


@pytest.mark.parametrize("case", FILE_NAMES_REFUSED)
def test_a_file_whose_name_hides_something_is_refused(case: str) -> None:
    name, message = FILE_NAMES_REFUSED[case]
    with pytest.raises(RegisterError, match=message):
        check_file_name(name)
    assert check_file_name("公示照片（2015年3月） 1.jpg") == "公示照片（2015年3月） 1.jpg"


def test_a_filed_file_is_noted_once_with_its_kind_and_size(county: Store) -> None:
    proof = build_file_proof("公示照片.jpg", b"...")
    with county.begin() as tx:
        for key in (QUARTER, MONTH):
            filing = statement(key, form="file", proof=proof)
            record_filing(tx, RULES, filing, file=FiledFile(filing.digest, "jpeg", 3, NOW))
        [kept] = list_filed_files(tx, "sample")
        [filed] = [stored.filing for stored in list_all_filings(tx, "sample") if stored.filing.occurrence == MONTH]
    assert (kept.kind, kept.size, kept.digest) == ("jpeg", 3, filed.digest)
    assert filed.title == "公示照片.jpg"
