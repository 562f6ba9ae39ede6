"""Half a mail that could not be written takes no room from the next one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from notifications.channels.base import Outgoing
from notifications.channels.folder import FolderChannel


def test_what_was_not_written_whole_is_swept(tmp_path: Path) -> None:
    message = Outgoing("6d0f9d5c-4b0e-5f0a", "a@example.gov.cn", "督办", b"x", datetime(2015, 8, 3, tzinfo=UTC))
    (tmp_path / "20150803T000000-6d0f9d5c-4b0e.eml").mkdir()
    result = asyncio.run(FolderChannel(tmp_path).send(message))
    assert (result.ok, result.retry, [*tmp_path.glob("*.part")]) == (False, True, [])
