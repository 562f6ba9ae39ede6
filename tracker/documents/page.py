"""An official document (公文) as one HTML file, followed by the evidence of each fact.

Printed by a browser or by WeasyPrint it has the form of GB/T 9704-2012, without the evidence. It loads nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from notifications.render import environment
from tracker.core.law.wording import day_zh
from tracker.documents.docx import HEAD_SIZE, HEAD_WIDTH, foot_rows, title_lines
from tracker.documents.docx_tables import SHORT
from tracker.documents.official import OfficialDocument, OfficialTable, Paragraph, Picture, TextRun


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of a sentence. `facts`: (name, words), of which words may link to the site."""

    anchor: str
    heading: str
    facts: tuple[tuple[str, tuple[TextRun, ...]], ...]


def page_of(document: OfficialDocument, evidence: Sequence[Evidence] = (), as_of: str = "") -> str:
    """The HTML. `as_of`: the instant of the document's counts, in words."""
    day = day_zh(document.dated) if document.dated else ""
    name = document.masthead.name if document.masthead else f"{document.issuer}文件" if document.issuer else ""
    return (
        environment()
        .get_template("official.html.j2")
        .render(
            document=document,
            short=SHORT,
            head=name,
            head_size=f"{min(HEAD_SIZE, HEAD_WIDTH / max(1, len(name))):.1f}",
            title=title_lines(document.title),
            body=[_paragraph(paragraph) for paragraph in document.body],
            attachments=[_attachment(attachment) for attachment in document.attachments],
            signed_in=max(1.0, 4 - max(0, len(document.signature) - len(day)) / 4),
            day=day,
            foot=foot_rows(document),
            evidence=evidence,
            as_of=as_of,
        )
    )


def evidence_of(values: Mapping[str, Any]) -> list[Evidence]:
    """The evidence of a circular: every line, every mended matter, and the matters that could not be judged."""
    evidences = [_evidence(line) for line in (*values["lines"], *values["mended"])]
    unjudged = values.get("blind", ())  # older versions did not freeze it
    if unjudged:
        facts = tuple((line["who"], (TextRun(f"{_matter(line)}：{line['reason']}"),)) for line in unjudged)
        evidences.append(Evidence("unjudged", f"未能判定的{len(unjudged)}项", facts))
    return evidences


def _evidence(line: Mapping[str, Any]) -> Evidence:
    number = f"第{line['number']}项 " if line.get("number") else "已销号 "
    return Evidence(
        line["anchor"],
        f"{number}{line['who']}：{_matter(line)}",
        tuple((name, words) for name, words in _facts(line) if words and any(word.text for word in words)),
    )


def _matter(line: Mapping[str, Any]) -> str:
    return "，".join(filter(None, (line["title"], line["period"])))


def _facts(line: Mapping[str, Any]) -> Iterator[tuple[str, tuple[TextRun, ...]]]:
    yield "依据条款", (TextRun(line.get("basis_in_full", line["clause"])),)
    deed = line.get("deed", "公开")
    yield f"应{deed}时限", (TextRun(line["due"]),)
    yield "时限由来", (TextRun(line["derivation"]),)
    yield "判定理由", (TextRun(line["reason"]),)
    yield "通报理由", (TextRun(line.get("why", "")),)
    yield "欠缺内容", (TextRun("；".join(line["missing"])),)
    yield f"实际{deed}", (TextRun(line["published"]),)
    if "looked" in line:  # older versions did not freeze it
        looks = tuple(_link(_look(look), look["url"]) for look in line["looked"])
        yield "查看栏目", looks or (TextRun("不涉及网站栏目，以登记为准"),)
    yield "有关信息", tuple(_link(f"《{title or url}》{url}", url) for url, title, _ in line["proofs"] if url)


def _look(look: Mapping[str, Any]) -> str:
    return f"{look['title']}（{look['at'] + '查看' if look['at'] else '尚无完整查看记录'}）"


def _link(text: str, url: str) -> TextRun:
    """The text, as a link where the address is one of the web."""
    return TextRun(text, url if urlsplit(url).scheme in ("http", "https") else "")


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    """The paragraph's values. `lead`: the part of a second-level heading that is set in 楷体, up to its full stop."""
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
        "note": table.note,
        "heads": list(table.columns),
        "widths": [share / total * 100 for share in table.columns.values()],
        "rows": table.rows,
    }


def _data(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
