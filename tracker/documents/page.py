"""An official document (公文) as one HTML file: the same words and tables, and behind each fact its evidence.

Printed, by a browser or by WeasyPrint, it has the form of GB/T 9704-2012 without the evidence. It loads nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from notifications.render import environment
from tracker.core.law.wording import day_zh
from tracker.documents.docx import HEAD_SIZE, HEAD_WIDTH, SHORT, title_lines
from tracker.documents.official import OfficialDocument, OfficialTable, Paragraph, Picture, TextRun


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind a sentence: `facts` are (name, words), of which words may link to the site."""

    anchor: str
    heading: str
    facts: tuple[tuple[str, tuple[TextRun, ...]], ...]


def page_of(document: OfficialDocument, evidence: Sequence[Evidence] = (), as_of: str = "") -> str:
    """The file's text. `as_of`: when what it counts stood so."""
    day = day_zh(document.dated) if document.dated else ""
    name = f"{document.issuer}文件"
    return (
        environment()
        .get_template("official.html.j2")
        .render(
            document=document,
            short=SHORT,
            head_size=f"{min(HEAD_SIZE, HEAD_WIDTH / len(name)):.1f}",
            title=title_lines(document.title),
            body=[_paragraph(paragraph) for paragraph in document.body],
            attachments=[_attachment(attachment) for attachment in document.attachments],
            signed_in=max(1.0, 4 - max(0, len(document.signature) - len(day)) / 4),
            day=day,
            printed=day_zh(document.printed_on) if document.printed_on else "",
            evidence=evidence,
            as_of=as_of,
        )
    )


def evidence_of(values: Mapping[str, Any]) -> list[Evidence]:
    """Behind every line and everything struck off: what was judged and why, what was looked at and when; and what
    could not be judged, matter by matter."""
    evidences = [_evidence(value) for value in (*values["lines"], *values["mended"])]
    blind = values.get("blind", ())  # what older versions froze does not say
    if blind:
        facts = tuple((one["who"], (TextRun(f"{one['title']}，{one['period']}：{one['reason']}"),)) for one in blind)
        evidences.append(Evidence("unjudged", f"未能判定的{len(blind)}项", facts))
    return evidences


def _evidence(one: Mapping[str, Any]) -> Evidence:
    number = f"第{one['number']}项 " if one.get("number") else "已销号 "
    return Evidence(
        one["anchor"],
        f"{number}{one['who']}：{one['title']}，{one['period']}",
        tuple((name, words) for name, words in _facts(one) if words and any(word.text for word in words)),
    )


def _facts(one: Mapping[str, Any]) -> Iterator[tuple[str, tuple[TextRun, ...]]]:
    yield "依据条款", (TextRun(one["clause"]),)
    yield "应公开时限", (TextRun(one["due"]),)
    yield "时限由来", (TextRun(one["derivation"]),)
    yield "判定理由", (TextRun(one["reason"]),)
    yield "通报理由", (TextRun(one.get("why", "")),)
    yield "欠缺内容", (TextRun("；".join(one["missing"])),)
    yield "实际公开", (TextRun(one["published"]),)
    if "looked" in one:  # what older versions froze does not say
        looks = tuple(_link(_look(look), look["url"]) for look in one["looked"])
        yield "查看栏目", looks or (TextRun("不涉及网站栏目，以登记为准"),)
    yield "有关信息", tuple(_link(f"《{title or url}》{url}", url) for url, title, _ in one["proofs"] if url)
    yield "事项编号", (TextRun(one["key"]),)


def _look(look: Mapping[str, Any]) -> str:
    return f"{look['title']}（{look['at'] + '查看' if look['at'] else '尚无完整查看记录'}）"


def _link(text: str, url: str) -> TextRun:
    """A link where the address is one of the web; what is none stays text."""
    return TextRun(text, url if urlsplit(url).scheme in ("http", "https") else "")


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    """A heading of the second level is set in 楷体 up to its full stop."""
    if paragraph.level != 2 or "。" not in paragraph.text:
        return {"level": paragraph.level, "lead": (), "rest": paragraph.words}
    lead: list[TextRun] = []
    rest: list[TextRun] = []
    for words in paragraph.words:
        head, stop, tail = words.text.partition("。") if not rest else ("", "", words.text)
        if head or stop:
            lead.append(TextRun(head + stop, words.link))
        if tail or rest or stop:
            rest.append(TextRun(tail, words.link))
    return {"level": 2, "lead": lead, "rest": rest}


def _attachment(table: OfficialTable | Picture) -> dict[str, Any]:
    if isinstance(table, Picture):
        parts = [_data("png", png) for png in (table.png, *table.more) if png]
        return {"title": table.title, "alt": table.alt, "svg": _data("svg+xml", table.svg.encode()), "parts": parts,
                "landscape": False}  # fmt: skip
    total = sum(table.columns.values())
    return {
        "title": table.title,
        "svg": "",
        "landscape": table.landscape,
        "heads": list(table.columns),
        "widths": [share / total * 100 for share in table.columns.values()],
        "rows": table.rows,
    }


def _data(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
