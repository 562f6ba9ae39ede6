"""The version of a database is another one after every commit, by whichever connection or process."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tracker.store.engine import Store, StoreError
from tracker.store.faults import list_faults, record_fault

NOW = datetime(2015, 7, 1, 8, tzinfo=UTC)
_WRITE = """
import sys
from datetime import UTC, datetime
from tracker.store.engine import Store
from tracker.store.faults import record_fault
with Store(sys.argv[1]) as store, store.begin() as tx:
    record_fault(tx, "c", "column:x", "crawl", "HTTP 500", datetime(2015, 7, 1, 8, tzinfo=UTC))
"""


@pytest.mark.both_databases
def test_every_commit_makes_it_another_one(store: Store) -> None:
    seen = [store.read_version()]
    for number in range(3):
        with store.begin() as tx:
            record_fault(tx, "c", f"column:{number}", "crawl", "HTTP 500", NOW)
        seen.append(store.read_version())
    url = store.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", _WRITE, url], check=True)
    seen.append(store.read_version())
    assert len(set(seen)) == len(seen)


def test_what_is_read_or_undone_leaves_a_file_as_it_was(sqlite_url: str) -> None:
    with Store(sqlite_url) as store:
        store.migrate()
        before = store.read_version()
        with store.read() as tx:
            assert list_faults(tx) == []
        with store.begin(undone=True) as tx:
            record_fault(tx, "c", "column:x", "crawl", "HTTP 500", NOW)
        assert store.read_version() == before
    with pytest.raises(StoreError, match="not open"):
        store.read_version()
    with store:
        assert store.read_version() != before  # numbers of two connections say nothing of each other
