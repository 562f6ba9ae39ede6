"""Who published the rows of a list, where the list says so: a key, a column of a table, a text with a label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from tracker.evidence.wrappers.cells import Record
from tracker.evidence.wrappers.wrapper import SourceKind

_WORDS = (
    r"(?:信息)?(?:来源|发布(?:机构|单位|部门|者)|公开(?:机构|单位|部门|责任部门|主体)"
    r"|发文(?:机关|单位|机构)|责任(?:部门|单位))"
)
_HEAD = re.compile(rf"\W*{_WORDS}\W*")
_LABEL = re.compile(rf"^[\s\[(（【]*{_WORDS}\s*[:：]\s*")
#: Keys of interfaces and of feeds, in the order of trust. In an interface an author is a person.
_KEYS = {
    SourceKind.JSON: ("source", "publisher", "contentsource", "docsource", "sitename", "deptname", "orgname"),
    SourceKind.XML: ("creator", "author", "source", "publisher"),
}
_BEHIND = re.compile(
    r"\s*(?:(?:发布|更新)?(?:时间|日期)|浏览|点击|阅读|作者)\S{0,4}\s*[:：]|[\s\[(（]*(?:19|20)\d\d\s*[-/.年]"
)
_CELL = re.compile(r"(?:^|/)tr/t[dh](?::(\d+))?$")
_LONGEST = 40
_OFFICE = re.compile(
    r"[\[【(（\s]*[^\[\]【】()（）]{2,20}(?:局|办|委|委员会|中心|政府|办公室|厅|处|院|站|社|(?:委员|协|学|理事|联合|管委|常委|工|商)会|公司)[\]】)）\s]*"
)


def publisher_place(records: Sequence[Record], heads: Sequence[str] = ()) -> str:
    """Return the place of the publishers in records of a page; "" where none tells them. `heads`: those of a table."""
    counts = Counter(place for record in records for place, text in record.texts.items() if 0 < len(text) <= _LONGEST)
    for place in (place for place, count in counts.items() if count * 2 >= len(records)):
        cell = _CELL.search(place)
        if cell is not None and int(cell[1] or 1) <= len(heads) and _HEAD.fullmatch(heads[int(cell[1] or 1) - 1]):
            return place
    texts = [(place, text) for record in records for place, text in record.texts.items() if len(text) <= _LONGEST]
    labelled = Counter(place for place, text in texts if _LABEL.match(text) and without_label(text))
    labelled.update(
        beside
        for record in records
        for (_, label), (beside, text) in pairwise(record.pieces)
        if _HEAD.fullmatch(label) and len(text) <= _LONGEST
    )
    offices = Counter(place for place, text in texts if not place.startswith("^") and is_office(text))
    for found in (labelled, offices):
        place, count = found.most_common(1)[0] if found else ("", 0)
        if count and count * 2 >= len(records):
            return place
    return ""


def is_office(text: str) -> bool:
    """Return whether a text is the name of an office, and nothing else."""
    return _OFFICE.fullmatch(text) is not None


def publisher_key(records: Sequence[Record], kind: SourceKind) -> str:
    """Return the key of the publishers in records of data; "" where none tells them."""
    named = {
        place.rpartition(".")[2].lower(): place
        for record in records for place, text in record.texts.items() if 0 < len(text) <= _LONGEST
    }  # fmt: skip
    return next((named[key] for key in _KEYS[kind] if key in named), "")


def without_label(text: str) -> str:
    """Return a publisher without the label before it (来源：) and what stands behind: a day, how often it was read."""
    return _BEHIND.split(_LABEL.sub("", text), maxsplit=1)[0].strip(" []()（）【】|·")
