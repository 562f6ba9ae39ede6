"""The list of the pages behind the log-in, in the order in which their paths are tried."""

from tracker.console.log_in_pages import ACCOUNT
from tracker.console.pages.circulars import CIRCULAR, CIRCULAR_FILES, CIRCULARS
from tracker.console.pages.compare import COMPARE
from tracker.console.pages.counties import COUNTIES, COUNTIES_FILES
from tracker.console.pages.events import EVENTS
from tracker.console.pages.journal import JOURNAL, JOURNAL_FILES
from tracker.console.pages.matters import MATTER, MATTERS, MATTERS_FILES
from tracker.console.pages.overview import FIRST, OVERVIEW
from tracker.console.pages.people import PEOPLE
from tracker.console.pages.queue import QUEUE
from tracker.console.pages.reports import REPORT_FILE, REPORTS
from tracker.console.pages.rules import RULES
from tracker.console.pages.search import SEARCH
from tracker.console.pages.site import COLUMN, SITE

ALL_PAGES = (
    FIRST,
    COUNTIES,
    *COUNTIES_FILES,
    OVERVIEW,
    MATTERS,
    *MATTERS_FILES,
    MATTER,
    COMPARE,
    SEARCH,
    QUEUE,
    EVENTS,
    SITE,
    COLUMN,
    RULES,
    CIRCULARS,
    CIRCULAR,
    *CIRCULAR_FILES,
    REPORTS,
    REPORT_FILE,
    JOURNAL,
    *JOURNAL_FILES,
    PEOPLE,
    ACCOUNT,
)
