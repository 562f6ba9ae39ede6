"""Articles whose items lie beyond what the first answer shows: further pages, frames, scripts, files in files."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from random import Random

from tests.sites import words
from tests.sites.articles import SYSTEMS, ArticleParts, write
from tests.sites.case import Case
from tests.sites.contents import item
from tests.sites.files import FILES

_LEAD = "根据有关规定，现将全县今年以来的工作情况予以公布，接受社会监督。"
_DAY = date(2015, 8, 21)


def _article(
    rng: Random,
    name: str,
    system: str,
    paragraphs: list[str],
    address: str,
    *asked: dict[str, object],
    files: list[tuple[str, str]] | None = None,
    attachments: bool = True,
) -> Case:
    case = Case(f"reach/{name}")
    county = words.COUNTIES[len(name) % len(words.COUNTIES)]
    parts = ArticleParts("关于公布有关工作情况的公告", _DAY, paragraphs, f"{county}审计局", files=files or [])
    parts.line = f"发布时间：{_DAY}　来源：{parts.source}"
    write(rng, case, system, parts, county, address, [name], items=list(asked))
    page = case.articles[-1]
    page["has"] = [text for text in page["has"] if "<" not in text and len(text) > 5]
    if not attachments:
        del page["attachments"]
    return case


def further_pages(rng: Random) -> Iterator[Case]:
    """An article on three pages: of TRS by a script, of others by links; one whose second page is gone."""
    asked = (item("工作措施", verdict="found"), item("存在问题", verdict="found"), item("下步打算", verdict="found"))
    pages = [
        f"{_LEAD}一、工作措施。",
        "二、存在问题。部分单位重视不够，台账不全。",
        "三、下步打算。继续加强督促检查，确保落实。",
    ]
    base = "/zwgk/201508/t20150821_99"
    case = _article(
        rng,
        "pages-by-script",
        "trs",
        [pages[0], '<script>createPageHTML(3, 0, "t20150821_99", "html");</script>'],
        f"{base}.html",
        *asked,
    )
    first = case.answers[f"{base}.html"]["file"]
    for n in (1, 2):
        body = (
            case._bodies[first]
            .decode()
            .replace(pages[0], pages[n])
            .replace("createPageHTML(3, 0,", f"createPageHTML(3, {n},")
        )
        case.put(f"{base}_{n}.html", body)
    yield case
    for name, gone in (("pages-by-links", False), ("page-gone", True)):
        links = '<p class="pages"><a href="/n/88.html">1</a> <a href="/n/88_2.html">2</a> <a href="/n/88_3.html">3</a> <a href="/n/88_2.html">下一页</a></p>'
        wanted = (
            asked if not gone else (asked[0], item("存在问题", verdict="unseen"), item("下步打算", verdict="unseen"))
        )
        case = _article(rng, name, "plain", [pages[0], links], "/n/88.html", *wanted, attachments=not gone)
        first = case.answers["/n/88.html"]["file"]
        for n in () if gone else (2, 3):
            case.put(f"/n/88_{n}.html", case._bodies[first].replace(pages[0].encode("gbk"), pages[n - 1].encode("gbk")))
        yield case


def elsewhere(rng: Random) -> Iterator[Case]:
    """The text in a frame, in a script, behind an interface, folded up, behind a login."""
    case = _article(
        rng,
        "text-in-a-frame",
        "boda",
        ['<iframe src="/text/5.html" width="100%" height="600"></iframe>'],
        "/n/5.html",
        item("整改情况", verdict="found"),
        attachments=False,
    )
    case.put("/text/5.html", f"<html><body><p>{_LEAD}</p><p>整改情况：十二个问题已全部整改。</p></body></html>")
    yield case
    case = _article(
        rng,
        "text-by-interface",
        "ucap",
        [
            '<div id="content"></div><script>$.getJSON("/api/article?id=6",function(d){$("#content").html(d.content)});</script>'
        ],
        "/n/6.html",
        item("整改情况", verdict="unseen"),
        attachments=False,
    )
    case.articles[-1]["kind"] = "unverifiable"
    yield case
    case = _article(
        rng,
        "text-in-a-script",
        "jcms",
        [
            '<script>document.write(decodeURIComponent("%E6%95%B4%E6%94%B9%E6%83%85%E5%86%B5%EF%BC%9A%E5%B7%B2%E5%85%A8%E9%83%A8%E5%AE%8C%E6%88%90"));</script>'
        ],
        "/n/7.html",
        item("整改情况", verdict="unseen"),
        attachments=False,
    )
    case.articles[-1]["kind"] = "unverifiable"
    yield case
    folded = f'{_LEAD}</p><div class="fold" style="display:none"><p>二、整改情况。十二个问题已全部整改到位。</p></div><a href="javascript:unfold()">展开全文</a><p>'
    yield _article(rng, "text-folded-up", "ucap", [folded], "/n/8.html", item("整改情况", verdict="found"))


def files(rng: Random) -> Iterator[Case]:
    """A file that is a page saying there is none, one behind a login, an archive in an archive."""
    see = "现将有关情况予以公布，具体内容详见附件。"
    case = _article(
        rng,
        "file-is-an-error-page",
        "trs",
        [see],
        "/n/11.html",
        item("决算总额", verdict="unseen"),
        files=[("决算表.xls", "/f/1.xls")],
    )
    case.put(
        "/f/1.xls", "<html><head><title>提示</title></head><body><p>对不起，文件不存在或已被删除！</p></body></html>"
    )
    yield case
    case = _article(
        rng,
        "file-behind-login",
        "boda",
        [see],
        "/n/12.html",
        item("决算总额", verdict="unseen"),
        files=[("决算表.doc", "/f/2.doc")],
    )
    case.answer("/f/2.doc", redirect="/login.jsp")
    case.put(
        "/login.jsp",
        '<html><body><form>用户名<input name="u"> 密码<input type="password" name="p"><button>登录</button></form></body></html>',
    )
    yield case
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("fees.xlsx", (2015, 8, 1, 0, 0, 0)), (FILES / "fees.xlsx").read_bytes())
        archive.writestr(zipfile.ZipInfo("report.rar", (2015, 8, 1, 0, 0, 0)), b"Rar!\x1a\x07\x00" + bytes(64))
    case = _article(
        rng,
        "archive-with-unreadable-part",
        "jcms",
        [see],
        "/n/13.html",
        item("征收依据", verdict="found"),
        item("决算总额", verdict="unseen"),
        files=[("材料.zip", "/f/3.zip")],
    )
    case.put("/f/3.zip", packed.getvalue(), type="application/zip")
    yield case


def pictures(rng: Random) -> Iterator[Case]:
    """A notice that is a scan and nothing else, in every system, whatever stands around it."""
    for n, system in enumerate(SYSTEMS):
        picture = f'<img src="/upload/2015/08/scan{n}.jpg"{["", " width=690", " style=width:100%"][n % 3]}>'
        case = _article(
            rng,
            f"scan-alone-{system}",
            system,
            [picture],
            f"/n/3{n}.html",
            item("处罚金额", verdict="unseen"),
            attachments=False,
        )
        case.articles[-1] |= {"kind": "any", "traps": ["scan-alone"]}
        yield case


def broken_off(rng: Random) -> Iterator[Case]:
    """Pages that end in the middle of a sentence, of a tag, between two paragraphs, before the text."""
    for n, trap in enumerate(["in-a-sentence", "in-a-tag", "between-paragraphs", "before-the-text"]):
        paragraphs = [_LEAD, "一、基本情况。县政府成立领导小组，召开专题会议。", "二、整改情况。十二个问题已全部整改。"]
        case = _article(
            rng,
            f"breaks-off-{trap}",
            ["trs", "plain", "boda", "ucap"][n],
            paragraphs,
            f"/n/2{n}.html",
            item("整改情况", verdict="unseen"),
            attachments=False,
        )
        body = case._bodies[case.answers[f"/n/2{n}.html"]["file"]]
        encoding = "gbk" if n == 1 else "utf-8"
        text = body.decode(encoding)
        begin = text.index(_LEAD) if n == 3 else text.index("一、基本情况")
        at = (
            begin
            if n == 3
            else text.index("县政府成立", begin) + 4
            if n == 0
            else text.index("<", begin) + (3 if n == 1 else 4)
        )
        case.put(f"/n/2{n}.html", text[:at], encoding=encoding)
        case.articles[-1] |= {"kind": "any"}
        case.articles[-1].pop("has")
        yield case


def cases(rng: Random) -> list[Case]:
    return [*further_pages(rng), *elsewhere(rng), *files(rng), *pictures(rng), *broken_off(rng)]
