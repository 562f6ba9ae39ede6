"""`duban`: the command line. Parses, hands over to `commands/`, turns errors into exit statuses."""

from __future__ import annotations

import argparse
import contextlib
import io
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
    golive,
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
        golive,
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
    speak_chinese()
    for word in words:
        if not word.isprintable() and any("\ud800" <= one <= "\udfff" for one in word):
            print(f"duban: {word!a} is not UTF-8: set the terminal to UTF-8, or rename the file", file=sys.stderr)
            return UNUSABLE
    args = parser().parse_args(filings.spelled(words))
    _log(args)
    try:
        status = int(args.handler(args))
        sys.stdout.flush()  # here, where it can still be said that nothing more fits on the disk
        return status
    except UsageError as error:
        print(f"duban: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("duban: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `duban … | head`
        _give_up_stdout()
        return FINE
    except OSError as error:
        about = f"{error.filename}: " if error.filename is not None else ""
        print(f"duban: {about}{error.strerror or error}", file=sys.stderr)
        _give_up_stdout()
        return UNUSABLE
    except Exception as error:
        # They carry their own message; known by name, because their modules are heavy.
        match type(error).__name__:
            case "RuleErrors":
                print(error, file=sys.stderr)
            case "RegisterError" | "OvertakenError" | "StoreError" | "CalendarRangeError":
                print(f"duban: {error}", file=sys.stderr)
            case _ if any(one.__name__ == "DBAPIError" for one in type(error).__mro__):
                why = str(getattr(error, "orig", error)).strip().partition("\n")[0]
                print(f"duban: the database: {why}", file=sys.stderr)
            case _:
                raise
        return UNUSABLE


def speak_chinese() -> None:
    """Where the locale cannot write Chinese (C, Latin-1), write UTF-8; where a stream is closed (`>&-`), nowhere."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  (as long as the process)
        elif isinstance(stream, io.TextIOWrapper):
            try:
                "督办".encode(stream.encoding)
            except UnicodeEncodeError:
                stream.reconfigure(encoding="utf-8")
            stream.reconfigure(errors="backslashreplace")  # a title may hold what GBK lacks


def _give_up_stdout() -> None:
    """What stdout could not take it shall not be asked for again when the process ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _log(args: argparse.Namespace) -> None:
    from tracker.daemon.log import configure

    chatty = args.verbose or args.command == "run"
    configure(args.log_format, logging.INFO if chatty else logging.WARNING)
