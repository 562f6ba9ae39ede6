"""A circular accuses nobody of what was not looked for lately, nor of what is already there."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import pytest

from tests.decide.small_county import COUNTY, PACK, Small, at
from tests.entered import new_ruling
from tests.reports.criticised import CIRCULAR, PACKS, SEPTEMBER, acting, consulted, lived, signed, standing, text_of
from tests.reports.test_circular_pages import matter
from tracker.core.values.verdicts import Status
from tracker.documents.page import evidence_of, page_of
from tracker.registers.decisions import record_ruling
from tracker.registers.errors import RegisterError
from tracker.reports.circulars.freshness import as_seen
from tracker.reports.circulars.shared import document_of
from tracker.reports.snapshot import CountySnapshot
from tracker.store.circulars import list_circular_lines
from tracker.store.second_looks import list_second_looks
from tracker.store.tables_certificates import second_looks

POWERS = "small/small/powers/huanbao/once"


async def test_what_nobody_looked_for_since_the_previous_working_day_is_not_judged(county: Small) -> None:
    await lived(county)
    county.clock.now = at("2015-10-20", "10:00")  # the site was last looked at on Friday the 16th
    async with acting(county) as circulars:
        row = circulars.draft(SEPTEMBER, "王敏")
        assert sorted(circulars.unseen.values()) == [
            "“权力清单”最近一次完整查看是2015年10月16日，其后情况不明",
            "“社会保险”最近一次完整查看是2015年10月16日，其后情况不明",
        ]
    words = text_of(row)
    assert "到期应公开事项4项，按时公开2项，逾期后公开0项，逾期未公开0项，公开不完整0项，按时公开率100%" in words
    assert "其中2项未能判定（无法核验2项），不计入按时公开率" in words
    assert "本月没有需要通报批评的事项" in words
    assert {one["reason"] for one in row.values["spared"]} == {"无法核验，不能据以通报"}
    html = page_of(document_of(row, county.office.loaded.rulebooks[0]), evidence_of(row.values), "")
    assert 'href="#unjudged"' in html
    assert "社会保险情况，2015年第二季度：“社会保险”最近一次完整查看是2015年10月16日" in html


async def test_on_monday_a_look_of_friday_is_enough(county: Small) -> None:
    await lived(county)
    county.clock.now = at("2015-10-19", "10:00")
    async with acting(county) as circulars:
        circulars.draft(SEPTEMBER, "王敏")
        assert circulars.unseen == {}
    assert len(standing(county)[1]) == 2


async def test_it_is_not_signed_blindly(county: Small) -> None:
    await lived(county)
    await consulted(county, "2015-10-16")
    county.clock.now = at("2015-10-26", "10:00")
    async with acting(county) as circulars:
        with pytest.raises(
            RegisterError, match=r"nobody looked for line 1, 2 since .*: it is signed after the next crawl"
        ):
            circulars.sign(SEPTEMBER, "赵督查")
    await county.turn(crawl=True)
    async with acting(county) as circulars:
        circulars.sign(SEPTEMBER, "赵督查")
    assert len(standing(county)[1]) == 2


async def test_what_a_crawl_has_found_is_judged_before_the_signature_though_no_tick_was(county: Small) -> None:
    await lived(county)
    await consulted(county, "2015-10-16")
    draft = standing(county)[0].id
    county.site.publish("powers", "环保局权力清单", at("2015-10-20"))
    county.clock.now = at("2015-10-26", "10:00")
    await county.office.crawl()
    async with acting(county) as circulars:
        circulars.sign(SEPTEMBER, "赵督查")
        dropped = [one.dropped for one in list_circular_lines(circulars.tx, draft)]
    assert dropped == ["逾期后已公开，按本县规定不予通报", ""]
    assert county.rows()["powers/huanbao/once"].status.met


async def test_what_a_crawl_has_found_is_judged_before_the_issue_too(county: Small) -> None:
    await lived(county)
    await signed(county)
    county.site.publish("powers", "环保局权力清单", at("2015-10-20"))
    county.clock.now = at("2015-10-27", "10:00")
    await county.office.crawl()
    async with acting(county) as circulars:
        with pytest.raises(RegisterError, match=r"it turned out: line 1 \(small/small/powers/huanbao/once\)"):
            circulars.issue(SEPTEMBER, "王敏")


async def test_a_check_on_or_before_the_day_of_the_warning_is_no_check_after_it(county: Small) -> None:
    await lived(county)
    await signed(county)
    async with acting(county, "2015-11-02") as circulars:
        circulars.issue(SEPTEMBER, "王敏")
        october = text_of(circulars.draft("2015-10", "王敏"))
    assert "2015年11月2日小政办公开通〔2015〕1号通报，至今仍未更新到位" in october
    assert "复查" not in october.partition("三、工作要求")[0]


def forget_looks(county: Small) -> None:
    with county.office.store.begin() as tx:
        tx.execute(second_looks.delete())


async def test_what_was_not_searched_for_again_is_asked_about_and_not_named(county: Small) -> None:
    """The next crawl makes the looks, of each matter once a day; then a draft names them."""
    await lived(county)
    forget_looks(county)
    async with acting(county) as circulars:
        row = circulars.draft(SEPTEMBER, "王敏")
        assert set(circulars.unlooked.values()) == {"尚未再次查看网站，须先再次查看，暂不通报"}
    assert (len(row.values["spared"]), standing(county)[1]) == (2, [])
    await county.turn(crawl=True)
    async with acting(county) as circulars:
        circulars.draft(SEPTEMBER, "王敏")
        assert circulars.unlooked == {}
        assert len(list_second_looks(circulars.tx, "small", POWERS)) == 1
    assert len(standing(county)[1]) == 2
    await county.turn(crawl=True)
    with county.office.store.read() as tx:
        assert len(list_second_looks(tx, "small", POWERS)) == 1


async def test_it_is_not_signed_without_a_look_either(county: Small) -> None:
    await lived(county)
    await consulted(county, "2015-10-16")
    async with acting(county, "2015-10-26") as circulars:
        circulars.tx.execute(second_looks.delete())
        with pytest.raises(
            RegisterError, match=r"line 1, 2 is to be looked at again first .*: it is signed after the next crawl"
        ):
            circulars.sign(SEPTEMBER, "赵督查")


async def test_what_a_look_found_is_decided_before_it_is_named(county: Small) -> None:
    await lived(county)
    forget_looks(county)
    county.site.publish("insurance", "环保局权力清单", at("2015-09-25"))
    await county.turn(crawl=True)
    async with acting(county) as circulars:
        circulars.draft(SEPTEMBER, "王敏")
        (reason,) = circulars.unlooked.values()
        (hit,) = list_second_looks(circulars.tx, "small", POWERS)[0].hits
    assert reason == f"再次查看时查到标题相符的《环保局权力清单》（{hit.url}），尚待判定，暂不通报"
    assert len(standing(county)[1]) == 1
    async with acting(county) as circulars:
        refusal = new_ruling(
            "reject", by="李主任", reason="是科技局的清单", target=hit.url, occurrence=POWERS, now=county.clock.now
        )
        record_ruling(circulars.tx, circulars.rulebook, refusal)
        circulars.draft(SEPTEMBER, "王敏")
        assert circulars.unlooked == {}
    assert len(standing(county)[1]) == 2


BOTH = """\
  - id: both
    title: 双栏信息
    clause: 一5
    departments: [keji]
    channels: county-site
    deadline: {by: 2015-09-30}
    parts:
      first: {evidence: {column: environment, title: 甲}}
      second: {evidence: {column: finance, title: 乙}}
"""


@pytest.mark.parametrize(
    ("missing", "status"),
    [("甲（“环境保护”）", Status.UNVERIFIABLE), ("乙（“财政资金”）", Status.INCOMPLETE), ("", Status.UNVERIFIABLE)],
)
def test_a_column_that_lacks_nothing_may_be_out_of_sight(county: Small, missing: str, status: Status) -> None:
    county.reload(pack=PACK + BOTH)
    rulebook, calendar = county.office.loaded.rulebooks[0], county.office.loaded.calendar
    now, before = at("2015-10-16"), at("2015-10-12")
    one = replace(
        matter("keji"), key="small/small/both/keji/once", pack="small", duty="both", label="once",
        status=Status.INCOMPLETE, missing=(missing,) if missing else (),
    )  # fmt: skip
    reading = CountySnapshot(rulebook, calendar, now, (one,))
    looked = {"county-site/environment": before, "county-site/finance": now}
    assert [line.status for line in as_seen(reading, looked, calendar).lines] == [status]


async def test_before_anything_was_decided_there_is_no_draft(county: Small) -> None:
    """Else it would say of a county that nobody looked at that nothing was due in it."""
    shutil.copy(PACKS / "rectification.yaml", county.root / "rules" / "packs")
    county.reload(county=COUNTY.replace("packs: [small]", "packs: [small, rectification]") + CIRCULAR)
    county.clock.now = at("2015-08-03")
    async with acting(county) as circulars:
        with pytest.raises(RegisterError, match="nothing was decided for small yet"):
            circulars.draft("2015-07", "王敏")


async def test_a_month_before_the_county_was_supervised_has_no_circular(county: Small) -> None:
    await lived(county, date(2015, 9, 3))
    async with acting(county) as circulars:
        with pytest.raises(
            RegisterError, match="small is supervised from 2015-07-01 on: there is no circular of 2015-06"
        ):
            circulars.draft("2015-06", "王敏")


@pytest.mark.nightly
async def test_the_words_say_of_how_many_matters_they_speak_and_of_which_month(county: Small) -> None:
    await lived(county)
    # 31 October is a Saturday: only a county that has adopted it holds that day against anybody.
    path = county.root / "rules" / "counties" / "small" / "county.yaml"
    county.reload(county=path.read_text("utf-8") + "adopted: {small: [rest-days]}\n")
    async with acting(county) as circulars:
        september = text_of(circulars.draft(SEPTEMBER, "王敏"))
    assert "对2项予以通报，其中2015年9月到期2项，此前到期、至今没有整改到位0项" in september
    await county.live(date(2015, 10, 17), date(2015, 11, 2))
    async with acting(county) as circulars:
        october = text_of(circulars.draft("2015-10", "王敏"))
    assert "对3项予以通报，其中2015年10月到期1项，此前到期、至今没有整改到位2项" in october
