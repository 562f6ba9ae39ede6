"""Single values of a rule file are changed, and every other byte stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tracker.rulebook.yaml_edit import CannotEditError, YamlText

TEXT = """\
# head
name: "县"   # said so
departments:
  a:
    name: 甲局     # the first
    aliases: [一, "二"]   # names
    liaison: {name: 李, mail: a@x.cn}
  # between
  b:
    name: 乙局
    aliases:
      - 三
      - 四
# behind
empty: {}
columns:
  one: {title: 一, url: /1/}   # one
duties:
  - id: x
    title: 某事   # a task

  # before y
  - id: y
    title: 另事
"""


@pytest.mark.parametrize(
    ("loc", "value", "old", "new"),
    [
        (("name",), "新县", '"县"', '"新县"'),
        (("departments", "a", "name"), "甲一局", "甲局", "甲一局"),
        (("departments", "a", "name"), "a: b #c", "甲局", '"a: b #c"'),
        (("departments", "a", "aliases"), ["五"], '[一, "二"]', "[五]"),
        (("departments", "b", "aliases"), ["三", "六", "四"], "三\n      - 四", "三\n      - 六\n      - 四"),
        (("departments", "a", "liaison", "phone"), "139", "a@x.cn}", "a@x.cn, phone: 139}"),
        (("departments", "b", "liaison", "name"), "王", "- 四\n", "- 四\n    liaison: {name: 王}\n"),
        (
            ("departments", "c"),
            {"name": "丙局", "aliases": ["丁"]},
            "- 四\n",
            "- 四\n  c:\n    name: 丙局\n    aliases: [丁]\n",
        ),
        (("empty", "k"), "v", "{}", "{k: v}"),
        (("columns", "two"), {"title": "二", "url": "/2/"}, "# one\n", "# one\n  two: {title: 二, url: /2/}\n"),
        (("duties", 2), {"id": "z", "title": "三"}, "另事\n", "另事\n\n  - id: z\n    title: 三\n"),
        (("groups", "g"), ["a", "b"], "另事\n", "另事\ngroups: {g: [a, b]}\n"),
        (("duties", 0), {"id": "x", "title": "要事"}, "某事   # a task", "要事   # a task"),
        (("departments", "a", "aliases"), ["一", "五", "二"], '[一, "二"]', "[一, 五, 二]"),
    ],
)
def test_a_value_is_set_where_it_stands(loc: Any, value: Any, old: str, new: str) -> None:
    for newline in ("\n", "\r\n"):
        edited = YamlText(TEXT.replace("\n", newline))
        edited.set(loc, value)
        assert edited.text.replace("\r\n", "\n") == TEXT.replace(old, new, 1)


@pytest.mark.parametrize(
    ("loc", "old"),
    [
        (("departments", "a"), TEXT[TEXT.index("  a:") : TEXT.index("  # between")]),
        (("departments", "a", "aliases"), '    aliases: [一, "二"]   # names\n'),
        (("departments", "a", "liaison", "name"), "name: 李, "),
        (("departments", "a", "liaison", "mail"), ", mail: a@x.cn"),
        (("departments", "b", "aliases", 1), "      - 四\n"),
        (("duties", 0), "  - id: x\n    title: 某事   # a task\n"),
    ],
)
def test_an_entry_is_taken_out_and_what_stands_beside_it_stays(loc: Any, old: str) -> None:
    edited = YamlText(TEXT)
    edited.remove(loc)
    assert edited.text == TEXT.replace(old, "", 1)


def test_in_a_list_only_what_differs_is_written_and_comments_stay() -> None:
    before = "a:\n  - x: [1, 2]   # one\n  # two\n  - {y: 2}\n  - z   # three\nb: c\n"
    edited = YamlText(before)
    edited.set(("a",), [{"x": ["1", "3", "2"]}, "w", {"y": "2"}, "z", "v"])
    after = (
        before.replace("[1, 2]", "[1, 3, 2]").replace("  - {y", "  - w\n  - {y").replace("# three", "# three\n  - v")
    )
    assert edited.text == after


def test_the_last_entry_leaves_an_empty_mapping() -> None:
    edited = YamlText("a:\n  b: {x: y}\nc: d\n")
    edited.remove(("a", "b"))
    assert edited.text == "a: {}\nc: d\n"


@pytest.mark.parametrize(
    ("text", "loc", "value"),
    [
        ("a: &n [x]\nb: *n\n", ("b",), ["y"]),
        ("a: &n x\nb: *n\n", ("a",), "y"),
        ("a: &n [x, y]\nb: *n\n", ("b",), ["x"]),
        ("a:   # because\n  - x   # because\n  - y\n", ("a",), "z"),
    ],
)
def test_what_cannot_be_changed_alone_is_refused_and_left(text: str, loc: Any, value: Any) -> None:
    edited = YamlText(text)
    with pytest.raises(CannotEditError):
        edited.set(loc, value)
    assert edited.text == text


def test_every_text_of_the_shipped_rules_can_be_written_anew() -> None:
    """Each is replaced by another and put back: the data are those of before."""
    for path in sorted(Path("rules/counties").glob("*/county.yaml")):
        edited = YamlText(path.read_text("utf-8"))
        before = edited.text
        for name in edited.data["departments"]:
            loc = ("departments", name, "liaison", "name")
            was = edited.data["departments"][name]["liaison"]["name"]
            edited.set(loc, "某人")
            edited.set(loc, was)
        assert edited.text == before
