"""Tells whether a text gives an item or only mentions it.

An item is given where its word is a heading, the label of a line, a short cell of a table or the name of a file, or
where a figure follows it. A word within a sentence (会议明确了检查内容) only mentions it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from tracker.core.law.duties import Item
from tracker.core.matching.contents import holds_item_in_text
from tracker.core.matching.numbers import comparable, cross_out_other_numbers, to_numbered_form
from tracker.core.matching.tables import MAX_HEAD_LENGTH, Segment, TextTable, is_blank, split_segments
from tracker.core.values.facts import NOWHERE, EntryVersion

_MAX_HEADING = 20
_SENTENCE = re.compile(r"[^。;!?]+?(?:[。;!?]|(?=\([\d一二三四五六七八九十]{1,3}\))|$)")
_NUMBERING = re.compile(r"\(?[\d一二三四五六七八九十]{1,3}[)、.]+|第[\d一二三四五六七八九十]{1,3}[章节条部分]+")
_LABEL = re.compile(r"(?:^|(?<=[,、.)]))([^:,、]{1,20}):([^:]*)")
#: The name of a file, and a sentence that announces what a table or file gives.
_FILE = re.compile(r"附[件表图]?\d*[:.]")
_REFERENCE = re.compile("[如见]下|下[表列]|附[表件后图]")
#: Between the names of a bare row, and how many other characters it may have.
_JOINTS, _MAX_RESIDUE = re.compile("[、,。;和及与]"), 6
#: Before the figure of an item that is one of several.
_PEOPLE = "(?:对象|人员|家庭)?"
#: 招标公告86条 counts papers and is none of them.
_PAPERS = ("公告", "公示")
#: What may stand between a word and its figure: 参保人数为5.2万人, 基金收入完成4510万元.
_GAP = (
    r"(?:[)为共约达是了至有计到]|总?数|总?额|人数|金额|累计|合计|总计|实现|完成|开工|竣工|建成|新增|每[人户月年]|[人户月年平]均"
    r"|\([^()\d]{1,4}\)){0,3}"
)


@lru_cache(maxsize=2048)
def states_item(version: EntryVersion, item: Item, *, is_one_of_several: bool = False) -> bool:
    """Return whether the text or a file gives the item, whatever the title says; a period may be named by the title.

    `is_one_of_several`: others are required beside it, so 低保对象8214户 gives 低保. Alone, 服务对象30人 gives no 服务.
    """
    is_held = holds_item_in_text(version, item)
    if item.names or not is_held:
        return is_held
    title, words = comparable(version.title), [comparable(word) for word in item.words]
    gap = (_PEOPLE if is_one_of_several else "") + _GAP
    return any(_states(segment, word, title, gap) for segment in _segments(version) for word in words)


@lru_cache(maxsize=2048)
def only_lists_items(version: EntryVersion, items: tuple[Item, ...]) -> bool:
    """Return whether one sentence of the text tells of several items together, and nothing gives any of them.

    A bare row of names tells nothing of them: it may be the heads of a table that was lost.
    """
    if len(items) < 2 or any(item.names or states_item(version, item, is_one_of_several=True) for item in items):
        return False
    spellings = [[comparable(word) for word in item.words] for item in items]
    lines = (line for segment in _segments(version) if isinstance(segment, str) for line in segment.split("\n"))
    sentences = (sentence for line in lines for sentence in _SENTENCE.findall(comparable(line)))
    names = re.compile("|".join(map(re.escape, sorted(chain(*spellings), key=len, reverse=True))))
    return any(
        all(any(word in sentence for word in words) for words in spellings)
        and not _REFERENCE.search(sentence)
        and len(_JOINTS.sub("", names.sub("", sentence))) > _MAX_RESIDUE
        for sentence in sentences
    )


def _segments(version: EntryVersion) -> Iterator[Segment]:
    yield from split_segments(version.text or "")
    for file in version.attachments:
        if not file.note.startswith(NOWHERE):
            yield file.name[:_MAX_HEADING]
        yield from split_segments(file.text or "")


def _states(segment: Segment, word: str, title: str, gap: str) -> bool:
    if isinstance(segment, TextTable):
        return any(
            segment.has_value(place, word)
            and (len(cell := segment.text_at(place)) <= MAX_HEAD_LENGTH or _states_in_line(cell, word, gap))
            for place in segment.find_cells(word)
        )
    lines = to_numbered_form(segment).split("\n")
    return any(_states_in_line(line, word, gap) for line in lines if word in line and line not in title)


def _states_in_line(line: str, word: str, gap: str) -> bool:
    """Return whether a sentence of a line, in comparable form, gives the item of that word."""
    sentences = (sentence for sentence in _SENTENCE.findall(line) if word in sentence)
    return any(
        _is_heading(sentence, is_line=sentence == line)
        or _FILE.match(sentence)
        or any(word in label and not (value and is_blank(value)) for label, value in _LABEL.findall(sentence))
        or (not word.endswith(_PAPERS) and re.search(rf"{re.escape(word)}{gap}\d", cross_out_other_numbers(sentence)))
        for sentence in sentences
    )


def _is_heading(sentence: str, *, is_line: bool) -> bool:
    """Return whether a sentence is a heading: short, and numbered or a line without a stop at its end."""
    numbering = _NUMBERING.match(sentence)
    bare = sentence[numbering.end() :] if numbering else sentence
    return len(bare) <= _MAX_HEADING and (numbering is not None or (is_line and bare[-1:] not in "。;!?"))
