"""A form with a file is read in parts as browsers write it, and its file is not copied more often than it must be."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest
from starlette.requests import Request

from tracker.console.forms import FormError, PostedForm, read_form

FIELD = b'--x\r\nContent-Disposition: form-data; name="on"\r\n\r\n2015-07-20\r\n'
FILE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
SIZE = 5_000_000


async def read(*chunks: bytes) -> PostedForm:
    rest = list(chunks)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": rest.pop(0), "more_body": bool(rest)}

    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    return await read_form(Request({"type": "http", "method": "POST", "headers": headers}, receive), SIZE)


@pytest.mark.parametrize("before", [b"", b"\r\n", b"what nobody reads\r\n"])
async def test_fields_and_the_file_come_as_they_were_sent(before: bytes) -> None:
    content = b"\r\n--y\r\n\r\n--\r\n"
    form = await read(before + FIELD + FILE, content, b"\r\n--x--\r\n")
    assert form.fields == {"on": ["2015-07-20"]}
    assert form.file is not None
    assert (form.file.name, form.file.content) == ("a.pdf", content)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"--x", b"--x--\r\n", b"no part", FIELD, FIELD[:-2] + b"--x--", FILE + b"x",
        b"--x\r\nContent-Disposition: form-data; name=\"on\"\r\n--x--\r\n", b"--x\r\n\r\n2015\r\n--x--\r\n",
    ],
)  # fmt: skip
async def test_what_is_not_whole_is_refused(body: bytes) -> None:
    with pytest.raises(FormError) as refusal:
        await read(body)
    assert refusal.value.status == 400


async def test_a_file_lies_in_memory_about_twice_while_it_is_read() -> None:
    chunk = bytes(50_000)
    chunks = [FIELD + FILE, *[chunk] * (SIZE // len(chunk)), b"\r\n--x--\r\n"]
    tracemalloc.start()
    try:
        form = await read(*chunks)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert form.file is not None
    assert len(form.file.content) == SIZE
    assert peak < 2.7 * SIZE
