"""Slides (.pptx): the text of each in turn."""

from __future__ import annotations

import re

from tracker.evidence.attachments.readers.markup import parse_member
from tracker.evidence.attachments.readers.story import Story
from tracker.evidence.attachments.readers.text import Lines, UnreadableFile
from tracker.evidence.attachments.readers.zipped import open_zip

_SLIDE = re.compile(r"ppt/slides/slide(\d{1,6})\.xml")


def read(body: bytes, out: Lines) -> None:
    with open_zip(body) as archive:
        slides = sorted((int(found[1]), name) for name in archive.namelist() if (found := _SLIDE.fullmatch(name)))
        for number, name in slides:
            before = out.size
            parse_member(archive, name, Story(out))
            if out.size == before:
                out.lack(f"第 {number} 张没有可检索的文字")
    if not out.size:
        raise UnreadableFile("演示文稿中没有可检索的文字")
