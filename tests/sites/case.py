"""A case: the files of one small site in a folder, and `truth.yaml`, which says what a reader should see in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

#: Stands for the site's own address in pages that print it whole; the server puts in where it listens.
OWN = "http://www.own-site.gov.cn"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a list as it was written into a page. `day` None: the list prints none."""

    title: str
    url: str
    day: date | None
    inferred: bool = False

    def true(self) -> dict[str, Any]:
        truth: dict[str, Any] = {"title": self.title, "url": self.url, "date": self.day and self.day.isoformat()}
        return truth | {"inferred": True} if self.inferred else truth


@dataclass(slots=True)
class Case:
    """A case before it is saved to its folder. Paths begin with a slash and may have a query."""

    name: str
    today: str = "2015-09-30"
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    columns: list[dict[str, Any]] = field(default_factory=list)
    articles: list[dict[str, Any]] = field(default_factory=list)
    _bodies: dict[str, bytes] = field(default_factory=dict)

    def put(
        self, path: str, body: str | bytes, *, encoding: str = "utf-8", type: str = "text/html", status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """A page or file. Characters the encoding lacks become references, as the systems themselves do it."""
        data = body if isinstance(body, bytes) else body.encode(encoding, "xmlcharrefreplace")
        name = _file_name(path, type)
        self.answers[path] = {"file": name, "type": type}
        if status != 200:
            self.answers[path]["status"] = status
        if headers:
            self.answers[path]["headers"] = dict(headers)
        self._bodies[name] = data

    def answer(self, path: str, **how: Any) -> None:
        """An address that is answered by something other than one file: `jpage`, `cut`, `redirect`."""
        self.answers[path] = how

    def column(
        self, url: str, dialect: str, entries: Iterable[Row] = (), *, traps: Sequence[str] = (), outcome: str = "read",
        complete: bool = True, **more: Any,
    ) -> None:  # fmt: skip
        """The truth of a column. `complete`: whether a reader of pages can know that it saw all."""
        truth = {"url": url, "dialect": dialect, "traps": list(traps), "outcome": outcome, "complete": complete}
        self.columns.append(truth | more | {"entries": [row.true() for row in entries]})

    def article(self, url: str, dialect: str, *, traps: Sequence[str] = (), kind: str = "article", **more: Any) -> None:
        """The truth of an article: title, date, source, has, lacks, attachments, items."""
        truth = {"url": url, "dialect": dialect, "traps": list(traps), "kind": kind}
        self.articles.append(truth | {key: value for key, value in more.items() if value is not None})

    def save(self, root: Path) -> None:
        folder = root / self.name
        folder.mkdir(parents=True, exist_ok=True)
        for name, body in self._bodies.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        truth = {"today": self.today, "answers": self.answers, "columns": self.columns, "articles": self.articles}
        text = yaml.dump(truth, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=200)
        (folder / "truth.yaml").write_text(text, encoding="utf-8")


def _file_name(path: str, type: str) -> str:
    name = re.sub(r"[?&=%]", "_", path.lstrip("/"))
    if not name or name.endswith("/"):
        name += "index.html"
    return name if "." in name.rpartition("/")[2] else f"{name}.{'json' if 'json' in type else 'html'}"


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case read back from its folder."""

    name: str
    folder: Path
    today: str
    answers: Mapping[str, Mapping[str, Any]]
    columns: Sequence[Mapping[str, Any]]
    articles: Sequence[Mapping[str, Any]]


def load(root: Path) -> list[StoredCase]:
    """All cases below a folder, by name. A case without `answers` serves each file under its own path."""
    cases = []
    for path in sorted(root.rglob("truth.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        folder = path.parent
        answers = {
            f"/{file.relative_to(folder).as_posix()}": {"file": file.relative_to(folder).as_posix()}
            for file in sorted(folder.rglob("*"))
            if file.is_file() and file != path
        }
        answers |= {key: dict(value) for key, value in (content.get("answers") or {}).items()}
        cases.append(
            StoredCase(
                folder.relative_to(root).as_posix(), folder, str(content.get("today", "2015-09-30")), answers,
                content.get("columns") or [], content.get("articles") or []
            )
        )  # fmt: skip
    return cases
