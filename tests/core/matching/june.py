"""June 2015 of a monthly duty of the environment bureau, due on the 30th: what may be known of it."""

from __future__ import annotations

from dataclasses import replace

from tests.core.verdict.judging import (
    OWN,
    at,
    attestation,
    cell,
    changed,
    daily_visits,
    duty,
    entry,
    filing,
    items,
    key,
    listing,
    record,
    ruling,
    visit,
)
from tracker.core.law.duties import Every
from tracker.core.values.facts import Attachment, VisitOutcome

JUNE = key("2015-06")
ONE = duty(Every(unit="month"), cells=[cell(listing(title="水质"))], contents=items("甲", "乙"))
BOTH = duty(Every(unit="month"), cells=[cell(listing(title="水质")), cell(listing(OWN, channel="own-site"))])
ATTESTED = duty(Every(unit="month"), cells=[cell(filing())])
RECORDED = duty(Every(unit="month"), cells=[cell(record("record-report"))])
ANSWERED = duty(Every(unit="month"), cells=[cell(record("foi-answer", "答复"))])
ZERO = duty(Every(unit="month", zero_report=True), cells=[cell(listing(title="水质"))])
WEAK = duty(Every(unit="month", assumed=True, reading="timely"), cells=[cell(listing(title="水质"))])
SOON = {JUNE: at("2015-06-25T00:00")}

FULL = entry("水质公告", "2015-06-10", text="甲乙")
HALF = entry("水质公告", "2015-06-10", text="甲")
LATE = entry("水质公告", "2015-07-06", text="甲乙")
DATED_BACK = entry("水质公告", "2015-06-30", seen="2015-07-06", text="甲乙")
UNREAD = entry("水质公告", "2015-06-10", text=None)
GONE = entry("水质公告", "2015-06-10", text="甲乙", gone="2015-06-20", url="http://127.0.0.1/gone.html")
EMPTIED = replace(GONE, gone_status=200)
DOUBTED = replace(FULL, hollow_at=at("2015-07-02"))
PAPER = attestation(JUNE, "2015-06-20")

TAKEN = ruling("accept", JUNE, f"attestation:{PAPER.id}")
PAPER_LATE = attestation(JUNE, "2015-07-06")
TAKEN_LATE = ruling("accept", JUNE, f"attestation:{PAPER_LATE.id}")
NONE_AROSE = attestation(JUNE, "2015-06-20", kind="zero-report")
NONE_AROSE_LATE = attestation(JUNE, "2015-07-06", kind="zero-report")

SINCE = [visit("2015-06-29"), visit("2015-07-01T00:00")]  # the second begins at due_at, to the second
BEFORE = [visit("2015-06-29"), visit("2015-06-30T23:59")]
ACROSS = [visit("2015-06-30T23:58")]  # it ends at 00:03
SHALLOW = [visit("2015-07-01", "2015-06-01")]  # the last page read still held the 1st of June
DEEP = [visit("2015-07-01", "2015-05-31")]
DOWN = [visit("2015-07-01", None, outcome=outcome) for outcome in VisitOutcome if outcome is not VisitOutcome.READ]
OWN_TOO = [*SINCE, visit("2015-07-01", column=OWN)]

HOUR_BACK = replace(DATED_BACK, versions=(replace(DATED_BACK.current, claimed=at("2015-06-30T10:00")),))
SEEN_AS_DUE = entry("水质公告", "2015-06-28", seen="2015-07-01T00:00", text="甲乙")
SEEN_IN_TIME = entry("水质公告", "2015-06-20", seen="2015-06-30T22:00", text="甲乙")
PUT_IN = replace(HALF, versions=(HALF.current, replace(HALF.current, seen_at=at("2015-07-06"), text="甲乙")))
_LISTED = entry("水质公告", "2015-06-10", text="甲", files=[("附件.xls", "无")])
FILED_IN = changed(_LISTED, "2015-07-06", attachments=(Attachment("附件.xls", "http://127.0.0.1/附件.xls", "乙"),))
COPY = [replace(DATED_BACK, url="http://127.0.0.1/new.html"), entry("水质公告", "2015-06-30", gone="2015-07-02")]
LAST_DAY = entry("水质", "2015-06-30", text="甲乙")
FIRST_LATE = entry("水质", "2015-07-01T00:00", text="甲乙")
SECOND_CELL = entry("动态", "2015-07-06", column=OWN)
AGAIN = replace(FULL, first_seen_at=at("2015-06-22"))
EACH_DAY = daily_visits("2015-06-01", "2015-06-30")


def seen(entries=(), visits=(), *, said=(), filed=()):
    held = entries if isinstance(entries, list) else [entries] if entries else []
    return {"entries": held, "visits": visits, "rulings": said, "filings": filed}


NOTHING = seen()
WAIVED = [ruling("waive", JUNE)]
NOT_OURS = [ruling("not-applicable", JUNE)]
