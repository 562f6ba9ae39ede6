"""A quarter of the small county, lived through pass by pass, with three days in which nothing ran."""

from __future__ import annotations

from datetime import date

import pytest

from tests.decide.small_county import Small, at

# Worked by hand. 2015-08-31 is a Monday; 3 to 5 September are off, Sunday the 6th is worked: the working days
# after the 31st are 9-1, 9-2, 9-6, 9-7, 9-8. After 9-30: 10-8, 10-9, Saturday 10-10, 10-12, 10-13.
QUARTER = """\
08-03 08:30 budget/keji/awaiting:budget-approved record liaison sent
08-03 08:30 budget/keji/awaiting:budget-approved record county-office sent
08-24 08:30 water/huanbao/2015-08 reminder liaison sent
08-28 08:30 water/huanbao/2015-08 last-reminder liaison sent
09-06 08:30 water/huanbao/2015-08 overdue liaison sent
09-08 08:30 water/huanbao/2015-08 to-lead liaison sent
09-08 08:30 water/huanbao/2015-08 to-lead lead sent
09-10 08:30 water/huanbao/2015-08 to-county-office lead sent
09-10 08:30 water/huanbao/2015-08 to-county-office county-office sent
09-11 08:30 water/huanbao/2015-08 mended liaison sent
09-11 08:30 water/huanbao/2015-08 mended lead sent
09-11 08:30 water/huanbao/2015-08 mended county-office sent
09-23 08:30 insurance/shebao/2015-Q3 reminder liaison sent
09-23 08:30 powers/keji/once reminder liaison sent
09-23 08:30 powers/huanbao/once reminder liaison sent
09-29 08:30 insurance/shebao/2015-Q3 last-reminder liaison sent
09-29 08:30 powers/huanbao/once last-reminder liaison sent
10-08 08:30 insurance/shebao/2015-Q3 overdue liaison sent
10-08 08:30 powers/huanbao/once overdue liaison sent
10-10 08:30 insurance/shebao/2015-Q3 to-lead liaison sent
10-10 08:30 insurance/shebao/2015-Q3 to-lead lead sent
10-10 08:30 powers/huanbao/once to-lead liaison sent
10-10 08:30 powers/huanbao/once to-lead lead sent
10-13 08:30 insurance/shebao/2015-Q3 to-county-office lead sent
10-13 08:30 insurance/shebao/2015-Q3 to-county-office county-office sent
10-13 08:30 powers/huanbao/once to-county-office lead sent
10-13 08:30 powers/huanbao/once to-county-office county-office sent
"""


@pytest.mark.nightly
async def test_a_quarter_with_three_days_without_a_pass_sends_exactly_these_notices(county: Small) -> None:
    site = county.site
    site.publish("environment", "6月份水环境质量状况", at("2015-07-08"))
    site.publish("environment", "7月份水环境质量状况", at("2015-09-10"))
    site.publish("environment", "8月份水环境质量状况", at("2015-09-20"))
    site.publish(
        "insurance", "二季度社会保险情况", at("2015-09-29", "15:00"), "参保情况如下"
    )  # says nothing of the funds
    site.publish("powers", "科技局权力清单", at("2015-09-25"))
    await county.live(date(2015, 7, 1), date(2015, 8, 31))
    await county.live(date(2015, 9, 4), date(2015, 10, 16))  # 1, 2 and 3 September: nothing ran
    assert county.notices() == QUARTER.splitlines()


async def test_while_the_site_is_down_nobody_is_pressed_and_the_county_office_hears_of_it(county: Small) -> None:
    await county.live(date(2015, 7, 24), date(2015, 7, 30))
    county.site.down = True
    await county.live(date(2015, 7, 31), date(2015, 8, 6))
    while_down = [line for line in county.notices() if "water" in line]
    assert while_down == [
        "07-24 08:30 water/huanbao/2015-07 reminder liaison sent",
        "07-30 08:30 water/huanbao/2015-07 last-reminder liaison sent",
    ]  # the office hears of the site, once, and not of each matter that it hides
    assert [line for line in county.notices() if " outage county-office sent" in line] != []
    assert county.rows()["water/huanbao/2015-07"].status == "unverifiable"
    county.site.down = False
    county.site.publish("environment", "6月份水环境质量状况", at("2015-07-30"))
    await county.live(date(2015, 8, 7), date(2015, 8, 7))
    row = county.rows()["water/huanbao/2015-07"]
    assert (row.status, row.light) == ("met", "green")


async def test_what_was_due_before_the_county_began_is_shown_and_not_pressed(county: Small) -> None:
    await county.live(date(2015, 7, 1), date(2015, 7, 20))
    rows = county.rows()
    assert rows["water/huanbao/2015-06"].status == "overdue"
    assert not [line for line in county.notices() if "2015-06" in line]


async def test_shadow_mode_tells_the_county_office_alone(county: Small) -> None:
    from tests.decide.small_county import COUNTY

    county.reload(county=COUNTY.replace("start:", "mode: shadow\nstart:"))
    await county.live(date(2015, 7, 20), date(2015, 8, 10))
    roles = {line.split()[4] for line in county.notices()}
    assert roles == {"county-office@shadow", "county-office"}
