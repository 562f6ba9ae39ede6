"""What the environment bureau of the sample county does in 2015: on time, late, in part, never, gone and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.entered import new_event, new_filing, new_ruling, new_silence
from tests.rules.department_year import Blind, Deed, Page, Story
from tracker.core.escalation.notices import Acknowledgement
from tracker.core.law.duties import Span
from tracker.core.values.facts import RulingKind
from tracker.daemon.jobs import Office
from tracker.registers.answers import forward_explanation, order_silence, record_acknowledgement
from tracker.registers.decisions import record_ruling
from tracker.registers.events import record_event
from tracker.registers.filings import record_filing
from tracker.store.engine import Tx

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2015, 1, 1), date(2016, 1, 22)
DAY = timedelta(days=1)

ENVIRONMENT = "county-site/environment"
SITE = ("county-site/approval", "county-site/powers", "county-site/finance", "county-site/projects", ENVIRONMENT,
        "county-site/intermediaries", "county-site/focus@huanbao", "county-site/news", "county-site/notices",
        "county-site/systems", "county-site/annual-reports", "county-site/guide", "county-site/catalogue",
        "county-site/page:hotline")  # fmt: skip

#: Days on whose figures nothing came out, and days on which it came out late, all at once.
NO_AIR = {date(2015, 3, 12), date(2015, 3, 13)}
LATE_AIR = {date(2015, 10, 1) + timedelta(days=n): date(2015, 10, 8) for n in range(7)}
LATE_AIR |= {date(2015, 7, 6) + timedelta(days=n): date(2015, 7, 21) for n in range(11)}

GUIDE = (
    "设定依据：水污染防治法第二十条。申请条件：已通过环评验收。申请材料：申请表、监测报告。办理地点及时间：行政服务中心二楼，工作日。"
    "联系电话：46823456。基本流程：受理、审查、发证。审批时限：20个工作日。收费依据及标准：不收费。注意事项：有效期三年。"
)
POWERS = "行政职权、法律依据、实施主体、办理地点及时间、联系电话、运行流程见附表。"
MONEY = "支出功能分类项级科目、“三公”经费、机关运行经费、会议费、培训费、政府采购、绩效情况说明如下。"
ANNUAL = "主动公开、依申请公开、收费减免、行政复议和诉讼情况，主要问题和改进措施。"
HOW_TO = "信息分类、编排体系、获取方式、工作机构、办公地址、办公时间、联系电话、传真号码、电子邮箱。"

#: Every month's four parts, on the 12th at 10:00; other days where the story is about them. None: never.
MONTHLY = {"水环境质量": "water", "污染源监管": "sources", "建设项目环评审批": "eia", "区域环境质量": "regional"}
OTHER_DAYS: dict[tuple[int, str], tuple[int, int] | None] = {
    **{(3, title): (3, 30) for title in MONTHLY},  # after both reminders, on time
    **{(5, title): (6, 10) for title in MONTHLY},  # late: the lead and the office heard of it
    (7, "水环境质量"): (8, 20),  # incomplete for weeks
    **{(11, title): None for title in MONTHLY},  # never
}


def at(month: int, day: int, hour: str = "10:00") -> datetime:
    return datetime.combine(date(2015, month, day), time.fromisoformat(hour), ZONE)


# -- the site ------------------------------------------------------------------------------------


def _air() -> list[Page]:
    """Each day the figure of the day before."""
    days = (FIRST + timedelta(days=n) for n in range(365))
    return [
        Page(
            ENVIRONMENT,
            f"{day - DAY:%-m月%-d日}空气质量指数（AQI）",
            datetime.combine(LATE_AIR.get(day, day), time(8), ZONE) + timedelta(minutes=day.day),
            f"AQI {50 + day.day}，空气质量良",
            told=day in LATE_AIR,
        )
        for day in days
        if day not in NO_AIR
    ]


def _months() -> list[Page]:
    pages = []
    for month in range(1, 13):
        for title in MONTHLY:
            day = OTHER_DAYS.get((month, title), (month, 12))
            if day is None:
                continue
            names = (month - 1) or 12
            page = Page(
                ENVIRONMENT,
                f"{'2014年' if month == 1 else ''}{names}月份{title}情况",
                at(*day),
                told=day != (month, 12),
            )
            if (month, title) == (9, "污染源监管"):
                page = replace(page, until=at(10, 19, "15:00"), back=at(11, 4, "09:00"), told=True)
            pages.append(page)
    return pages


def _pages() -> list[Page]:
    focus, news, systems = "county-site/focus@huanbao", "county-site/news", "county-site/systems"
    approval, other = "county-site/approval", "approval-site/approval"
    return [
        *_air(),
        *_months(),
        Page(ENVIRONMENT, "2015年环境重点监管对象名录", at(4, 2)),
        Page(ENVIRONMENT, "2014年主要污染物排放总量", at(12, 28)),
        Page(ENVIRONMENT, "一季度环境执法检查依据和结果", at(3, 5)),
        Page(ENVIRONMENT, "水源地专项执法检查结果", at(6, 3)),
        Page(ENVIRONMENT, "秋季环境执法检查结果", at(11, 2)),
        Page(ENVIRONMENT, "群众投诉举报处理情况", at(9, 28)),
        Page(ENVIRONMENT, "违法企业整改情况", at(12, 29)),
        Page(ENVIRONMENT, "柴油泄漏突发环境事件应急处置情况", at(5, 1, "09:00")),
        Page(ENVIRONMENT, "柴油泄漏突发环境事件调查结果", at(5, 20, "16:00")),
        Page(ENVIRONMENT, "化工厂泄漏事故应急处置情况", at(8, 24, "11:00")),
        Page("county-site/page:hotline", "环境问题在线举报", at(5, 4), "在线举报入口"),
        Page(approval, "环保局行政审批事项清单", at(7, 20), GUIDE),
        Page(other, "环保局行政审批事项清单", at(8, 6), GUIDE),
        Page(approval, "环保局排污许可证核发修订公告", at(6, 20, "09:00"), GUIDE),
        Page(other, "环保局排污许可证核发修订公告", at(6, 20, "09:30"), GUIDE),
        Page("county-site/powers", "环保局行政权力清单", at(9, 29), POWERS,
             later=(at(10, 14), POWERS + "监督方式：12369。")),
        Page("county-site/finance", "环保局2015年部门预算及“三公”经费预算", at(4, 16), MONEY),
        Page("county-site/finance", "环保局2014年部门决算", at(9, 2), MONEY),
        Page("county-site/projects", "环保局监测站工程竣工验收情况", at(2, 10)),
        Page("county-site/projects", "环保局污水管网项目环评批复", at(5, 12)),
        Page("county-site/projects", "环保局监测站二期工程招标情况", at(12, 8)),
        Page("county-site/intermediaries", "环境保护局审批前置服务机构名单", at(7, 30),
             "名称、经营地址、资质状况、收费标准"),
        *(Page(focus, f"环保局重点领域信息（{month}月）", at(month, 6)) for month in (2, 5, 8, 11)),
        *(Page(news, f"环保局推行便民服务措施（{month}月）", at(month, 9)) for month in (3, 6, 9, 12)),
        Page("county-site/annual-reports", "环保局2014年政府信息公开工作年度报告", at(3, 18), ANNUAL),
        Page("county-site/guide", "环保局政府信息公开指南", at(1, 5), HOW_TO),
        Page("county-site/catalogue", "环保局政府信息公开目录", at(1, 5), "索引、名称、内容概述、生成日期"),
        Page(systems, "环保局政府信息公开考核评议制度", at(5, 6)),
        Page(systems, "环保局网站内容保障制度", at(5, 6)),
        Page(systems, "环保局信息公开分管负责人及工作人员", at(3, 3), "分管负责同志、工作人员"),
    ]  # fmt: skip


# -- the clerks ----------------------------------------------------------------------------------


def _key(rest: str) -> str:
    duty, label = rest.split(" ")
    pack = "foi-2007" if duty == "guide-and-catalogue" else "plan-2015"
    return f"sample/{pack}/{duty}/huanbao/{label}"


def _event(
    when: datetime, name: str, occurred: date | datetime, reference: str, *, duty: str | None = None,
    correct: bool = False, **fields: str,
) -> Deed:  # fmt: skip
    def do(tx: Tx, office: Office, now: datetime) -> None:
        record_event(
            tx,
            office.loaded.rulebooks[0],
            new_event(
                name=name,
                department="huanbao",
                occurred=occurred,
                by="王敏",
                now=now,
                reference=reference,
                duty=duty,
                fields=fields,
            ),
            correct=correct,
            reason="日期录错" if correct else "",
        )

    day = occurred.strftime("%m-%d %H:%M") if isinstance(occurred, datetime) else f"{occurred:%m-%d}"
    return Deed(when, f"{'更正' if correct else '登记'}事项 {name} {duty or ''} {day}（{reference}）", do)


def _zero(when: datetime, what: str) -> Deed:
    def do(tx: Tx, office: Office, now: datetime) -> None:
        record_filing(
            tx,
            office.loaded.rulebooks[0],
            new_filing("zero-report", occurrence=_key(what), by="梁雨", now=now),
            statement="本期无",
        )

    return Deed(when, f"零报告 {what}", do)


def _upkeep(when: datetime, what: str) -> Deed:
    def do(tx: Tx, office: Office, now: datetime) -> None:
        record_filing(tx, office.loaded.rulebooks[0], new_filing("upkeep", occurrence=_key(what), by="梁雨", now=now))

    return Deed(when, f"核对无误 {what}", do)


def _filed(when: datetime, what: str, proof: str, part: str | None = None, form: str = "statement") -> Deed:
    def do(tx: Tx, office: Office, now: datetime) -> None:
        record_filing(
            tx,
            office.loaded.rulebooks[0],
            new_filing("attestation", occurrence=_key(what), form=form, proof=proof, by="梁雨", now=now, part=part),
        )

    return Deed(when, f"报送证明 {what}：{proof}", do)


def _ruled(when: datetime, kind: RulingKind, what: str, reason: str, target: str = "") -> Deed:
    def do(tx: Tx, office: Office, now: datetime) -> None:
        record_ruling(
            tx,
            office.loaded.rulebooks[0],
            new_ruling(kind, occurrence=_key(what), by="李主任", reason=reason, now=now, target=target),
        )

    return Deed(when, f"认定 {kind} {what}：{reason}", do)


def _waived(when: datetime, what: str, reason: str) -> Deed:
    def do(tx: Tx, office: Office, now: datetime) -> None:
        record_ruling(
            tx,
            office.loaded.rulebooks[0],
            new_ruling(
                "waive",
                occurrence=_key(what),
                ground="not-applicable",
                basis="县政府批示",
                by="李主任",
                asked_by="孙科长",
                reason=reason,
                now=now,
            ),
        )

    return Deed(when, f"认定 waive {what}：{reason}", do)


def _silenced(when: datetime, until: datetime, duty: str) -> Deed:
    def do(tx: Tx, office: Office, now: datetime) -> None:
        order_silence(
            tx,
            office.loaded.rulebooks[0],
            new_silence(until=until, by="李主任", reason="监测站搬迁", duty=duty, department="huanbao", begins_at=now),
            now,
        )

    return Deed(when, f"静默 {duty} 至 {until:%m-%d %H:%M}", do)


def _answered(when: datetime, step: str, what: str, text: str) -> Deed:
    def do(tx: Tx, office: Office, now: datetime) -> None:
        book, calendar = office.loaded.rulebooks[0], office.loaded.calendar
        said = record_acknowledgement(
            tx, book, calendar, Acknowledgement(0, _key(what), step, "liaison", "explained", text, "梁雨", now, now),
            token=what, sent_at=when - timedelta(days=1), quiet=Span(10, "workdays"),
        )  # fmt: skip
        forward_explanation(tx, book, office.loaded.office_time(book.county.zone), said.value, now)

    return Deed(when, f"联络员说明 {what}（{step}）：{text}", do)


def _deeds() -> list[Deed]:
    enforcement, emergency = "environment-enforcement", "environment-emergency"
    return [
        # Events.
        _event(at(4, 13), "budget-approved", date(2015, 3, 24), "2015", year="2015"),
        _event(at(8, 17), "final-accounts-approved", date(2015, 8, 14), "2014", year="2014"),
        _event(at(9, 1), "final-accounts-approved", date(2015, 8, 21), "2014", year="2014", correct=True),
        _event(at(5, 12), "information-formed", date(2015, 5, 11), "1", duty=enforcement),
        _event(at(9, 22), "information-formed", date(2015, 9, 21), "2", duty=enforcement),
        _event(at(4, 30, "19:00"), emergency, at(4, 30, "18:20"), "diesel"),
        _event(at(5, 16, "08:00"), f"{emergency}-investigated", at(5, 15, "23:59"), "diesel"),
        _event(at(8, 22, "03:10"), emergency, at(8, 22, "02:30"), "factory"),
        _event(at(6, 19, "15:00"), "approval-item-changed", at(6, 19, "14:00"), "permit", item="排污许可证核发"),
        _event(at(9, 21, "11:00"), "foi-request-received", date(2015, 9, 21), "7"),
        _event(at(10, 14, "16:00"), "foi-answer", date(2015, 10, 14), "7"),
        _event(at(10, 26, "11:00"), "foi-request-received", date(2015, 10, 26), "8"),
        _ruled(at(11, 12), "extend", "foi-request event:foi-request-received:8", "需征求第三方意见"),
        # The emergency's other half is what the papers wrote; the county office accepts it after the holiday.
        _filed(at(5, 1, "16:00"), f"{emergency} event:environment-emergency:diesel.response",
               "https://news.example/1", form="link"),
        _ruled(at(5, 4), "accept", f"{emergency} event:environment-emergency:diesel.response", "报道属实",
               "https://news.example/1"),
        _filed(at(5, 20, "17:00"), f"{emergency} event:environment-emergency-investigated:diesel.findings",
               "https://news.example/2", form="link"),
        _ruled(at(5, 21), "accept", f"{emergency} event:environment-emergency-investigated:diesel.findings",
               "报道属实", "https://news.example/2"),
        _waived(at(8, 26), f"{emergency} event:environment-emergency:factory.response", "报社停刊，经批准免于见报"),
        # Zero reports and upkeep.
        _zero(at(3, 26), "environment-complaints 2015-Q1"),
        _zero(at(3, 27), "project-approval 2015-Q1"),
        _zero(at(9, 25), "project-approval 2015-Q3"),
        _zero(at(12, 25), "project-approval 2015-Q4"),
        _zero(at(6, 26), "project-execution 2015-Q2"),
        *(_upkeep(at(month, 22), f"guide-and-catalogue 2015-Q{month // 3}") for month in (6, 9, 12)),
        _upkeep(at(12, 3), "approval-items 2015-Q4"),
        _upkeep(at(12, 3), "intermediaries 2015-Q4"),
        # Papers: on time, late, not accepted, never.
        _filed(at(3, 20), "foi-review 2015-Q1", "申请内容、答复情况、问题、建议"),
        _ruled(at(3, 23), "accept", "foi-review 2015-Q1", "内容齐全", "申请内容、答复情况、问题、建议"),
        _filed(at(6, 12), "work-briefing 2015-H1", "汇报材料"),
        _ruled(at(6, 15), "reject", "work-briefing 2015-H1", "未附会议记录", "汇报材料"),
        _filed(at(7, 14), "work-briefing 2015-H1", "汇报材料及会议记录"),
        _ruled(at(7, 15), "accept", "work-briefing 2015-H1", "补齐", "汇报材料及会议记录"),
        _filed(at(9, 14), "secrecy-review once", "保密审查制度"),
        _ruled(at(9, 15), "accept", "secrecy-review once", "制度已印发", "保密审查制度"),
        # People beside it.
        _silenced(at(7, 17, "16:00"), at(7, 27, "00:00"), "air-quality"),
        _answered(at(12, 16, "09:30"), "to-supervisor", "environment-monthly 2015-11", "数据正在复核，月底前公开"),
    ]  # fmt: skip


def story() -> Story:
    """The whole year."""
    return Story(
        _pages(),
        sorted(_deeds(), key=lambda deed: deed.recorded_at),
        [
            Blind(at(4, 13, "00:00"), at(4, 17, "08:00"), SITE),
            Blind(at(6, 29, "20:00"), at(7, 3, "08:00"), (ENVIRONMENT,)),
        ],
    )
