"""Words the stoppages of a clock for a derivation: what stopped it, what set it going, which days do not count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tracker.core.law.assumed_rules import LAPSE_SENT, NEXT_DAY, PAUSE_DAYS, RESTART_LAW, UNLAWFUL_STEPS
from tracker.core.law.clock import ClockRun, Stoppage
from tracker.core.law.counting import moment_day
from tracker.core.law.duties import Within
from tracker.core.law.wording import day_zh, span_zh
from tracker.core.values.facts import Moment

#: What each rule of ours on a clock says.
_RULES = {
    PAUSE_DAYS: "中止计时的起始日计入、恢复日不计入",
    RESTART_LAW: "重新起算后仍按首次起算时施行的规定计算",
    LAPSE_SENT: "送达之日未登记，答复期限暂自发出之日起算",
    UNLAWFUL_STEPS: "不合规定的步骤不影响计时",
    NEXT_DAY: "“次日起”以次日为第一日计入",
}


def brief(day: date, year: int | None = None) -> str:
    """Return 9月30日, with its year if that is not `year`."""
    return f"{day.month}月{day.day}日" if year in (None, day.year) else day_zh(day)


def instant(at: datetime, year: int | None = None) -> str:
    """Return 3月7日17时30分; midnight is 24时 of the day that ends."""
    if (at.hour, at.minute) == (0, 0):
        return f"{brief(at.date() - timedelta(days=1), year)}24时"
    return f"{brief(at.date(), year)}{at.hour}时" + (f"{at.minute}分" if at.minute else "")


def near(day: date, beside: date, year: int | None) -> str:
    """Return 22日 beside a day of the same month, else 3月22日."""
    same = (day.year, day.month) == (beside.year, beside.month)
    return f"{day.day}日" if same else brief(day, year)


def word_restart(restart: Stoppage, year: int) -> str:
    """Return 2月26日“要求补正”停止计时，自3月3日“补正”重新起算."""
    assert restart.until is not None
    stopped = f"{brief(restart.since, year)}“{restart.first_title}”停止计时"
    if restart.silence is not None:
        return f"{stopped}，{_word_silence(restart, year)}，自届满之日重新起算"
    return f"{stopped}，自{brief(restart.until, year)}“{restart.second_title}”重新起算"


def word_pauses(run: ClockRun, year: int, zone: ZoneInfo) -> str:
    """Return the clauses on the pauses that have an end, each with the days or hours that do not count."""
    is_in_hours = run.counts[0].span.unit == "hours"
    ended = [pause for pause in run.pauses if not pause.is_open]
    text = "".join(f"{_word_pause(pause, year, zone, is_in_hours=is_in_hours)}，" for pause in ended)
    return text + ("重叠的日期只扣除一次，" if _is_overlapping(ended) and not is_in_hours else "")


def word_open(run: ClockRun, year: int, zone: ZoneInfo) -> str:
    """Return that the clock stands, what has to be recorded for it to go on, and that the limit is not known yet."""
    stoppage = run.open
    assert stoppage is not None
    verb, then = ("停止", "重新起算") if stoppage.stop.restarts else ("中止", "继续计算")
    awaited = "、".join(f"“{rule.title}”" for rule in stoppage.stop.then if not rule.lapse)
    text = f"{brief(stoppage.since, year)}“{stoppage.first_title}”{verb}计时，登记{awaited}后{then}"
    if stoppage.closes:
        text += f"；{_word_silence(stoppage, year)}，此后不再要求"
    return f"{text}，时限待定{word_plain(run, year, zone)}"


def word_plain(run: ClockRun, year: int, zone: ZoneInfo) -> str:
    """Return （不计中止为3月30日）: the limit as it was before anything stopped the clock."""
    if not run.stood:
        return ""
    plain = run.plain
    day = instant(plain.at.astimezone(zone), year) if plain.span.unit == "hours" else brief(plain.on, year)
    return f"（原为{day}）"


def word_rules(run: ClockRun) -> Iterator[tuple[str, str]]:
    """Yield the name of each rule of ours that bears on the due day, with what it says."""
    for name in run.rests_on:
        if name == NEXT_DAY and run.otherwise is not None:
            other = brief(run.otherwise, run.counts[-1].on.year)
            yield name, f"{_RULES[name]}（另一种理解以次日为起算之日、当日不计，至{other}届满）"
        elif name in _RULES:
            yield name, _RULES[name]


def word_idle(deadline: Within, run: ClockRun, year: int, zone: ZoneInfo) -> list[str]:
    """Return of each unlawful fact that it moved no clock, and by which provision it was unlawful."""
    titles = {rule.name: rule.title for rule in (*deadline.until, *(stop.first for stop in deadline.stops))}
    return [
        f"{brief(moment_day(fact.occurred, zone), year)}“{titles[fact.name]}”与{fact.fields['idle']}不符，不影响计时"
        for fact in run.idle
    ]


def _word_pause(pause: Stoppage, year: int, zone: ZoneInfo, *, is_in_hours: bool) -> str:
    assert pause.until is not None
    assert pause.ended is not None
    first, last = pause.since + timedelta(days=1), pause.until
    stopped = f"{brief(pause.since, year)}“{pause.first_title}”"
    if is_in_hours:
        began, ended = (_word_moment(moment, year, zone) for moment in (pause.first.occurred, pause.ended))
        return f"{began}“{pause.first_title}”至{ended}“{pause.second_title}”期间不计入"
    resumed = (
        f"，{_word_silence(pause, year)}"
        if pause.silence is not None
        else f"至{near(last, pause.since, year)}“{pause.second_title}”"
    )
    days = brief(first, year) + (f"至{near(last, first, year)}" if last > first else "")
    return f"{days}中止计时不计入（{stopped}{resumed}）"


def _word_silence(stoppage: Stoppage, year: int) -> str:
    """Return 至3月27日“其他机关逾期未答复”，自发出之日起算15个工作日."""
    silence = stoppage.silence
    assert silence is not None
    assert stoppage.until is not None
    start = "发出之日" if silence.from_sending else f"{brief(silence.end.day, year)}送达"
    end = f"至{brief(stoppage.until, year)}“{silence.rule.title}”"
    return f"{end}，自{start}起算{span_zh(silence.end.span)}"


def _word_moment(moment: Moment, year: int, zone: ZoneInfo) -> str:
    if isinstance(moment, datetime):
        return instant(moment.astimezone(zone), year)
    return f"{brief(moment, year)}24时"


def _is_overlapping(pauses: Sequence[Stoppage]) -> bool:
    days = sorted((pause.since, pause.until) for pause in pauses if pause.until is not None)
    return any(later[0] < earlier[1] for earlier, later in pairwise(days))
