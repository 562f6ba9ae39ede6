"""`duban`: the command line. Parses, hands over to `commands/`, turns errors into exit statuses."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from tracker import __version__
from tracker.commands import (
    circular,
    dates,
    decisions,
    events,
    facts,
    filings,
    journal,
    judged,
    notify,
    passes,
    picture,
    report,
    score,
    setup,
    silences,
    simulate,
    site,
)
from tracker.commands.errors import UsageError

FINE, FOUND, UNUSABLE = 0, 1, 2


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="duban",
        description="Supervises what each department must publish and by when.",
        epilog="Exit status: 0 fine, 1 found something, 2 unusable input. `duban COMMAND --help` tells more.",
    )
    top.add_argument("--version", action="version", version=f"duban {__version__}")
    top.add_argument("--root", metavar="DIR", help="folder with rules/ and schedule.yaml (DUBAN_ROOT; default: here)")
    top.add_argument("--database", metavar="URL", help="sqlite:///FILE or postgresql://… (DUBAN_DATABASE)")
    top.add_argument("--county", metavar="ID", help="which county, where several are loaded")
    top.add_argument("--log-format", choices=("plain", "json"), default=os.environ.get("DUBAN_LOG_FORMAT", "plain"))
    top.add_argument("--verbose", "-v", action="store_true", help="log what is done, not only what is wrong")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in (
        setup,
        dates,
        events,
        filings,
        facts,
        decisions,
        silences,
        passes,
        notify,
        site,
        judged,
        journal,
        picture,
        report,
        score,
        circular,
        simulate,
    ):
        module.register(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of the `duban` command; returns the exit status."""
    words = sys.argv[1:] if argv is None else argv
    for word in words:
        if not word.isprintable() and any("\ud800" <= one <= "\udfff" for one in word):
            print(f"duban: {word!a} is not UTF-8: set the terminal to UTF-8, or rename the file", file=sys.stderr)
            return UNUSABLE
    args = parser().parse_args(filings.spelled(words))
    _log(args)
    try:
        return int(args.handler(args))
    except UsageError as error:
        print(f"duban: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("duban: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `duban … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except OSError as error:
        if error.filename is None:
            raise
        print(f"duban: {error.filename}: {error.strerror}", file=sys.stderr)
        return UNUSABLE
    except Exception as error:
        # They carry their own message; known by name, because their modules are heavy.
        match type(error).__name__:
            case "RuleErrors":
                print(error, file=sys.stderr)
            case "RegisterError" | "OvertakenError" | "StoreError" | "CalendarRangeError":
                print(f"duban: {error}", file=sys.stderr)
            case _:
                raise
        return UNUSABLE


def _log(args: argparse.Namespace) -> None:
    from tracker.log import configure

    chatty = args.verbose or args.command == "run"
    configure(args.log_format, logging.INFO if chatty else logging.WARNING)
