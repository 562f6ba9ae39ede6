"""Articles that hold an item, lack it, or hide it where nobody can look."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.sites import words
from tests.sites.articles import SYSTEMS, ArticleParts, write
from tests.sites.case import Case
from tests.sites.files import FILES

_TYPES = {
    "pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "doc": "application/msword",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xls": "application/vnd.ms-excel", "zip": "application/zip",
}  # fmt: skip


def item(
    *any_of: str, verdict: str, number: tuple[float, float] | None = None, names: str = "", where: Sequence[str] = ()
) -> dict[str, Any]:
    """What is question of an article, and what is true: found, missing, or unseen where nobody can tell.

    `where`: what has to stand in the sentence or cell that is kept as the proof.
    """
    truth: dict[str, Any] = {"any": list(any_of), "verdict": verdict}
    if number:
        truth["number"] = list(number)
    if names:
        truth["names"] = names
    if where:
        truth["where"] = list(where)
    return truth


def table(head: Sequence[str], lines: Sequence[Sequence[str]], tag: str = "td") -> str:
    cells = "".join(f"<{tag}>{name}</{tag}>" for name in head)
    return (
        f'</p><table border="1" cellspacing="0"><tr>{cells}</tr>'
        + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
        + "</table><p>"
    )


@dataclass(frozen=True, slots=True)
class Question:
    """One article: its trap, title, paragraphs, files (name, address, file kept or None) and items."""

    trap: str
    title: str
    paragraphs: tuple[str, ...]
    items: tuple[dict[str, Any], ...]
    files: tuple[tuple[str, str, str | None], ...] = ()


_AIR = (0, 500)
_LEAD = "根据有关规定，现将有关情况予以公布，接受社会监督，如有疑问请与我单位联系。"
_SEE = "现将有关情况予以公布，具体内容详见附件。"


def _texts() -> list[Question]:
    return [
        Question("item-in-text", "6月5日环境空气质量日报", (_LEAD, "2015年6月5日，全县环境空气质量AQI为65，空气质量良，首要污染物PM10。"), (item("AQI", "空气质量指数", verdict="found", number=_AIR, where=["正文", "AQI为65"]), item(names="day", verdict="found"), item("二氧化硫", verdict="missing"))),
        Question("number-out-of-range", "环境空气质量日报", (_LEAD, "经自动监测，全县空气质量指数为650，设备校准后重新发布。"), (item("AQI", "空气质量指数", verdict="missing", number=_AIR),)),
        Question("item-named-without-number", "环境空气质量公报", (_LEAD, "因设备检修，本日AQI未监测，联系电话见网站。"), (item("AQI", verdict="missing", number=_AIR),)),
        Question("item-in-title-only", "阳黎县2015年集中式生活饮用水水源水质监测信息", (_LEAD, "本季度监测结果全部达到国家标准，水质状况良好。"), (item("饮用水水源", verdict="found", where=["标题"]), item("噪声", verdict="missing"))),
        Question("item-in-menu-only", "关于开展卫生检查的通知", (_LEAD, "各单位要认真组织实施，确保检查取得实效，不留死角。"), (item("领导之窗", verdict="missing"), item("友情链接", verdict="missing"), item("县长信箱", verdict="missing"))),
        Question("words-parted-by-markup", "县教育局收费公示", (_LEAD, "<b>收费</b><span>项目</span>：住宿费；收 费 标 准：每学期<font color=red>三百元</font>。"), (item("收费项目", verdict="found"), item("收费标准", verdict="found"))),
    ]  # fmt: skip


def _tables() -> list[Question]:
    month = ["日期", "AQI", "空气质量级别", "首要污染物"]
    return [
        Question("table-cell", "2015年部门预算公开表", (_LEAD, table(["项目", "预算数（万元）"], [["基本支出", "320.5"], ["“三公”经费", "12.5"], ["项目支出", "80"]])), (item("“三公”经费", "三公经费", verdict="found", where=["正文", "三公"]), item("基本支出", verdict="found"))),
        Question("head-filled", "惠农补贴发放表", (_LEAD, table(["姓名", "补贴项目", "补贴金额"], [["张某", "粮食直补", "320"], ["李某", "农资补贴", "151"]])), (item("补贴金额", verdict="found", where=["320"]), item("补贴项目", verdict="found"))),
        Question("head-with-empty-column", "低保对象公示表", (_LEAD, table(["姓名", "住址", "保障人数", "月保障金额"], [["张某", "城关镇", "3", ""], ["李某", "柳坝镇", "2", "&nbsp;"], ["王某", "大坪乡", "1", " "]])), (item("保障人数", verdict="found", where=["3"]), item("月保障金额", verdict="missing"))),
        Question("head-with-dashes", "行政处罚信息公示表", (_LEAD, table(["当事人", "违法事实", "处罚结果", "处罚依据"], [["某食品店", "销售过期食品", "罚款2000元", "—"], ["某酒楼", "未建台账", "警告", "－"]], "th")), (item("处罚结果", verdict="found"), item("处罚依据", verdict="missing"))),
        Question("head-without-rows", "征收补偿公示表", (_LEAD, table(["被征收人", "补偿标准", "补偿金额"], []), "以上公示期为七日。"), (item("补偿金额", verdict="missing"),)),
        Question("number-under-head", "2015年6月空气质量月报", (_LEAD, table(month, [["6月1日", "57", "良", "PM10"], ["6月2日", "49", "优", "—"]])), (item("AQI", verdict="found", number=_AIR),)),
        Question("number-beside-word", "环境空气质量日报表", (_LEAD, table(["指标", "数值"], [["AQI", "82"], ["PM2.5", "35"]])), (item("AQI", verdict="found", number=_AIR), item("PM2.5", verdict="found", number=(0, 1000)))),
        Question("head-in-the-first-column", "临时救助对象公示表", (_LEAD, "</p><table border=1><tr><td>救助对象</td><td>孙某</td><td>钱某</td></tr><tr><td>救助标准</td><td>800元</td><td>600元</td></tr><tr><td>困难原因</td><td></td><td></td></tr></table><p>"), (item("救助标准", verdict="found", where=["800元"]), item("困难原因", verdict="missing"))),
        Question("head-of-two-lines", "“三公”经费支出表", (_LEAD, "</p><table border=1><tr><td rowspan=2>单位名称</td><td colspan=3>公务用车</td><td rowspan=2>因公出国</td></tr><tr><td>购置费</td><td>运行费</td><td>保有量</td></tr><tr><td>县林业局</td><td></td><td>3.2</td><td>1</td><td></td></tr><tr><td>县水务局</td><td></td><td>4.1</td><td>2</td><td></td></tr></table><p>"), (item("运行费", verdict="found"), item("公务用车", verdict="found"), item("购置费", verdict="missing"), item("因公出国", verdict="missing"))),
        Question("column-with-one-value", "食品抽检结果表", (_LEAD, table(["食品名称", "抽检结果", "不合格项目"], [["白酒", "合格", ""], ["糕点", "不合格", "菌落总数"], ["酱油", "合格", ""]])), (item("不合格项目", verdict="found", where=["菌落总数"]),)),
        Question("form-to-be-filled-in", "信息公开申请表", (_LEAD, table(["申请人姓名", "工作单位"], [["", ""], ["", ""]])), (item("申请人姓名", verdict="missing"),)),
        Question("number-column-empty", "2015年7月空气质量月报", (_LEAD, table(month, [["7月1日", "", "良", "PM10"], ["7月2日", "", "优", "PM2.5"]])), (item("AQI", verdict="missing", number=_AIR), item("首要污染物", verdict="found"))),
    ]  # fmt: skip


def _in_files() -> list[Question]:
    def about_file(trap: str, file: str, *items: dict[str, Any], name: str = "附件", address: str = "") -> Question:
        ext = file.rpartition(".")[2]
        return Question(
            trap, "关于公开有关信息的公告", (_SEE,), items, ((f"{name}.{ext}", address or f"/files/2015/{file}", file),)
        )

    return [
        about_file("file-pdf", "budget.pdf", item("一般公共预算支出表", verdict="found"), item("三公经费", verdict="found", where=["附件", "12.5万元"]), item("国有资本经营预算", verdict="missing")),
        about_file("file-docx", "water.docx", item("粪大肠菌群", verdict="found"), item("达标率", verdict="found"), item("氰化物", verdict="missing")),
        about_file("file-xlsx", "fees.xlsx", item("征收依据", verdict="found", where=["附件", "省价费"]), item("收费标准", verdict="found", where=["0.8元/吨"]), item("罚没收入", verdict="missing")),
        about_file("file-xls", "households.xls", item("月保障金额", verdict="found", where=["附件", "960"]), item("低保对象", verdict="found", where=["王某某"])),
        about_file("file-et", "households.et", item("月保障金额", verdict="found")),
        about_file("file-doc", "plan.doc", item("征地补偿标准", verdict="found", where=["附件", "三万八千元"]), item("安置途径", verdict="found")),
        about_file("file-page-saved-as-doc", "saved-page.doc", item("响应分级", verdict="found")),
        about_file("file-rtf-named-doc", "notice.rtf.doc", item("Emergency 响应", verdict="found")),
        about_file("file-page-saved-as-xls", "saved-page.xls", item("合格率", verdict="found", where=["98.3%"])),
        about_file("file-zip", "bundle.zip", item("粪大肠菌群", verdict="found", where=["附件"]), item("征收依据", verdict="found", where=["附件", "省价费"])),
        about_file("file-zip-code-page", "bundle-gbk.zip", item("征收依据", verdict="found")),
        about_file("file-by-download-script", "budget.pdf", item("政府采购预算", verdict="found"), address="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1796144561&wbfileid=18523955"),
        about_file("file-scanned", "scan.pdf", item("三公经费", verdict="unseen")),
        about_file("file-locked", "locked.pdf", item("三公经费", verdict="unseen")),
        about_file("file-cut", "cut.pdf", item("三公经费", verdict="unseen")),
        about_file("file-ofd", "report.ofd", item("财政决算", verdict="unseen")),
        about_file("file-rar", "report.rar", item("财政决算", verdict="unseen")),
        Question("file-gone", "部门决算公开", (_SEE,), (item("财政拨款支出", verdict="unseen"),), (("决算.xls", "/files/2015/gone.xls", None),)),
        Question("one-file-read-one-not", "部门预算公开", (_SEE,), (item("三公经费", verdict="found"), item("绩效目标", verdict="unseen")), (("预算.pdf", "/files/2015/budget.pdf", "budget.pdf"), ("说明.pdf", "/files/2015/scan.pdf", "scan.pdf"))),
        Question("text-is-a-picture", "拆迁公告", ('<img src="/upload/2015/scan1.jpg" width="800" height="1100">', '<img src="/upload/2015/scan2.jpg" width="800" height="1100">'), (item("补偿标准", verdict="unseen"),)),
        Question("text-is-one-picture", "行政处罚决定书", ('<img src="/upload/2015/cf.png" width="690">',), (item("处罚金额", verdict="unseen"),)),
        Question("text-is-a-picture-in-a-link", "公示", ('<a href="/upload/2015/big.jpg"><img src="/upload/2015/small.jpg" alt=""></a>',), (item("补偿标准", verdict="unseen"),)),
        Question("text-is-a-picture-and-a-line", "征收决定", ("（点击图片查看大图）", '<img src="/upload/2015/zs.jpg">'), (item("补偿标准", verdict="unseen"),)),
        Question("text-in-a-viewer", "政府信息公开年度报告", ('<iframe src="/pdfjs/web/viewer.html?file=/files/2015/budget.pdf" width="100%" height="800"></iframe>',), (item("三公经费", verdict="found"),), (("", "/files/2015/budget.pdf", "budget.pdf"),)),
    ]  # fmt: skip


def cases(rng: Random) -> Iterator[Case]:
    for n, question in enumerate([*_texts(), *_tables(), *_in_files()]):
        case = Case(f"contents/{question.trap}")
        system = list(SYSTEMS)[n % len(SYSTEMS)]
        county = words.COUNTIES[n % len(words.COUNTIES)]
        day = date(2015, 3, 2) + timedelta(days=5 * n)
        links = [(name, address) for name, address, _ in question.files if name]
        parts = ArticleParts(
            question.title, day, list(question.paragraphs), f"{county}{rng.choice(words.DEPARTMENTS)}", files=links
        )
        parts.line = f"发布时间：{day}　来源：{parts.source}"
        write(rng, case, system, parts, county, f"/gk/{n}.html", [question.trap], items=list(question.items))
        page = case.articles[-1]
        page["has"] = [text for text in page["has"] if "<" not in text and len(text) > 5]
        page["attachments"] = [address for _, address, _ in question.files]
        if question.trap.startswith("text-is-"):
            del page["attachments"]  # whether pictures are called attachments is nobody's business
        for _, address, file in question.files:
            if file == "report.rar":
                case.put(address, b"Rar!\x1a\x07\x00" + bytes(range(64)), type="application/octet-stream")
            elif file is not None:
                case.put(
                    address,
                    (FILES / file).read_bytes(),
                    type=_TYPES.get(file.rpartition(".")[2], "application/octet-stream"),
                )
        yield case
