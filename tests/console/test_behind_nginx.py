"""Behind the office's own web server, below a path of its own: the links hold, and callers are told apart."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.console.served_pages import REPEATS, House, served
from tracker.store.engine import Store

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

#: As docs/console.md says it.
CONFIG = """
{user}daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port};
    location /duban/ {{
      proxy_pass {base};
      proxy_set_header X-Forwarded-For $http_x_caller;  # for the test: whoever it says
    }}
  }}
}}
"""


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """Nothing here depends on the database: one is enough."""
    return sqlite_url


@pytest.fixture
async def house(tmp_path: Path, store: Store) -> AsyncIterator[House]:
    """The pages, which believe the proxy on this machine of who calls."""
    async with served(tmp_path, store, REPEATS.replace("quiet:", 'proxies: ["127.0.0.1"], quiet:')) as made:
        yield made


@pytest.fixture
async def front(house: House, tmp_path: Path) -> AsyncIterator[str]:
    """The base below which nginx hands the pages on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tmp_path / "nginx"
    folder.mkdir()
    user = "user root;\n" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, base=house.base, user=user))
    assert NGINX is not None
    server = await asyncio.create_subprocess_exec(NGINX, "-c", str(config), "-p", str(folder), "-e", "stderr")
    base = f"http://127.0.0.1:{port}/duban/"
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            except OSError:
                await asyncio.sleep(0)
    office = house.small.office
    console = office.loaded.schedule.console
    assert console is not None
    schedule = replace(office.loaded.schedule, console=replace(console, base=base))
    office.loaded = replace(office.loaded, schedule=schedule)
    yield base
    server.terminate()
    await server.wait()


async def test_pages_lead_to_each_other_below_the_path_and_take_answers(house: House, front: str) -> None:
    link = house.links()[-1].replace(house.base, front)
    _, page = await house.open(link)
    target = re.findall(r'<a href="([^"]+)"', page)[0]
    async with house.http.get(f"{front}r/{target}") as answer:
        matter, page = str(answer.url), await answer.text()
    stamp = re.findall(r'name="stamp" value="([^"]+)"', page)[0]
    form = {"stamp": stamp, "kind": "explained", "text": "正在办理"}
    origin = front.removesuffix("/duban/")
    async with house.http.post(matter, data=form, headers={"Origin": origin}) as answer:
        assert (answer.status, str(answer.url)) == (200, matter)
        assert "正在办理" in await answer.text()
    async with house.http.post(matter, data=form, headers={"Origin": house.base.rstrip("/")}) as answer:
        assert answer.status == 403
    assert len(house.answers()) == 1


async def test_who_guesses_is_slowed_and_others_are_not(house: House, front: str) -> None:
    async def guess(caller: str) -> int:
        async with house.http.get(f"{front}r/guess", headers={"X-Caller": caller}) as answer:
            return answer.status

    assert [await guess("10.0.0.1") for _ in range(31)] == [404] * 30 + [429]
    assert await guess("10.0.0.2") == 404
