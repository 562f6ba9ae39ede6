"""Throws broken pages and files at each reader for as long as it is told; what breaks one is shrunk and printed.

    python -m tests.evidence.fuzz --minutes 2 [listing] [article] [kind] [files]

Pages are put together from the markup that the readers look for, then cut, doubled, spliced and bitten at
random; so are the files of the corpus. Each must end with a verdict within `LIMIT` seconds of processor time.
Attachments are bitten in the same way and read in their process apart.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic, process_time

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.evidence.evidence_site import SHANGHAI, TODAY
from tests.evidence.test_any_bytes import PIECES
from tracker.core.law.county import DIALECTS
from tracker.evidence.article.read import parse_article
from tracker.evidence.attachments.readers.reader import FileLimits, read_file
from tracker.evidence.listing.inspect import Seen, seen_at
from tracker.evidence.page.parsed import Page
from tracker.evidence.reading.readings import glance
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.values import Listing

#: Seconds of processor time that one page may cost.
LIMIT = 5.0
ATTACHED = Path(__file__).resolve().parent / "attached"
CORPUS = Path(__file__).resolve().parent.parent / "sites"
TYPES = ("text/html", "text/html; charset=gbk", "text/xml", "application/json", "application/rss+xml", "")
URLS = (
    "http://www.yangli.gov.cn/hjbh/",
    "http://www.yangli.gov.cn/info/1029/3301.htm",
    "http://www.yangli.gov.cn/a.pdf",
)


def seen_of_page(page: Page) -> Seen:
    return seen_at(page.url, glance(page))


def corpus() -> list[bytes]:
    """What the corpus keeps as files: real beginnings are the best seeds."""
    kept = [path.read_bytes() for path in sorted(CORPUS.rglob("*")) if path.is_file() and path.suffix != ".py"]
    return [body for body in kept if 0 < len(body) < 200_000] or [b"<html></html>"]


@st.composite
def bitten(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """A page of the corpus, or markup at random, with up to eight wounds."""
    body = bytearray(draw(st.sampled_from(seeds)) if draw(st.booleans()) else draw(soup()).encode())
    for _ in range(draw(st.integers(0, 8))):
        at = draw(st.integers(0, max(len(body) - 1, 0)))
        length = draw(st.integers(1, 400))
        match draw(st.sampled_from(("cut", "double", "flip", "insert", "end", "splice", "flood"))):
            case "cut":
                del body[at : at + length]
            case "double":
                body[at:at] = body[at : at + length] * draw(st.integers(1, 40))
            case "flip":
                body[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case "insert":
                body[at:at] = draw(st.sampled_from(PIECES)).encode("utf-8", "surrogatepass")
            case "end":
                del body[at:]
            case "splice":
                other = draw(st.sampled_from(seeds))
                start = draw(st.integers(0, max(len(other) - 1, 0)))
                body[at:at] = other[start : start + 4 * length]
            case "flood":
                body[at:at] = draw(st.sampled_from(PIECES)).encode("utf-8", "surrogatepass") * draw(
                    st.integers(1, 3000)
                )
    return bytes(body[:3_000_000])


def soup() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=80).map("".join)


def read_listing(page: Page, dialect: str) -> None:
    for listing in (parse_listing(page), parse_listing(replace(page), dialect)):
        assert listing.understood or listing.reason
        assert all(entry.url.startswith("http") and entry.title for entry in listing.sightings)
        assert Listing.from_json(listing.to_json()) == listing


def read_article(page: Page, _dialect: str) -> None:
    article = parse_article(page)
    assert article.state == "read" or article.reason


def read_kind(page: Page, _dialect: str) -> None:
    seen = seen_of_page(page)
    assert seen.kind in ("listing", "article", "file", "missing", "unverifiable")
    assert seen.kind != "unverifiable" or seen.reason


READERS = {"listing": read_listing, "article": read_article, "kind": read_kind}


def read_page(name: str, page: Page, dialect: str) -> None:
    """Raises where the reader gives no verdict or takes for ever."""
    began = process_time()
    READERS[name](page, dialect)
    took = process_time() - began
    assert took < LIMIT, f"{took:.1f} s"


def read_files(body: bytes, name: str) -> None:
    """A reader that hangs, dies or raises is told by what it says in its place."""
    said = asyncio.run(read_file(body, name, limits=FileLimits(timeout=LIMIT)))
    assert said.text is not None or said.note


def hunt_files(minutes: float, number: int) -> int:
    """The same for attachments; each file's reader is a process that must come back or be ended."""
    kept = [(path.name, path.read_bytes()) for path in sorted(ATTACHED.iterdir()) if path.suffix != ".md"]
    until, count = monotonic() + 60 * minutes, 0
    while monotonic() < until:

        @seed(number)
        @settings(
            max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )  # fmt: skip
        @given(st.sampled_from(kept), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=64)), max_size=12))
        def round_of(one: tuple[str, bytes], wounds: list[tuple[float, bytes]]) -> None:
            nonlocal count
            count += 1
            name, body = one[0], bytearray(one[1])
            for where, bite in wounds:
                at = int(where * len(body))
                body[at : at + len(bite)] = bite
            read_files(bytes(body), name)

        round_of()
        number += 1
    return count


def hunt(name: str, minutes: float, first_seed: int) -> int:
    """Rounds of examples for one reader until the time is over; how many examples there were."""
    seeds, until, count, number = corpus(), monotonic() + 60 * minutes, 0, first_seed
    while monotonic() < until:

        @seed(number)
        @settings(
            max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        )  # fmt: skip
        @given(bitten(seeds), st.sampled_from(URLS), st.sampled_from(TYPES), st.sampled_from(("", *DIALECTS)))
        def round_of(body: bytes, url: str, kind: str, dialect: str) -> None:
            nonlocal count
            count += 1
            read_page(name, Page(url, body, SHANGHAI, TODAY, kind), dialect)

        round_of()
        number += 1
    return count


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("readers", nargs="*", metavar="READER", help=f"{', '.join(READERS)} or files; default: each")
    options.add_argument("--minutes", type=float, default=10, help="for each reader")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    for name in asked.readers or (*READERS, "files"):
        hunted = hunt_files(asked.minutes, asked.seed) if name == "files" else hunt(name, asked.minutes, asked.seed)
        print(f"{name}: {hunted:,} read, nothing wrong", flush=True)


if __name__ == "__main__":
    main()
