"""A filed file lies under its hash, once, and is checked whenever it is read."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from tracker.evidence.attachments.filed import FiledError, FiledFiles

PHOTO, OTHER = b"photo" * 1000, b"other"


@pytest.fixture
def files(tmp_path: Path) -> FiledFiles:
    return FiledFiles(tmp_path / "filed", "sample")


def lying(files: FiledFiles) -> list[Path]:
    return sorted(path for path in files.folder.rglob("*") if path.is_file())


def test_a_file_lies_under_its_hash_and_the_same_is_kept_once(files: FiledFiles) -> None:
    digest = files.keep(PHOTO)
    assert digest == hashlib.sha256(PHOTO).hexdigest()
    assert files.keep(PHOTO) == digest
    assert lying(files) == [files.folder / "sample" / digest[:2] / digest]
    assert files.read(digest) == PHOTO
    assert files.fault(digest, len(PHOTO)) is None


def test_each_county_has_its_own(files: FiledFiles) -> None:
    digest = files.keep(PHOTO)
    with pytest.raises(FiledError, match="lost from the disk"):
        FiledFiles(files.folder, "other").read(digest)


FAULTS = {
    "a changed byte": (b"x" + PHOTO[1:], "no longer has its hash"),
    "cut off": (PHOTO[:-1], "4999 bytes where 5000 were filed"),
    "lost": (None, "lost from the disk"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_changed_or_lost_file_is_found_and_filing_it_again_mends_it(files: FiledFiles, case: str) -> None:
    now, why = FAULTS[case]
    digest = files.keep(PHOTO)
    path = files.place(digest)
    path.unlink()
    if now is not None:
        path.write_bytes(now)
    found = files.fault(digest, len(PHOTO))
    assert found is not None
    assert why in found
    assert str(path) in found
    with pytest.raises(FiledError):
        files.read(digest)
    assert files.keep(PHOTO) == digest
    assert files.read(digest) == PHOTO
    aside = [one.read_bytes() for one in lying(files) if ".damaged-" in one.name]
    assert aside == ([now] if now is not None else [])  # nothing is overwritten


def test_a_full_disk_leaves_nothing_half_written(files: FiledFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.keep(PHOTO)
    assert lying(files) == []


def test_many_at_once_keep_it_once(files: FiledFiles) -> None:
    threads = [threading.Thread(target=files.keep, args=(PHOTO,)) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [path.read_bytes() for path in lying(files)] == [PHOTO]
