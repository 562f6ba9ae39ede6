"""What `htmldate` says of a page. It is loaded where it is asked: in the worker process, and seldom."""

from __future__ import annotations

from datetime import date


def ask(html: str, latest: date) -> date | None:
    """The day that `htmldate` finds without its extensive search, none after `latest`; None where it finds none."""
    from htmldate import find_date

    try:
        found = find_date(
            html, extensive_search=False, original_date=True, outputformat="%Y-%m-%d", max_date=latest.isoformat()
        )
        return date.fromisoformat(found) if found else None
    except MemoryError:
        raise
    except Exception:  # a library's trouble with a page is no date
        return None
