"""Going live: the spans in which a county's departments are notified, and the obstacles to a first start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.utils import parseaddr
from ipaddress import ip_address
from zoneinfo import ZoneInfo

from tracker.core.assessment.circular import CRITICISED
from tracker.core.escalation.notices import OFFICE, Decision, DeliveryState, NoticeKey, build_office_notice
from tracker.core.escalation.office_time import OfficeTime
from tracker.core.law.counting import day_start
from tracker.core.law.county import County, GoLive, Rulebook
from tracker.core.law.duties import Duty, Within
from tracker.core.values.facts import Ruling
from tracker.core.values.message import Message

#: The step of notices about obstacles to going live.
UNREADY = "unready"
#: Kinds of ruling: the county goes live, and no longer.
GOLIVE, UNGOLIVE = "golive", "ungolive"


def golive_subject(county: str) -> str:
    """Return the subject of rulings about going live."""
    return f"county:{county}/golive"


def build_live_spans(rulings: Iterable[Ruling], zone: ZoneInfo) -> tuple[GoLive, ...]:
    """Return the spans for which the county was live, in order; the last has no end while it is live.

    A revocation without an earlier ruling ends a span that began on the day it names. A span that was revoked before it
    began is left out.
    """
    spans: list[GoLive] = []
    current: GoLive | None = None
    for ruling in sorted(rulings, key=lambda ruling: (ruling.recorded_at, ruling.id)):
        on, at = date.fromisoformat(ruling.target), ruling.recorded_at.astimezone(zone)
        if ruling.kind == GOLIVE:
            current = build_golive(on, at, ruling.by, ruling.reason, zone)
            continue
        span = current or build_golive(on, day_start(on, zone), ruling.by, ruling.reason, zone)
        if span.begins_at < at:
            spans.append(replace(span, until=at))
        current = None
    return (*spans, current) if current is not None else tuple(spans)


def apply_live_spans(county: County, spans: Sequence[GoLive]) -> County:
    """Return the county with these spans; it is live if the last one has no end."""
    current = spans[-1] if spans and spans[-1].until is None else None
    return replace(county, golive=current, was_live=tuple(span for span in spans if span.until is not None))


def was_live_between(county: County, first: date, last: date) -> bool:
    """Return whether the county was live on any of these days."""
    begins = day_start(first, county.zone)
    return any(span.on <= last and (span.until is None or span.until > begins) for span in county.live_spans)


def build_golive(on: date, recorded_at: datetime, by: str, reason: str, zone: ZoneInfo) -> GoLive:
    return GoLive(on, day_start(on, zone), recorded_at, by, reason)


def live_since_start(county: County, reason: str) -> GoLive:
    """Return the span of a county that was live before going live was recorded: from its first day."""
    first = day_start(county.start, county.zone)
    return build_golive(county.start, first, "督办系统", reason, county.zone)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why the county should not go live now, with the remedy: `text` for the command line, `reason` for the office.

    `key`: the same as long as the obstacle is the same.
    """

    key: str
    text: Message
    title: str
    reason: str


def find_obstacles(rulebook: Rulebook, today: date, senders: Iterable[str] = ()) -> Iterator[Obstacle]:
    """Yield the obstacles to going live for the first time.

    `senders`: sender and reply addresses of outgoing mail; none where it is not sent by SMTP.
    """
    county = rulebook.county
    file = f"rules/counties/{county.id}/county.yaml"
    plans = {duty.pack: duty for duty in rulebook.duties if not _follows_on_circular(duty)}
    if not any(duty.is_in_force(today) for duty in plans.values()):
        last_plan = max(plans.values(), key=lambda duty: duty.in_force_until, default=None)
        yield _no_plan_obstacle(file, last_plan)
    for pack in sorted(plans):
        if plans[pack].issued_assumed:
            yield _assumed_issue_obstacle(file, plans[pack])
    if today > _one_year_after(county.start):
        yield Obstacle(
            f"start:{county.start}",
            Message(
                "{file}: start {start} lies over a year back; write the first day that is to be supervised, what "
                "was due earlier is shown and not pressed",
                file=file,
                start=county.start,
            ),
            "起始日距今已超过一年",
            f"县文件中的起始日（start）为{county.start}，在此之后到期而未公开的事项都会督办。请核对是否属实，"
            f"需要时在{file}中改为实际开始督办的日期。",
        )
    for sender in dict.fromkeys(senders):
        if not is_reachable(sender):
            yield Obstacle(
                f"sender:{sender}",
                Message(
                    "schedule.yaml: mail leaves by smtp under {sender}, where nobody can reply; write an address of "
                    "the county office in its place (delivery.sender, delivery.reply_to)",
                    sender=sender,
                ),
                "发件地址无法回复",
                f"邮件以{sender}发出，收件单位无法回复。请在 schedule.yaml 的 delivery 中把 sender 或 reply_to "
                "改为本单位的邮箱。",
            )


def decide_unready_notices(
    rulebook: Rulebook,
    senders: Iterable[str],
    delivery_states: Mapping[str, Mapping[NoticeKey, DeliveryState]],
    office: OfficeTime,
    now: datetime,
) -> Iterator[Decision]:
    """Yield notices to the office of a live county about obstacles to going live, once each.

    They stop nothing: open occurrences are still judged and escalated. `delivery_states`: by subject.
    """
    county = rulebook.county
    if county.shadow(now):
        return
    for obstacle in find_obstacles(rulebook, now.astimezone(county.zone).date(), senders):
        key = NoticeKey(f"golive:{obstacle.key}", 0, 0, UNREADY, 0, OFFICE, "mail")
        if key not in delivery_states.get(key.subject, {}):
            at, shown = office.next_morning(now), {"title": obstacle.title}
            notice = build_office_notice(key, county.id, "fault", obstacle.reason, at, shown)
            yield Decision("send", key, obstacle.reason, notice)


def _no_plan_obstacle(file: str, last: Duty | None) -> Obstacle:
    ended = Message("none is listed")
    if last:
        ended = Message("the last one, {pack}, holds until {until}", pack=last.pack, until=last.in_force_until)
    ended_zh = f"最近的“{last.pack_title or last.pack}”到{last.in_force_until}为止" if last else "尚未列入规则包"
    return Obstacle(
        f"plan:{last.pack}:{last.in_force_until}" if last else "plan:none",
        Message(
            "{file}: no plan is in force today ({ended}); copy a pack of rules/packs under a new name such as plan-"
            "YEAR.yaml, set its `pack`, `title`, `in_force` and days, and list it under `packs`",
            file=file,
            ended=ended,
        ),
        "没有现行有效的公开工作方案",
        f"今日没有任何规则包有效（{ended_zh}），不会产生新的公开事项，已列入的事项照常督办。请把 rules/packs 下的规则包"
        f"复制为新的一份（如 plan-年份.yaml），改好 pack、title、in_force 和各项时限，并列入{file}的 packs。",
    )


def _assumed_issue_obstacle(file: str, duty: Duty) -> Obstacle:
    day = duty.issued.isoformat() if duty.issued else ""
    return Obstacle(
        f"issued:{duty.pack}",
        Message(
            "{file}: issued: {pack}: the day on which the county issued it is not given, {day} is an assumption; "
            "write `issued: {entry}`",
            file=file,
            pack=duty.pack,
            day=day,
            entry=f"{{{duty.pack}: YYYY-MM-DD}}",
        ),
        "未登记文件印发日期",
        f"“{duty.pack_title or duty.pack}”的印发日期尚未登记，现按不早于{day}掌握，此前到期的事项是否有约束力无从认定。"
        f"请在{file}中写明 issued 项下 {duty.pack} 的印发日期。",
    )


def _follows_on_circular(duty: Duty) -> bool:
    """Return whether only the county's own circulars start the duty."""
    deadlines = [deadline for part in duty.parts for deadline in part.deadlines]
    return bool(deadlines) and all(
        isinstance(deadline, Within) and deadline.event.name == CRITICISED for deadline in deadlines
    )


def _one_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)


def is_reachable(sender: str) -> bool:
    """Return whether somebody can reply to an address: its host is neither this machine, nor a bare or reserved
    name."""
    host = parseaddr(sender)[1].rpartition("@")[2].lower().rstrip(".")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1].removeprefix("ipv6:")
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        reserved = ("localhost", "localdomain", "invalid")
        return "." in host and host.rpartition(".")[2] not in reserved


def not_live_message(county: str) -> Message:
    """Return the message that the county's departments get no notices yet, and how to change that."""
    return Message(
        "{county} has not gone live: what is meant for departments goes to the county office alone "
        "(duban golive --dry-run shows it, duban golive releases it)",
        county=county,
    )
