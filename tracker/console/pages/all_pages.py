"""The list of the pages behind the log-in, in the order in which their paths are tried."""

from tracker.console.log_in_pages import ACCOUNT
from tracker.console.pages.circulars import CIRCULAR, CIRCULAR_FILE, CIRCULARS
from tracker.console.pages.journal import JOURNAL, JOURNAL_FILES
from tracker.console.pages.matters import MATTER, MATTERS, MATTERS_FILES
from tracker.console.pages.overview import FIRST, OVERVIEW
from tracker.console.pages.queue import QUEUE
from tracker.console.pages.search import SEARCH

ALL_PAGES = (
    FIRST, OVERVIEW,
    MATTERS, *MATTERS_FILES, MATTER,
    SEARCH,
    QUEUE,
    CIRCULARS, CIRCULAR, CIRCULAR_FILE,
    JOURNAL, *JOURNAL_FILES,
    ACCOUNT,
)  # fmt: skip
