"""Builds the papers of a request (答复书、补正告知书…) as letters, worded by templates of which a county can have its
own.

No template sees who asks: the name stands above the text alone, and is passed in memory.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from notifications.wording import quoted, wording
from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.statutes import Act, Provision
from tracker.core.law.wording import day_zh
from tracker.core.requests.answer_kinds import ELEMENTS
from tracker.core.requests.answers import article_of, ground_of, regulations_on
from tracker.core.requests.fees import INSTRUMENT
from tracker.core.requests.lawfulness import ANSWER_WORKDAYS
from tracker.core.requests.papers import PaperKind
from tracker.core.requests.remedies import Remedy, remedies
from tracker.core.requests.values import Request
from tracker.documents.official import OfficialDocument, paragraph_of

_WAYS = {
    "in-person": "当面",
    "registered-post": "以挂号信",
    "ordinary-post": "以平常信函",
    "online": "通过网络",
    "fax": "以传真",
    "mail": "以电子邮件",
    "oral": "口头",
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: By paper and act the article; of an answer it goes by its kind.
_ARTICLES: Mapping[str, Mapping[str, str]] = {
    "correction": {"foi-2007": "第二十一条第四项", "foi-2019": "第三十条"},
    "extension": {"foi-2007": "第二十四条第二款", "foi-2019": "第三十三条第二款"},
    "delay": {"foi-2019": "第三十五条"},
    "fee": {"foi-2019": "第四十二条"},
    "third-party": {"foi-2007": "第二十三条", "foi-2019": "第三十二条"},
    "co-maker": {"foi-2019": "第三十四条"},
    "override": {"foi-2007": "第二十三条", "foi-2019": "第三十二条"},
    "complaint": {"foi-2007": "第三十三条", "foi-2019": "第五十一条"},
}
#: How information is called after its ground, where that is not simply its title.
_GROUNDS = {
    "prohibited": "{}的信息",
    "stability": "公开后可能{}的信息",
    "commercial-secret": "涉及{}的信息",
    "privacy": "涉及{}的信息",
}
#: The fields that templates may name, also where a paper does without.
_FIELDS = dict.fromkeys((*ELEMENTS, "until", "reached", "days", "interest", "whom", "idle", "what", "approved"), "")


@dataclass(frozen=True, slots=True)
class RequestPaper:
    """A paper as it can be printed. `fault`: why the county's own template was not used, "" where it was or there is
    none."""

    document: OfficialDocument
    fault: str = ""

    @property
    def text(self) -> str:
        """All that it says, without its form."""
        document = self.document
        body = [paragraph.text for paragraph in document.body]
        day = day_zh(document.dated) if document.dated else ""
        lines = (document.number, document.title, f"{document.addressee}：", *body, document.signature, day)
        return "\n".join((*filter(None, lines), *([f"（{document.note}）"] if document.note else [])))


def build_paper(
    kind: PaperKind,
    request: Request,
    fields: Mapping[str, str],
    *,
    rulebook: Rulebook,
    addressee: str,
    dated: date,
    number: str = "",
    folder: Path | None = None,
) -> RequestPaper:
    """The paper. `addressee`: whom it is written to; `fields`: those of its move; `folder`: the county's templates."""
    issuer = issuer_of(rulebook, request.owner)
    values = _values(kind, request, fields, rulebook, dated)
    words = wording(f"request_{kind.code}", values, folder)
    title, *body = ["".join(text for text, _ in runs) for runs in words.paragraphs]
    document = OfficialDocument(
        issuer=issuer,
        title=title,
        addressee=addressee,
        body=tuple(paragraph_of([(text, "")]) for text in body),
        signature=issuer,
        dated=dated,
        number=number,
        note=_contact(rulebook, request.owner),
        letter=True,
    )
    return RequestPaper(document, words.fault)


def issuer_of(rulebook: Rulebook, owner: str) -> str:
    """The name on papers of the department that answers; of several (`a+b`) that of the first, which leads."""
    county, lead = rulebook.county, owner.split("+")[0]
    name = county.departments[lead].name if lead in county.departments else lead
    if (given := rulebook.requests.names.get(lead)) or name.startswith(county.name):
        return given or name
    return county.name.removesuffix(name[:1]) + name  # 样例县 and 县政府办公室


def _contact(rulebook: Rulebook, owner: str) -> str:
    lead = owner.split("+")[0]
    if words := rulebook.requests.contacts.get(lead):
        return words
    department = rulebook.county.departments.get(lead)
    return f"联系电话：{department.liaison.tel}" if department and department.liaison.tel else ""


def _values(
    kind: PaperKind, request: Request, fields: Mapping[str, str], rulebook: Rulebook, dated: date
) -> dict[str, Any]:
    """What the templates may say, as JSON."""
    received = moment_day(request.received, rulebook.county.zone)
    act = regulations_on(received, rulebook.acts)
    regulations = act.id if act else ""
    you = _address(kind, request, fields)
    registered = f"{request.year}年第{request.number}号"
    title = request.title.rstrip("。；")
    way, filed = _WAYS[request.way], day_zh(request.filed_on)
    arrived = "当日" if request.filed_on == received else f"于{day_zh(received)}"
    ground, touched = (ground_of(fields.get(name, ""), received, rulebook.acts) for name in ("ground", "interest"))
    interest = touched[0] if touched else _plain(fields.get("interest", ""))
    what = f"投诉举报（{title}）" if request.kind == "complaint" else f"公开{quoted(title)}的申请"
    return {
        "kind": fields.get("answer", ""),
        "regulations": regulations,
        "you": you,
        "title": title,
        "registered": registered,
        "received": day_zh(received),
        "opening": f"{you}于{filed}{way}提出的{what}，本机关{arrived}收到。",
        "days": _count_days(fields, regulations),
        "law": _law(kind, fields, act, ground[1] if ground else None),
        "ground": _GROUNDS.get(fields["ground"], "{}").format(ground[0]) if ground else "",
        "fields": _FIELDS | {name: _plain(text) for name, text in fields.items()} | {"interest": interest},
        "remedies": _remedies_zh(kind, fields, request, rulebook, dated),
    }


def _address(kind: PaperKind, request: Request, fields: Mapping[str, str]) -> str:
    """How the reader is addressed: a person as 您, an organisation as 贵单位."""
    if kind.code == "override" or (kind.code, fields.get("whom")) == ("consultation", "third-party"):
        return "您（单位）"
    if kind.code == "consultation":
        return "贵单位"
    return "您" if request.applicant_kind == "natural" else "贵单位"


def _plain(text: str) -> str:
    """The field without a stop at its end; a day in words."""
    text = text.strip().rstrip("。；;")
    return day_zh(date.fromisoformat(text)) if _DAY.fullmatch(text) else text


def _count_days(fields: Mapping[str, str], regulations: str) -> int:
    """The working days of an answer or an extension; of an extension no more than the Regulations allow."""
    most, given = ANSWER_WORKDAYS.get(regulations, 20), fields.get("days", "")
    return min(int(given), most) if given.isdecimal() else most


def _law(kind: PaperKind, fields: Mapping[str, str], act: Act | None, ground: Provision | None) -> str:
    """The articles that the paper rests on, "" where none is sure."""
    if act is None:
        return ""
    if kind.code == "answer":
        article = article_of(fields.get("answer", ""), act.id)
        articles = [article, ground.in_words if ground else ""]
        if fields.get("answer") == "unpaid":
            return INSTRUMENT
    else:
        articles = [_ARTICLES.get(fields.get("whom", kind.code), {}).get(act.id, "")]
    named = "、".join(filter(None, articles))
    law = f"《{act.title}》{named}" if named else ""
    return f"{law}和{INSTRUMENT}" if kind.code == "fee" else law


def _remedies_zh(kind: PaperKind, fields: Mapping[str, str], request: Request, rulebook: Rulebook, dated: date) -> str:
    """The sentence on the legal remedies of an answer, or of a decision against a third party's will; "" of others."""
    if kind.code not in ("answer", "override"):
        return ""
    department, county = request.owner.split("+")[0], rulebook.county.name
    answer = fields["answer"] if kind.code == "answer" else "disclosed"
    first, then = remedies(answer, dated, department=department, county=county, rules=rulebook.requests)
    words = word_remedies(first, then)
    return words if kind.code == "answer" else words.replace("本答复书", "本告知书").replace("本答复", "本决定")


def word_remedies(first: Remedy, then: Remedy) -> str:
    """如对本答复不服，可以…: the remedies in a sentence with their bodies, terms and articles."""
    basis = f"依照{first.provision}和{then.provision}的规定，"
    if then.after_reconsideration:
        return (
            f"如对本答复不服，{basis}应当先自收到本答复书之日起{first.term}内向{first.body}申请行政复议；"
            f"对行政复议决定不服的，可以自收到行政复议决定书之日起{then.term}内向{then.body}提起行政诉讼；"
            f"依照《中华人民共和国行政复议法》第三十四条，复议申请未被受理、被驳回或者逾期没有复议决定的，可以自收到有关决定或者复议期限届满之日起{then.term}内"
            f"向{then.body}提起行政诉讼。"
        )
    return (
        f"如对本答复不服，{basis}可以自收到本答复书之日起{first.term}内向{first.body}申请行政复议，"
        f"或者自收到本答复书之日起{then.term}内向{then.body}提起行政诉讼。"
    )
