"""What a crawl remembers between its passes: the same as the database says, whatever happened."""

from __future__ import annotations

import random

import sqlalchemy as sa

from tests.evidence.crawled import WATER, Office, Site
from tracker.crawl.site_state import SiteState
from tracker.store.site import load_known_entries


async def test_a_warm_memory_is_what_the_database_says_after_whatever_happened(
    site: Site, either_office: Office
) -> None:
    office, memory, luck = either_office, SiteState(), random.Random(9)
    for number in range(30):
        name = str(luck.randrange(6))
        path = f"/hjbh/{name}.html"
        match luck.choice(("publish", "retitle", "unlist", "remove", "break", "mend", "rewrite", "page", "wait")):
            case "publish":
                site.publish(name, f"{WATER}{name}")
            case "retitle" | "rewrite":
                site.publish(name, f"{WATER}之{number}", text=f"第{number}次修改后的正文内容。" * 4)
            case "unlist":
                site.lists["hjbh"].pop(path, None)
            case "remove":
                site.lists["hjbh"].pop(path, None)
                site.articles.pop(path, None)
            case "break":
                site.broken["/hjbh/"] = 500
            case "mend":
                site.broken.clear()
            case "page":
                site.pages["jubao"] = f"<html><body><div id=zoom>在线举报第{number}版，请填写。</div></body></html>"
            case "wait":
                office.clock.advance(days=luck.randrange(1, 5))
        office.clock.advance(hours=1)
        await office.crawl(site_state=memory)
        with office.store.read() as tx:
            stored = load_known_entries(tx, "sample", list(office.columns))
        assert {column: memory.entries_of(column) for column in office.columns} == stored


async def test_visits_that_could_not_be_recorded_count_for_nothing(site: Site, office: Office) -> None:
    memory = SiteState()
    site.publish("1", WATER)
    await office.crawl(site_state=memory)
    before = office.facts()
    full = "CREATE TRIGGER full BEFORE INSERT ON visits BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
    for statement, blind, seen in ((full, 3, 3), ("DROP TRIGGER full", 0, 6)):
        with office.store.begin() as tx:
            tx.execute(sa.text(statement))
        office.clock.advance(hours=1)
        report = await office.crawl(site_state=memory)
        after = office.facts()
        assert (len(report.could_not_look), len(report.columns), len(after.visits)) == (blind, 3, seen)
        (entry,), (old,) = ([one for one in facts.entries if "hjbh" in one.url] for facts in (after, before))
        assert (entry.last_seen_at > old.last_seen_at) is not bool(blind)


async def test_another_ones_visit_makes_the_memory_forget(site: Site, either_office: Office) -> None:
    office, memory = either_office, SiteState()
    site.publish("1", WATER)
    await office.crawl(site_state=memory)
    site.publish("1", f"{WATER}（修订）")
    office.clock.advance(hours=1)
    await office.crawl()
    office.clock.advance(hours=1)
    await office.crawl(site_state=memory)
    (known,) = (memory.entries_of("county-site/environment") or {}).values()
    assert known.listed_title == f"{WATER}（修订）"
