"""A county's own templates are bounded: one that does not end, or makes too much, costs seconds and no notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifications.render import render
from notifications.wording import wording
from tests.notifications.test_render import DEPARTMENT, NOW, shown

ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
FLOODS = {
    "all memory": ("{{ 'x' * 4000000000 }}", "MemoryError"),
    "more than a mail may have": ("{{ 'x' * 5000000 }}", "ValueError: it makes"),
    "itself": ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "RecursionError"),
}


@pytest.mark.parametrize(("template", "why"), FLOODS.values(), ids=FLOODS)
def test_one_that_takes_too_much_is_left_aside_and_told(tmp_path: Path, template: str, why: str) -> None:
    (tmp_path / "digest.txt.j2").write_text(template, encoding="utf-8")
    mail = render(DEPARTMENT, [shown()], NOW, tmp_path)
    assert mail.fault.startswith(f"digest: {why}")
    assert "【逾期事项】1件" in mail.text
    assert mail.html


@pytest.mark.nightly
def test_what_does_not_end_is_tried_again_when_it_was_changed(tmp_path: Path) -> None:
    own = tmp_path / "digest.txt.j2"
    own.write_text(ENDLESS, encoding="utf-8")
    assert [render(DEPARTMENT, [shown()], NOW, tmp_path).fault for _ in range(50)] == [
        "digest: TimeoutError: it does not end; stopped after 3 seconds"
    ] * 50
    own.write_text("一切正常", encoding="utf-8")
    mail = render(DEPARTMENT, [shown()], NOW, tmp_path)
    assert (mail.text, mail.fault) == ("一切正常\n", "")


def test_a_document_s_words_are_bounded_too(tmp_path: Path) -> None:
    own = tmp_path / "erratum.txt.j2"
    one = {"line": 3, "said": "某事", "anchor": "a", "truth": "已公开", "reason": "查实"}
    values = {"title": "某通报", "number": "1号", "issued": "2015年10月21日", "corrections": [one]}
    own.write_text("{{ number }}\n{{ number|link('a') }}为准\n", encoding="utf-8")
    assert wording("erratum", values, tmp_path).paragraphs == ((("1号", ""),), (("1号", "a"), ("为准", "")))
    template, why = FLOODS["all memory"]
    own.write_text(template, encoding="utf-8")
    words = wording("erratum", values, tmp_path)
    assert words.fault.startswith(f"erratum: {why}")
    assert words.paragraphs[0] == (("2015年10月21日印发的《某通报》（1号）中的下列内容与事实不符，现更正如下：", ""),)


def test_a_subject_is_as_long_as_every_server_takes() -> None:
    subject = render(DEPARTMENT, [shown("长" * 5000)], NOW).subject
    assert len(subject) == 200
    assert subject.endswith("长…")
