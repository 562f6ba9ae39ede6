"""Builds the documentation as a site that needs no server and no network: `python3 dev.py docs`.

The pages of `pages.yaml` go to build/site/ under their own paths, with whatever they link to in this repository. The
search is a substring search over `index.js`, which a browser also loads from a file.
"""

from __future__ import annotations

import json
import posixpath
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ASSETS = ("style.css", "search.js")
_LOCAL = {"a": "href", "img": "src"}


@dataclass
class Page:
    """A page: its path in the repository, its tokens, its headings (level, anchor, text) and its local targets."""

    path: str
    lang: str
    tokens: list[Token]
    title: str = ""
    headings: list[tuple[int, str, str]] = field(default_factory=list)
    targets: set[str] = field(default_factory=set)

    @property
    def place(self) -> str:
        """The path of the page in the site."""
        return posixpath.splitext(self.path)[0] + ".html"

    def url_of(self, target: str) -> str:
        """The address of a path of the site, as this page links to it."""
        return quote(posixpath.relpath(target, posixpath.dirname(self.place) or "."))


@dataclass(frozen=True)
class Part:
    """A heading of the navigation and the pages below it."""

    title: str
    pages: Sequence[Page]


@dataclass(frozen=True)
class Reader:
    """One of the readers for whom the pages are grouped."""

    name: str
    about: str
    lang: str
    parts: Sequence[Part]

    @property
    def pages(self) -> list[Page]:
        return [page for part in self.parts for page in part.pages]


@cache
def markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def slug(text: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def text_of(token: Token) -> str:
    """The words of an inline token, without marks."""
    if not token.children:
        return token.content
    words = ("\n" if child.type == "softbreak" else text_of(child) for child in token.children)
    return "".join(words)


def read_page(path: str, lang: str, root: Path = ROOT) -> Page:
    """The page with the anchors of its headings set; its title is its first heading."""
    page = Page(path, lang, markdown().parse((root / path).read_text("utf-8")))
    times: Counter[str] = Counter()
    for opening, inline in zip(page.tokens, page.tokens[1:], strict=False):
        if opening.type != "heading_open":
            continue
        text = text_of(inline)
        anchor = slug(text)
        times[anchor] += 1
        anchor += f"-{times[anchor] - 1}" if times[anchor] > 1 else ""
        opening.attrSet("id", anchor)
        page.headings.append((int(opening.tag[1]), anchor, text))
    page.title = page.headings[0][2] if page.headings else path
    return page


def list_readers(root: Path = ROOT) -> list[Reader]:
    """The readers with their pages, in the order of pages.yaml."""
    groups = yaml.safe_load((HERE / "pages.yaml").read_text("utf-8"))
    return [
        Reader(
            group["reader"],
            group["about"],
            group["lang"],
            [Part(title, [read_page(path, group["lang"], root) for path in paths])
             for part in group["parts"] for title, paths in part.items()],
        )
        for group in groups
    ]  # fmt: skip


def _inner(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _inner(token.children or ())


def link(page: Page, pages: dict[str, Page], root: Path = ROOT) -> list[str]:
    """Lead the links of a page to the site; what leads nowhere is returned, a sentence each."""
    defects = []
    for token in _inner(page.tokens):
        name = _LOCAL.get(token.tag)
        address = urlsplit(str(token.attrGet(name) or "")) if name and token.nesting != -1 else None
        if name is None or address is None or address.scheme or address.netloc:
            continue
        folder = posixpath.dirname(page.path)
        target = posixpath.normpath(posixpath.join(folder, unquote(address.path))) if address.path else page.path
        other, anchor = pages.get(target), unquote(address.fragment)
        if other is None and not (root / target).is_file():
            defects.append(f"{page.path}: {target} is no page of the site and no file")
        elif other is not None and anchor and anchor not in {each for _, each, _ in other.headings}:
            defects.append(f"{page.path}: {target} has no heading #{anchor}")
        if other is None:
            page.targets.add(target)
        place = page.url_of(other.place if other else target) if address.path else ""
        token.attrSet(name, f"{place}#{quote(anchor)}" if anchor else place)
    return defects


def entries(page: Page, group: int) -> Iterator[list[str | int]]:
    """What is searched: for each heading its address, where it stands, its text; and the reader's number."""
    words: list[str] = []
    places = iter(page.headings)
    heading = (1, "", page.title)
    for before, token in zip([None, *page.tokens], page.tokens, strict=False):
        if token.type == "heading_open":
            if words or heading[1]:
                yield _entry(page, heading, words, group)
            heading, words = next(places), []
        elif token.type in ("fence", "code_block") or (token.type == "inline" and _is_text(before)):
            words.append(text_of(token))
    yield _entry(page, heading, words, group)


def _is_text(before: Token | None) -> bool:
    return before is None or before.type != "heading_open"


def _entry(page: Page, heading: tuple[int, str, str], words: list[str], group: int) -> list[str | int]:
    title = page.title if heading[0] == 1 else f"{page.title} › {heading[2]}"
    address = quote(page.place) + (f"#{quote(heading[1])}" if heading[0] > 1 else "")
    return [address, title, re.sub(r"\s+", " ", " ".join(words)), group]


def build(target: Path, root: Path = ROOT) -> list[str]:
    """Write the site; what its pages link to and is not there is returned, a sentence each."""
    readers = list_readers(root)
    pages = {page.path: page for reader in readers for page in reader.pages}
    defects = [defect for page in pages.values() for defect in link(page, pages, root)]
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.get_template("page.html.j2")
    shutil.rmtree(target, ignore_errors=True)
    for reader in readers:
        for page in reader.pages:
            body = markdown().renderer.render(page.tokens, markdown().options, {})
            _write(target / page.place, template.render(page=page, reader=reader, readers=readers, body=body))
    home = Page("index.md", "zh", [], "督办 Duban")
    _write(target / "index.html", template.render(page=home, reader=None, readers=readers, body=""))
    index = [entry for n, reader in enumerate(readers) for page in reader.pages for entry in entries(page, n)]
    _write(target / "index.js", "const INDEX = " + json.dumps(index, ensure_ascii=False, separators=(",", ":")) + ";\n")
    for name in ASSETS:
        shutil.copy(HERE / name, target / name)
    for path in sorted({path for page in pages.values() for path in page.targets}):
        if (root / path).is_file():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / path, target / path)
    return defects


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def main() -> int:
    target = ROOT / "build" / "site"
    for defect in (defects := build(target)):
        print(defect, file=sys.stderr)
    print(target / "index.html")
    return int(bool(defects))


if __name__ == "__main__":
    sys.exit(main())
