"""An assumed reading becomes the county's own by an act on record: red from then on, and never for the time before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from tests.decide.deciding import ASSUMED, WATER, sent_notices
from tests.decide.small_county import COUNTY, Small, at
from tests.entered import new_ruling
from tests.journalled import assert_journal_holds
from tracker.core.values.verdicts import Light, Status
from tracker.core.verdict.adoption import reading_subject
from tracker.decide.run import judge_new_facts
from tracker.registers.adoptions import record_adoption
from tracker.registers.errors import Registered, RegisterError
from tracker.rulebook.canonical import restore_rulebook
from tracker.store.counties import find_document_body, lock_county
from tracker.store.journal import list_rows
from tracker.store.occurrences import OccurrenceRow

MONTH = "water/huanbao/2015-07"


def act(
    county: Small, *, back: bool = False, pack: str = "small", reading: str = "monthly"
) -> tuple[Registered[object], dict[str, OccurrenceRow]]:
    loaded, now = county.office.loaded, county.clock.now
    (rulebook,) = loaded.rulebooks
    with county.office.store.begin() as tx:
        since = lock_county(tx, "small").seq
        subject = reading_subject(pack, reading)
        given = {"occurrence": subject, "by": "陈县长", "reason": "第7次常务会议纪要", "now": now}
        done = record_adoption(tx, loaded, rulebook, new_ruling("unadopt" if back else "adopt", **given))
        return done, judge_new_facts(tx, loaded, rulebook, since, now)


async def test_what_was_assumed_is_the_county_s_own_at_once(county: Small) -> None:
    county.reload(pack=ASSUMED)
    await county.live(date(2015, 7, 27), date(2015, 7, 27))
    before = county.rows()[MONTH]
    assert before.assumed
    assert before.reason.endswith("（参照时限）")
    _, rows = act(county)
    row = rows[WATER]
    assert not row.assumed
    assert "参照时限" not in row.reason
    assert "该时限系参照时限，本县已采用（2015年7月27日经陈县长决定：第7次常务会议纪要）" in row.derivation
    await county.live(date(2015, 7, 28), date(2015, 8, 5))
    row = county.rows()[MONTH]
    assert (row.status, row.light) == (Status.OVERDUE, Light.RED)
    assert "08-05 to-lead lead" in sent_notices(county)


@pytest.mark.nightly
async def test_what_fell_due_before_is_pressed_from_the_act_and_says_so(county: Small) -> None:
    county.reload(pack=ASSUMED)
    await county.live(date(2015, 7, 31), date(2015, 8, 14))
    before = county.rows()[MONTH]
    assert (before.status, before.light) == (Status.OVERDUE, Light.YELLOW)
    assert not [one for one in sent_notices(county) if "to-" in one]  # what is assumed is not escalated
    county.clock.now = at("2015-08-14", "15:00")
    _, rows = act(county)
    assert rows[WATER].light is Light.RED
    assert "本县于2015年8月14日经陈县长决定采用，自该日起督办，此前不计逾期" in rows[WATER].reason
    await county.live(date(2015, 8, 17), date(2015, 8, 19))
    assert [one for one in sent_notices(county) if "to-" in one] == ["08-19 to-lead liaison", "08-19 to-lead lead"]


async def test_a_past_day_is_read_under_the_rules_of_that_day(county: Small) -> None:
    county.reload(pack=ASSUMED)
    await county.live(date(2015, 7, 27), date(2015, 7, 27))
    files = county.rows()[MONTH].rulebook
    act(county)
    county.office.tick()
    with_act = county.rows()[MONTH].rulebook
    assert files == county.office.loaded.rulebooks[0].digest != with_act
    with county.office.store.read() as tx:
        old, new = find_document_body(tx, files), find_document_body(tx, with_act)
        assert_journal_holds(tx, "small")
        [line] = list_rows(tx, "small", action="reading.adopted")
    assert (line.who, line.subject, line.reason) == ("陈县长", "reading:small/monthly", "第7次常务会议纪要")
    assert old
    assert new
    assert json.loads(old)["files"] == json.loads(new)["files"]
    deadlines = [restore_rulebook(body, "x").duties[0].parts[0].deadlines[0] for body in (old, new)]
    assert [one.weak for one in deadlines] == [True, False]
    assert deadlines[1].adoption is not None
    assert deadlines[1].adoption.by == "陈县长"
    assert replace(deadlines[1], adopted=False, adoption=None) == deadlines[0]


async def test_deciding_everything_anew_after_the_act_changes_nothing(county: Small) -> None:
    county.reload(pack=ASSUMED)
    await county.live(date(2015, 7, 27), date(2015, 8, 4))
    act(county)
    county.office.tick()
    assert county.differences() == {}


async def test_an_adoption_is_taken_back(county: Small) -> None:
    county.reload(pack=ASSUMED)
    await county.live(date(2015, 8, 3), date(2015, 8, 3))
    act(county)
    _, rows = act(county, back=True)
    assert rows[WATER].light is Light.YELLOW
    assert rows[WATER].reason.endswith("（参照时限）")
    assert rows[WATER].rulebook == county.office.loaded.rulebooks[0].digest


@pytest.mark.nightly
async def test_adopted_once_more_it_is_pressed_from_there_though_steps_were_passed_over(county: Small) -> None:
    county.reload(pack=ASSUMED)
    await county.live(date(2015, 7, 31), date(2015, 8, 3))
    county.clock.now = at("2015-08-03", "15:00")
    act(county)
    await county.live(date(2015, 8, 10), date(2015, 8, 10))  # nothing ran meanwhile: only the latest step goes out
    assert [one for one in sent_notices(county) if "to-" in one] == [
        "08-10 to-county-office lead", "08-10 to-county-office county-office",
    ]  # fmt: skip
    act(county, back=True)
    await county.live(date(2015, 8, 11), date(2015, 8, 11))
    assert [one for one in sent_notices(county) if "correction" in one] == [
        "08-10 correction lead", "08-10 correction county-office",
    ]  # fmt: skip
    county.clock.now = at("2015-08-11", "15:00")
    act(county)
    await county.live(date(2015, 8, 12), date(2015, 8, 14))
    assert "08-14 to-lead lead" in sent_notices(county)
    act(county, back=True)  # and who was pressed anew hears again that it no longer holds
    await county.live(date(2015, 8, 17), date(2015, 8, 17))
    assert [one for one in sent_notices(county) if "correction lead" in one] == [
        "08-10 correction lead", "08-14 correction lead",
    ]  # fmt: skip


def test_the_same_again_changes_nothing(county: Small) -> None:
    county.reload(pack=ASSUMED)
    county.office.tick()
    assert act(county)[0].changed
    done, _ = act(county)
    assert (done.changed, "陈县长 adopted small/monthly on 2015-07-01" in done.message) == (False, True)
    assert act(county, back=True)[0].changed
    assert not act(county, back=True)[0].changed


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"reading": "montly"}, "did you mean small monthly"),
        ({"pack": "large"}, "no reading 'monthly' with an assumed number in the pack 'large'"),
    ],
)
def test_a_reading_that_is_not_there_is_refused(county: Small, given: dict[str, str], why: str) -> None:
    county.reload(pack=ASSUMED)
    with pytest.raises(RegisterError, match=why):
        act(county, **given)


def test_what_the_county_s_file_adopts_is_taken_back_there(county: Small) -> None:
    adopted = COUNTY.replace("packs: [small]\n", "packs: [small]\nadopted: {small: [monthly]}\n")
    county.reload(pack=ASSUMED, county=adopted)
    for back in (False, True):
        with pytest.raises(RegisterError, match=r"county\.yaml lists small/monthly under `adopted`"):
            act(county, back=back)
