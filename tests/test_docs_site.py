"""The documentation as a site: every link and picture of every page resolves, nothing is loaded from elsewhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from docs.website import build as site

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    assert site.build(target) == []
    return target


@pytest.fixture(scope="module")
def parsed(built: Path) -> dict[Path, LexborHTMLParser]:
    return {
        path: LexborHTMLParser(path.read_text("utf-8"))
        for path in built.rglob("*.html")
        if "examples" not in path.parts
    }


def test_every_page_stands_in_the_navigation_once() -> None:
    groups = yaml.safe_load((site.HERE / "pages.yaml").read_text("utf-8"))
    listed = [path for group in groups for part in group["parts"] for paths in part.values() for path in paths]
    pages = [path.relative_to(site.ROOT).as_posix() for path in (site.ROOT / "docs").rglob("*.md")]
    assert sorted(path for path in listed if path.startswith("docs/")) == sorted(pages)
    assert len(set(listed)) == len(listed)


def test_every_link_and_picture_of_every_page_resolves(parsed: dict[Path, LexborHTMLParser]) -> None:
    anchors = {path: {node.attributes["id"] for node in tree.css("[id]")} for path, tree in parsed.items()}
    broken = []
    for path, tree in parsed.items():
        for node in tree.css("a[href], img[src], script[src], link[rel=stylesheet]"):
            address = urlsplit(node.attributes.get("href") or node.attributes.get("src") or "")
            if address.scheme or address.netloc:
                continue
            other = (path.parent / unquote(address.path)).resolve() if address.path else path
            lacks_anchor = other in anchors and address.fragment and unquote(address.fragment) not in anchors[other]
            if not other.is_file() or lacks_anchor:
                broken.append(f"{path.name}: {address.geturl()}")
    assert broken == []


def test_nothing_is_loaded_from_elsewhere(built: Path, parsed: dict[Path, LexborHTMLParser]) -> None:
    loaded = [
        address
        for tree in parsed.values()
        for node in tree.css("img, script, link, iframe, video, source, object, embed")
        if urlsplit(address := node.attributes.get("src") or node.attributes.get("href") or "").scheme
        not in ("", "data")
    ]
    assert loaded == []
    assert "http" not in "".join((built / name).read_text("utf-8") for name in site.ASSETS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a](gone.md)", "docs/a.md: docs/gone.md is no page of the site and no file"),
        ("![a](gone.png)", "docs/a.md: docs/gone.png is no page of the site and no file"),
        ("[a](#gone)", "docs/a.md: docs/a.md has no heading #gone"),
    ],
)
def test_a_link_that_leads_nowhere_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text(f"# 一\n\n{text} [b](#二) <https://x.example>\n\n## 二\n\n## 二\n")
    page = site.read_page("docs/a.md", "zh", tmp_path)
    assert [anchor for _, anchor, _ in page.headings] == ["一", "二", "二-1"]
    assert site.link(page, {page.path: page}, tmp_path) == [said]


def test_the_index_has_each_section_with_its_text() -> None:
    page = site.read_page("docs/依申请公开.md", "zh")
    found = {str(entry[1]): entry for entry in site.entries(page, 0)}
    address, _, text, _ = found["依申请公开办理指南 › 投诉和咨询"]
    assert unquote(str(address)) == "docs/依申请公开.html#投诉和咨询"
    assert "编号各自排列" in str(text)
    assert "duban request receive --kind 投诉" in str(text)
    assert "钱学礼" not in str(text)


@pytest.mark.nightly
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine (apt-get install chromium)")
async def test_the_search_finds_chinese_words_from_a_file_and_a_phone_shows_no_page_wider_than_itself(
    built: Path, parsed: dict[Path, LexborHTMLParser]
) -> None:
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    async with playwright.async_playwright() as tools:
        browser = await tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = await browser.new_page(viewport={"width": 390, "height": 844})
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        for path in parsed:
            await tab.goto(path.as_uri())
            assert await tab.evaluate("document.documentElement.scrollWidth") <= 390, path
        await tab.goto((built / "index.html").as_uri())
        await tab.get_by_role("searchbox").fill("补正 期限")
        first = tab.locator("#results a").first
        assert "补正" in await first.inner_text()
        await first.click()
        await tab.wait_for_url("**/docs/**")
        await browser.close()
    assert all(url.startswith(("file:", "data:")) for url in asked)


def test_the_index_is_read_as_json(built: Path) -> None:
    text = (built / "index.js").read_text("utf-8")
    index = json.loads(text.removeprefix("const INDEX = ").removesuffix(";\n"))
    assert all((built / unquote(address.partition("#")[0])).is_file() for address, _, _, _ in index)
