"""What is sent where no mail is: a chat text that mentions nobody, a short line, JSON that fits its schema."""
# ruff: noqa: E501  (the particulars of one notice)

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.call import Call, json_body
from notifications.compose import Envelope
from notifications.forms import chat_text, encode_message, sms_text
from notifications.render import Addressee, RenderedMail, render

NOW = datetime(2015, 10, 8, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
READER = Addressee("样例县", "环保局 张三", "huanbao")
LINE = {
    "kind": "overdue", "step": "overdue", "reason": "时限为9月30日，至今未查到公开内容。", "occurrence": "sample/p/water/huanbao/2015-09",
    "duty_id": "p/water", "duty": "水环境质量状况", "department": "环保局", "period": "2015年9月", "due": "9月30日", "due_on": "2015-09-30",
    "due_at": "2015-10-01T00:00:00+08:00", "status": "overdue", "status_zh": "逾期未公开", "light": "red", "light_zh": "红", "clause": "一（七）1",
    "pack": "要点", "weight": 1, "judged": "", "missing": ["水环境质量状况"], "unseen": [], "open": [], "why": "", "why_short": "", "marks": [],
    "urgent": False, "day": "", "late": "逾期1个工作日", "days_late": 1,
}  # fmt: skip


def test_a_title_can_mention_nobody_and_mark_nothing_up() -> None:
    said = chat_text(RenderedMail("逾期1件", "《<@all> [点此](http://x) **粗** `x` # 标题》"), 4096).decode()
    assert said == "逾期1件\n《＜＠all＞ ［点此］(http://x) ＊＊粗＊＊ ｀x｀ ＃ 标题》"


@given(st.text(max_size=300), st.text(max_size=3000), st.integers(60, 4096))
def test_a_chat_text_fits_and_is_whole_utf_8(subject: str, text: str, room: int) -> None:
    said = chat_text(RenderedMail(subject, text), room)
    assert len(said) <= room
    said.decode()


@pytest.mark.parametrize("kind", ["overdue", "slip"])
def test_the_link_to_answer_by_is_in_the_mail_and_in_no_group(kind: str) -> None:
    reader = Addressee("样例县", "环保局 张三", "huanbao", "https://duban.x.cn/r/x.y.z")
    shown = [{**LINE, "kind": kind, "answer": f"{reader.answer}/1"}]
    words, envelope = render(reader, shown, NOW), Envelope("d@x.cn", "a@x.cn")
    assert reader.answer in words.text
    said = encode_message("chat", "m-1", envelope, words, reader, shown, NOW).decode()
    assert "水环境质量状况" in said
    assert "duban.x.cn" not in said


def test_what_does_not_fit_is_cut_at_a_lines_end_and_says_so() -> None:
    said = chat_text(RenderedMail("逾期", "\n".join(f"第{n}项内容" for n in range(400))), 2048).decode()
    assert said.endswith("项内容\n……其余内容见邮件。")


@given(st.text(max_size=500))
def test_a_short_message_is_one_short_line(subject: str) -> None:
    said = sms_text(RenderedMail(subject, "")).decode()
    assert len(said) <= 200
    assert "\n" not in said
    assert said.endswith("。详见邮件。")


def test_a_call_fits_the_published_schema() -> None:
    rendered = render(READER, [LINE], NOW)
    body = json.loads(
        json_body("6d0f9d5c", rendered, READER, [LINE, {**LINE, "repeat": 2, "slip": "〔2015〕3号"}], NOW)
    )
    jsonschema.validate(body, Call.model_json_schema())
    assert body["matters"][1]["repeat"] == 2
    assert body["matters"][1]["slip"] == "〔2015〕3号"
    assert body["matters"][0]["missing"] == ["水环境质量状况"]
    assert body["at"] == "2015-10-08T08:30:00+08:00"


@pytest.mark.parametrize("link", ["", "https://duban.example.gov.cn/r/small.6d0f.x"])
def test_a_call_names_the_page_on_which_it_is_answered_and_the_schema_says_so(link: str) -> None:
    reader = Addressee("样例县", "环保局 张三", "huanbao", link)
    body = json.loads(json_body("6d0f9d5c", render(reader, [LINE], NOW), reader, [LINE], NOW))
    jsonschema.validate(body, {**Call.model_json_schema(), "additionalProperties": False})
    assert body["answer"] == link


@pytest.mark.parametrize("form", ["mail", "chat", "sms", "json"])
def test_the_same_notices_give_the_same_bytes(form: str) -> None:
    envelope = Envelope("duban@sample.example", "huanbao@sample.example", "张三")
    made = [
        encode_message(form, "6d0f9d5c", envelope, render(READER, [LINE], NOW), READER, [LINE], NOW)  # type: ignore[arg-type]
        for _ in range(2)
    ]
    assert made[0] == made[1]
