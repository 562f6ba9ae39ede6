"""Three months of the small county, with the overdue report of each Monday at eight."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from tests.decide.small_county import PACK, ZONE, Small, at
from tests.entered import new_answer
from tracker.store.answers import add_acknowledgement


async def weeks(county: Small, first: date, last: date) -> None:
    """Live on; each Monday at eight the report is decided."""
    day = first
    while day <= last:
        for hour in (time(6), time(8), time(8, 30), time(12)):
            county.clock.now = datetime.combine(day, hour, ZONE)
            if hour == time(8) and day.weekday() == 0:
                county.office.report_overdue()
            elif hour != time(8):
                await county.turn(crawl=hour == time(6))
        day += timedelta(days=1)


async def live_a_quarter(county: Small) -> None:
    """Three months in which something is late, made good, published in part, out of sight, explained, renamed."""
    site = county.site
    site.publish("environment", "6月份水环境质量状况", at("2015-07-08"))
    site.publish("environment", "7月份水环境质量状况", at("2015-09-17", "15:00"))
    site.publish("insurance", "二季度社会保险情况", at("2015-09-29", "15:00"), "参保情况如下")
    await weeks(county, date(2015, 8, 24), date(2015, 9, 10))
    with county.office.store.begin() as tx:
        add_acknowledgement(
            tx,
            "small",
            new_answer(
                kind="explained",
                occurrence="small/small/water/huanbao/2015-08",
                step="overdue",
                role="liaison",
                text="监测设备检修",
                by="甲",
                now=county.clock.now,
                quiet_until=county.clock.now + timedelta(days=7),
            ),
            "t1",
        )
    await weeks(county, date(2015, 9, 11), date(2015, 9, 25))
    site.down = True
    await weeks(county, date(2015, 9, 26), date(2015, 10, 6))
    site.down = False
    await weeks(county, date(2015, 10, 7), date(2015, 10, 13))
    county.reload(pack=PACK.replace("title: 水环境质量月报", "title: 地表水质量月报"))
    county.event("2015-09-22")
    site.publish("powers", "环保局权力清单", at("2015-10-20"))
    await weeks(county, date(2015, 10, 14), date(2015, 10, 28))
