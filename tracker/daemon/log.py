"""Formats log lines as plain text or JSON. Each has an `action`: what was being done."""

from __future__ import annotations

import json
import logging
import sys

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
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


class PlainFormatter(logging.Formatter):
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
