"""Templates of lists and articles. The sample site and the sites of the tests are written with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListTemplate:
    """A list of entries. `row` is a format string that takes the fields of one entry."""

    before: str
    row: str
    after: str

    def fill(self, entries: Iterable[Mapping[str, object]]) -> str:
        """The list as HTML."""
        return f"{self.before}{''.join(map(self.row.format_map, entries))}{self.after}"


@dataclass(frozen=True, slots=True)
class ArticleTemplate:
    """The middle of an article's page. `page` takes the article's fields, {text} and {files}.

    `paragraph` takes a paragraph, `between` stands between two; `file` takes a file's name, its address and
    its number, counted from 1.
    """

    page: str
    paragraph: str
    file: str
    between: str = ""

    def fill(self, paragraphs: Iterable[str], files: Sequence[tuple[str, str]], **fields: object) -> str:
        """The article as HTML. `files`: name and address of each."""
        text = self.between.join(map(self.paragraph.format, paragraphs))
        links = "".join(self.file.format(name, address, number) for number, (name, address) in enumerate(files, 1))
        return self.page.format_map({**fields, "text": text, "files": links})
