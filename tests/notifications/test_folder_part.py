"""Half a mail that could not be written takes no room from the next one."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

from notifications.channels.base import Outgoing
from notifications.channels.folder import FolderChannel


def test_what_was_not_written_whole_is_swept(tmp_path: Path) -> None:
    message = Outgoing("6d0f9d5c-4b0e-5f0a", "a@example.gov.cn", "督办", b"x", datetime(2015, 8, 3, tzinfo=UTC))
    (tmp_path / "20150803T000000-6d0f9d5c-4b0e.eml").mkdir()
    result = asyncio.run(FolderChannel(tmp_path).send(message))
    assert (result.ok, result.retry, [*tmp_path.glob("*.part")]) == (False, True, [])


def test_half_a_mail_of_a_killed_process_is_removed_and_one_that_is_being_written_is_not(tmp_path: Path) -> None:
    now = datetime(2015, 8, 3, 12, tzinfo=UTC)
    for name, hour in (("left", 10), ("written", 12)):
        (tmp_path / f"{name}.part").write_bytes(b"x")
        os.utime(tmp_path / f"{name}.part", times=2 * (now.replace(hour=hour).timestamp(),))
    FolderChannel(tmp_path, now)
    assert [path.name for path in tmp_path.iterdir()] == ["written.part"]
