"""Formats log lines as plain text or JSON. Each has an `action`: what was being done."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime, tzinfo

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class _LocalTimeFormatter(logging.Formatter):
    """Writes times in `zone`; None: in that of the machine."""

    zone: tzinfo | None = None

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        at = datetime.fromtimestamp(record.created, self.zone).astimezone(self.zone)
        return at.strftime(datefmt or "%Y-%m-%d %H:%M:%S")


class JsonFormatter(_LocalTimeFormatter):
    """One JSON object a line: time, level, logger, action, message and what `extra` gave."""

    def format(self, record: logging.LogRecord) -> str:
        extra = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "action": extra.pop("action", ""),
            "message": record.getMessage(),
            **extra,
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class PlainFormatter(_LocalTimeFormatter):
    """`2015-03-02 09:00:00 info  tick: message`."""

    def format(self, record: logging.LogRecord) -> str:
        action = getattr(record, "action", "") or record.name
        at, level = self.formatTime(record, "%Y-%m-%d %H:%M:%S"), record.levelname.lower()
        line = f"{at} {level:7} {action}: {record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def configure(form: str, level: int) -> None:
    """Send the log to stderr; libraries log warnings only."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else PlainFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in ("tracker", "notifications", "duban"):
        logging.getLogger(name).setLevel(level)


def use_zone(zone: tzinfo) -> None:
    """Write the times of the log in this zone: the county's, whatever the machine is set to."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, _LocalTimeFormatter):
            handler.formatter.zone = zone
