"""The sixth set held out: what stands in the files of an article, or in none that can be read."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from random import Random
from urllib.parse import quote

from tests.sites.case import Case
from tests.sites.heldout import sixth_files as files
from tests.sites.heldout.sixth import AQI, ECONOMY, FUNCTION, SANGONG, grid
from tests.sites.heldout.sixth_frames import PROSE, URL, asked, heading, paper

_BUDGET = [
    ["科目编码", "支出功能分类", "“三公”经费"],
    ["2010301", "行政运行", "12.5"],
    ["2010302", "一般行政管理事务", "3.1"],
]
_BLANK = [["科目编码", "支出功能分类", "“三公”经费"], ["2010301", "行政运行", ""], ["2010302", "一般行政管理事务", ""]]
_LINES = (
    "沙坝县水利局部门预算公开",
    "一、支出功能分类情况：行政运行322万元。",
    "二、“三公”经费预算情况：合计12.5万元。",
)
_ALL = {SANGONG: "found", FUNCTION: "found", ECONOMY: "missing"}
_NONE = {SANGONG: "unseen", FUNCTION: "unseen"}
_OFFICE = "application/octet-stream"


def _page(rows: list[list[str]]) -> str:
    return f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv=Content-Type content="text/html; charset=gb2312"></head><body>{grid(rows)}</body></html>'


#: What lies at /u/f.EXT behind a plain link: name → (ext, type, bytes, items).
READ: dict[str, tuple[str, str, bytes, dict[str, str]]] = {
    "pdf": ("pdf", "application/pdf", files.pdf(_LINES), _ALL),
    "pdf-turned": ("pdf", "application/pdf", files.pdf(_LINES, turned=True), _ALL),
    "pdf-word-over-lines": ("pdf", "application/pdf", files.pdf(["按支出功能", "分类列示，行政运行322万元。其中“三公”经", "费12.5万元。"]), {SANGONG: "found", FUNCTION: "found"}),
    "pdf-word-over-pages": ("pdf", "application/pdf", files.pdf(["本部门2015年“三公”"], ["经费预算12.5万元。"]), {SANGONG: "found"}),
    "pdf-letter-spaced": ("pdf", "application/pdf", files.pdf(["三 公 经 费 预 算 表", "合 计　12.5"]), {SANGONG: "found"}),
    "pdf-mojibake": ("pdf", "application/pdf", files.pdf(_LINES, mode="mojibake"), _NONE),
    "pdf-glyphs": ("pdf", "application/pdf", files.pdf(_LINES, mode="glyphs"), _NONE),
    "pdf-one-page-scanned": ("pdf", "application/pdf", files.pdf(_LINES[:2], [""], scans=[1]), {FUNCTION: "found", SANGONG: "unseen"}),
    "pdf-all-scanned": ("pdf", "application/pdf", files.pdf([""], [""], scans=[0, 1]), _NONE),
    "pdf-scanned-with-page-numbers": ("pdf", "application/pdf", files.pdf(["沙坝县水利局文件"], [""], [""], scans=[1, 2]), _NONE),
    "pdf-locked": ("pdf", "application/pdf", files.kept("locked.pdf"), _NONE),
    "pdf-cut": ("pdf", "application/pdf", files.pdf(_LINES)[:900], _NONE),
    "pdf-empty-pages": ("pdf", "application/pdf", files.pdf([""], [""]), {SANGONG: "unseen"}),
    "docx": ("docx", _OFFICE, files.docx("".join(map(files.para, _LINES)) + files.word_table([["经济分类", "金额"], ["", ""]])), _ALL),
    "docx-runs": ("docx", _OFFICE, files.docx("<w:p>" + "".join(map(files.run, ("“三", "公”", "经", "费"))) + files.run("12万元") + "</w:p>"), {SANGONG: "found", FUNCTION: "missing"}),
    "docx-struck-by-revision": ("docx", _OFFICE, files.docx(files.para("一、支出功能分类：行政运行32万元") + '<w:p><w:del w:id="1" w:author="a"><w:r><w:delText>二、三公经费：待定</w:delText></w:r></w:del></w:p>'), {FUNCTION: "found", SANGONG: "missing"}),
    "docx-put-in-by-revision": ("docx", _OFFICE, files.docx('<w:p><w:ins w:id="1" w:author="a">' + files.run("三公经费预算12万元") + "</w:ins></w:p>"), {SANGONG: "found"}),
    "docx-controls": ("docx", _OFFICE, files.docx("<w:sdt><w:sdtContent>" + files.para("三公经费预算12万元") + "</w:sdtContent></w:sdt>"), {SANGONG: "found"}),
    "docx-scans": ("docx", _OFFICE, files.docx(files.drawing(7) + files.drawing(8), {"image1.png": files.picture(), "image2.png": files.picture()}), _NONE),
    "docx-heading-and-scan": ("docx", _OFFICE, files.docx(files.para("沙坝县水利局2015年部门预算") + files.drawing(7), {"image1.png": files.picture()}), _NONE),
    "docx-cut": ("docx", _OFFICE, files.docx("".join(map(files.para, _LINES)))[:700], _NONE),
    "xlsx-sheets": ("xlsx", _OFFICE, files.xlsx({"封面": [["沙坝县水利局"]], "支出": _BUDGET, "Sheet3": [[]]}), _ALL),
    "xlsx-blank-column": ("xlsx", _OFFICE, files.xlsx({"支出": _BLANK}), {SANGONG: "missing", FUNCTION: "found"}),
    "xlsx-merged-head": ("xlsx", _OFFICE, files.xlsx({"表": [["支出功能分类", "", "“三公”经费", ""], ["编码", "名称", "预算", "决算"], ["20103", "行政运行", "", ""]]}, merged={"表": ["A1:B1", "C1:D1"]}), {SANGONG: "missing", FUNCTION: "found"}),
    "xlsx-merged-title": ("xlsx", _OFFICE, files.xlsx({"表": [["2015年“三公”经费预算表", "", ""], ["项目", "上年", "本年"], ["合计", "20", "18.5"]]}, merged={"表": ["A1:C1"]}), {SANGONG: "found"}),
    "xlsx-on-the-second-sheet-blank-on-the-first": ("xlsx", _OFFICE, files.xlsx({"样表": _BLANK, "填报": _BUDGET}), _ALL),
    "xlsx-name-of-the-sheet": ("xlsx", _OFFICE, files.xlsx({"三公经费": [["项目", "金额"], ["公务接待费", "3"], ["公车运行费", "8"]]}), {SANGONG: "found"}),
    "xlsx-air": ("xlsx", _OFFICE, files.xlsx({"日报": [["日期", "AQI", "级别"], ["2015年9月2日", "57", "良"]]}), {AQI: "found>57"}),
    "xls-three-sheets": ("xls", "application/vnd.ms-excel", files.kept("three-sheets.xls"), _ALL),
    "xls-as-page": ("xls", "application/vnd.ms-excel", _page(_BUDGET).encode("gb2312"), _ALL),
    "xls-as-page-blank": ("xls", "application/vnd.ms-excel", _page(_BLANK).encode("gb2312"), {SANGONG: "missing", FUNCTION: "found"}),
    "xls-as-xml": ("xls", "application/vnd.ms-excel", files.sheet_xml(_BUDGET), _ALL),
    "xls-tabbed": ("xls", "application/vnd.ms-excel", files.tabbed(_BUDGET), _ALL),
    "et": ("et", _OFFICE, files.kept("three-sheets.xls"), _ALL),
    "wps-that-is-docx": ("wps", _OFFICE, files.docx("".join(map(files.para, _LINES))), _ALL),
    "doc-that-is-rtf": ("doc", "application/msword", files.rtf(*_LINES), {FUNCTION: "found", SANGONG: "found"}),
    "doc-that-is-mht": ("doc", "application/msword", files.mht("<html><body>" + "".join(f"<p>{one}</p>" for one in ("支出功能分类：32万元", "三公经费：9万元")) + "</body></html>"), _ALL),
    "doc-that-is-docx": ("doc", "application/msword", files.docx("".join(map(files.para, _LINES))), _ALL),
    "txt-gbk": ("txt", "text/plain", "\r\n".join(("支出功能分类：32万元", "三公经费：9万元")).encode("gbk"), _ALL),
    "csv": ("csv", "text/csv", "科目,三公经费\r\n行政运行,\r\n机关服务,\r\n".encode("gbk"), {SANGONG: "missing"}),
    "zip-gbk": ("zip", "application/zip", files.packed({"附件/部门预算.xlsx": files.xlsx({"支出": _BUDGET}), "附件/说明.txt": "说明".encode("gbk")}, gbk=True), _ALL),
    "zip-in-zip": ("zip", "application/zip", files.packed({"全部.zip": files.packed({"预算.docx": files.docx("".join(map(files.para, _LINES)))})}), _ALL),
    "zip-with-ofd": ("zip", "application/zip", files.packed({"a.xlsx": files.xlsx({"支出": [["支出功能分类"], ["行政运行"]]}), "b.ofd": files.kept("report.ofd")}), {FUNCTION: "found", SANGONG: "unseen"}),
    "zip-of-pictures": ("zip", "application/zip", files.packed({"1.png": files.picture(), "2.png": files.picture()}), _NONE),
    "zip-locked": ("zip", "application/zip", files.packed({"预算.txt": "内容"}, locked=True), _NONE),
    "zip-empty": ("zip", "application/zip", files.packed({}), _NONE),
    "rar": ("rar", _OFFICE, b"Rar!\x1a\x07\x00" + bytes(range(256)) * 8, _NONE),
    "ofd": ("ofd", _OFFICE, files.kept("report.ofd"), _NONE),
    "no-bytes": ("xls", "application/vnd.ms-excel", b"", _NONE),
    "html-in-its-place": ("xls", "text/html", "<html><head><title>提示</title></head><body>对不起，您要下载的文件不存在！</body></html>".encode(), _NONE),
    "jsp-error-in-its-place": ("doc", "application/msword", b"<html><head><title>Error report</title></head><body><h1>HTTP Status 500 - </h1><p>java.io.FileNotFoundException</p></body></html>", _NONE),
    "pictures-linked": ("jpg", "image/jpeg", files.picture(), _NONE),
}  # fmt: skip


def _behind_a_link(rng: Random) -> list[Case]:
    made = []
    for name, (ext, type_, body, items) in READ.items():
        frame = rng.choice(["trs", "jcms", "boda", "ucap", "asp"])
        url = f"/u/{frame}/f1.{ext}"
        case = paper(f"file-{name}", frame, f'{PROSE}<p>附件：<a href="{url}" target="_blank">附件1：相关情况表.{ext}</a></p>', rng, items, links=[url])  # fmt: skip
        case.put(url, body, type=type_)
        made.append(case)
    return made


_XLSX, _PDF = files.xlsx({"支出": _BUDGET}), files.pdf(_LINES)
#: How a page leads to its file: name → (frame, what stands in the text, beside the text, the file's address or "", items).
LED: dict[str, tuple[str, str, dict[str, str], str, dict[str, str]]] = {
    "jcms-download": ("jcms", '<p><img src="/module/jslib/icons/xls.png"><a href="/module/download/downfile.jsp?classid=0&filename=1804261622001.xlsx">部门表格.xlsx</a></p>', {}, "/module/download/downfile.jsp?classid=0&filename=1804261622001.xlsx", _ALL),
    "boda-download": ("boda", "", {"files": '<UL style="list-style-type:none;"><li>附件【<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1380&wbfileid=2291" target="_blank">部门表格.xlsx</a>】已下载<span id="nattach2291"></span>次</li></UL>'}, "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1380&wbfileid=2291", _ALL),
    "window-open": ("trs", "<p><a href=\"#\" onclick=\"window.open('./P020150903301.xlsx');return false;\">点击下载附件</a></p>", {}, "/zwgk/bmdt/201509/P020150903301.xlsx", _ALL),
    "javascript-href": ("asp", "<p><a href=\"javascript:window.open('/upfile/20101019.xlsx')\">下载附件</a></p>", {}, "/upfile/20101019.xlsx", _ALL),
    "number-only-a-script-knows": ("ucap", '<p><a href="javascript:;" class="att" data-id="99211">部门表格.xlsx</a></p>', {}, "", _NONE),
    "button": ("ucap", "<p><button type=\"button\" onclick=\"location.href='/upload/2023/bm.xlsx'\">附件下载</button></p>", {}, "/upload/2023/bm.xlsx", _ALL),
    "box-below": ("ucap", "", {"files": '<div class="relevantdoc xgfj"><div class="relevantdoc-tit">相关附件</div><ul><li><a href="/attachment/0/12/12811/551230.pdf" class="a-link">部门表格.pdf</a></li></ul></div>'}, "/attachment/0/12/12811/551230.pdf", _ALL),
    "no-ending": ("jcms", '<p>附件：<a href="/attach/down/77120">部门表格</a></p>', {}, "/attach/down/77120", _ALL),
    "viewer-of-the-site": ("ucap", '<iframe src="/pdfjs/web/viewer.html?file=%2Fupload%2F2023%2Fbm.pdf" width="100%" height="800"></iframe>', {}, "/upload/2023/bm.pdf", _ALL),
    "viewer-elsewhere": ("ucap", '<iframe src="https://view.officeapps.live.com/op/embed.aspx?src=http%3A%2F%2Fwww.own-site.gov.cn%2Fupload%2Fbm.xlsx"></iframe>', {}, "", _NONE),
    "object-element": ("jcms", '<object data="/attach/0/bm.pdf" type="application/pdf" width="100%" height="700"><p>您的浏览器不支持在线阅读</p></object>', {}, "/attach/0/bm.pdf", _ALL),
    "viewer-by-script": ("ucap", '<div id="pdf"></div><script>PDFObject.embed("/upload/2023/bm.pdf", "#pdf");</script>', {}, "/upload/2023/bm.pdf", _ALL),
    "pages-to-leaf-through": ("ucap", '<p><a href="/flipbook/2023ys/mobile/index.html" target="_blank">点击在线阅读电子版</a></p>', {}, "", _NONE),
    "code-to-scan": ("ucap", '<p>详情请扫描下方二维码查看</p><p><img src="/upload/2023/qr.png" width="180" height="180"></p>', {}, "", _NONE),
    "pasted-from-a-disk": ("asp", PROSE + '<p>附件：<a href="file:///C:/Documents and Settings/Administrator/桌面/预算表.xls">预算表</a></p>', {}, "", _NONE),
    "picture-from-a-disk": ("trs", '<p>情况如下：</p><p><img src="file:///C:/DOCUME~1/ADMINI~1/LOCALS~1/Temp/msohtml1/01/clip_image002.jpg" width="600" height="800"></p>', {}, "", _NONE),
    "picture-in-itself": ("ucap", '<p>情况如下表：</p><p><img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==" width="700" height="900"></p>', {}, "", _NONE),
    "gone": ("boda", PROSE, {"files": '<p>附件【<a href="/__local/1/2A/gone.xlsx">部门表格.xlsx</a>】</p>'}, "", _NONE),
    "gone-and-well-named": ("trs", PROSE + '<p>附件：<a href="./P0201509033.pdf">2015年“三公”经费预算表.pdf</a></p>', {}, "", _NONE),
    "another-host": ("jcms", PROSE + '<p>附件：<a href="http://files.another-place.cn/2018/bm.xlsx">部门表格.xlsx</a></p>', {}, "", _NONE),
    "log-in-first": ("ucap", PROSE + '<p>附件：<a href="/attach/private/8.xlsx">部门表格.xlsx</a></p>', {}, "", _NONE),
    "page-that-leads-on": ("boda", PROSE + '<p>附件：<a href="/info/1043/1100_down.htm">点此进入附件下载页面</a></p>', {}, "", _NONE),
    "name-in-chinese": ("trs", '<p>附件：<a href="附件 部门表格（公开）.xlsx">部门表格</a></p>', {}, "/zwgk/bmdt/201509/附件 部门表格（公开）.xlsx", _ALL),
    "name-in-gbk": ("asp", f'<p>附件：<a href="/upfile/{quote("预算表".encode("gbk"))}.xlsx">预算表</a></p>', {}, f"/upfile/{quote('预算表'.encode('gbk'))}.xlsx", _ALL),
    "backslashes": ("asp", '<p>附件：<a href="\\upfile\\2010\\bm.xlsx">部门表格</a></p>', {}, "/upfile/2010/bm.xlsx", _ALL),
    "on-top": ("jcms", '<p>附件下载：<a href="/attach/0/top.pdf">部门表格.pdf</a></p>' + PROSE, {}, "/attach/0/top.pdf", _ALL),
    "cell-says-see-file": ("trs", grid([["项目", "内容"], ["三公经费", "详见附件"]]) + '<p><a href="./P0201509034.xlsx">附件</a></p>', {}, "/zwgk/bmdt/201509/P0201509034.xlsx", _ALL),
    "cell-says-see-file-that-is-gone": ("trs", grid([["项目", "内容"], ["三公经费", "详见附件"]]) + '<p><a href="./P0201509035.xlsx">附件</a></p>', {}, "", {SANGONG: "unseen", FUNCTION: "unseen"}),
    "said-to-be-there-without-a-link": ("boda", PROSE + "<p>附件：1.部门收支预算总表</p><p>　　　2.部门支出明细表</p>", {}, "", {SANGONG: "unseen"}),
    "sent-on": ("ucap", '<p>附件：<a href="/download?id=71">部门表格</a></p>', {}, "/download?id=71", _ALL),
    "twelve-files": ("ucap", "<p>附件：</p>" + "".join(f'<p><a href="/upload/m/{n}.xlsx">{n}. 第{n}号表.xlsx</a></p>' for n in range(1, 13)), {}, "/upload/m/11.xlsx", _ALL),
}  # fmt: skip


def _led_to(rng: Random) -> list[Case]:
    made = []
    for name, (frame, text, beside, file, items) in LED.items():
        case = paper(f"way-{name}", frame, text, rng, items, kind="any", **beside)
        told = case.articles[-1]
        if file:
            told["kind"] = "article"
            told["attachments"] = [file]
            body, type_ = (_PDF, "application/pdf") if file.endswith(".pdf") else (_XLSX, _OFFICE)
            address = quote(file, safe="/?&=%") if not file.isascii() else file
            if name == "no-ending":
                body, type_ = files.kept("three-sheets.xls"), "application/x-download"
            if name == "twelve-files":
                told["attachments"] = [f"/upload/m/{n}.xlsx" for n in range(1, 13)]
                for n in range(1, 13):
                    case.put(f"/upload/m/{n}.xlsx", files.xlsx({"表": [["项目", "数"], ["栏", str(n)]]}), type=_OFFICE)
            if name == "sent-on":
                case.answer(file, redirect="/store/2023/71/bm.xlsx")
                file = address = "/store/2023/71/bm.xlsx"
            case.put(address, body, type=type_)
        if name == "log-in-first":
            case.answer("/attach/private/8.xlsx", redirect="/login.html")
            case.put("/login.html", "<html><body><form><p>用户登录</p>用户名<input name=u>密码<input type=password name=p></form></body></html>")  # fmt: skip
        if name == "page-that-leads-on":
            case.put("/info/1043/1100_down.htm", '<html><body><p>请选择下载：</p><a href="/dl/1.xlsx">部门表格</a></body></html>')  # fmt: skip
            case.put("/dl/1.xlsx", _XLSX, type=_OFFICE)
        made.append(case)
    return made


def _itself(rng: Random) -> list[Case]:
    """The article's own address is a file, or leads to one."""
    made = []
    for name, url, put, items in (
        ("pdf-alone", "/zwgk/201509/P020150903555.pdf", (_PDF, "application/pdf"), _ALL),
        ("xlsx-without-ending", "/zwgk/down?fid=551", (_XLSX, _OFFICE), _ALL),
        ("scan-alone", "/zwgk/201509/P020150903556.pdf", (files.pdf([""], scans=[0]), "application/pdf"), _NONE),
        ("doc-said-to-be-html", "/zwgk/201509/P020150903557.doc", (files.rtf(*_LINES), "text/html"), _ALL),
    ):
        case = Case(f"sixth-self-{name}", "2015-09-30")
        case.put(url, put[0], type=put[1])
        case.article(
            url,
            "file",
            traps=[f"self-{name}"],
            kind="file",
            items=asked(items),
            inspected=["file", "unverifiable"] if "scan" in name else ["file"],
        )
        made.append(case)
    for name, page in {
        "refresh-to-file": '<html><head><meta http-equiv="refresh" content="0;url=/u/ys.pdf"></head><body></body></html>',
        "script-to-file": '<html><head><script>window.location.href="/u/ys.pdf";</script></head><body></body></html>',
    }.items():
        case = Case(f"sixth-self-{name}", "2015-09-30")
        case.put(URL["trs"], page)
        case.put("/u/ys.pdf", _PDF, type="application/pdf")
        case.article(URL["trs"], "article", traps=[f"self-{name}"], kind="any", items=asked(_ALL))
        made.append(case)
    case = Case("sixth-self-sent-to-file", "2015-09-30")
    case.answer(URL["trs"], redirect="/u/ys.pdf")
    case.put("/u/ys.pdf", _PDF, type="application/pdf")
    case.article(URL["trs"], "file", traps=["self-sent-to-file"], kind="file", items=asked(_ALL))
    made.append(case)
    title = heading(rng)
    case = paper("self-refresh-to-article", "trs", PROSE + "<p>三公经费12万元。</p>", rng, {SANGONG: "found"}, title=title, kind="any")  # fmt: skip
    case.put("/old/1.html", f'<html><head><meta http-equiv="Refresh" content="1; URL={URL["trs"]}"></head><body>页面跳转中……</body></html>')  # fmt: skip
    case.article("/old/1.html", "article", traps=["self-refresh-to-article"], kind="any", items=asked({SANGONG: "found", FUNCTION: "missing"}))  # fmt: skip
    made.append(case)
    return made


def cases(rng: Random) -> list[Case]:
    return [*_behind_a_link(rng), *_led_to(rng), *_itself(rng)]
