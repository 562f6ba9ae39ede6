"""The examples of docs/api.md work as they stand."""

from __future__ import annotations

import asyncio
import json
import os
import re
from pathlib import Path

from tests.console.served_pages import House
from tests.console.systems import WATER, Connect
from tracker.core.values.accounts import Scope

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")


async def test_its_examples_work(house: House, connect: Connect) -> None:
    known = {"BASE": house.base.rstrip("/"), "TOKEN": connect().token, "MATTER": WATER}
    examples = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    answers = []
    for example in examples:
        script = f'curl() {{ command curl -sS --fail-with-body "$@"; echo; }}\nset -e\n{example}'
        process = await asyncio.create_subprocess_exec(
            "bash", "-c", script, stdout=asyncio.subprocess.PIPE, env={**os.environ, **known}
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
        answers += [json.loads(line) for line in output.decode().splitlines()]
    token, events, evidence, red, overdue, matter = answers
    assert token["system"] == "财务系统"
    assert events["results"][0]["event"]["reference"] == "财预〔2015〕18号"
    assert evidence["outcome"] == "referred"
    assert {each["light"] for each in red["matters"]} == {"red"}
    assert [each["key"] for each in overdue["matters"]] == [WATER] == [matter["matter"]["key"]]


def test_it_names_every_scope_and_kind_of_problem() -> None:
    for scope in Scope:
        assert f"`{scope}`" in PAGE
    from typing import get_args

    from tracker.console.api.problems import Kind

    assert [kind for kind in get_args(Kind) if f"`{kind}`" not in PAGE] == []
