"""What the crawls of one pass share, whichever county they read: a line before each host, and the readers of files."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tracker.evidence.attachments.readers.reader import FileLimits, FileReader
from tracker.evidence.fetch.host_lines import HostLines, HostPace
from tracker.rulebook.schedule import Crawl


@dataclass(frozen=True, slots=True)
class CrawlResources:
    """Of one pass."""

    lines: HostLines
    files: FileReader


@asynccontextmanager
async def open_resources(
    settings: Crawl, counties: int = 1, pace: HostPace | None = None
) -> AsyncIterator[CrawlResources]:
    """For a pass that reads so many counties side by side; it ends the processes that read files.

    `pace`: at the hosts, where others ask them too.
    """
    limits = FileLimits(settings.max_file_bytes, settings.file_timeout.total_seconds())
    async with FileReader(limits, processes=min(counties, max(2, os.cpu_count() or 1))) as files:
        yield CrawlResources(HostLines(pace), files)
