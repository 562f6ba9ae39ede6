"""`duban`: parses the command line, runs the command and turns errors into exit statuses."""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from tracker import __version__
from tracker.catalogue import LANGUAGES
from tracker.commands.context import UsageError
from tracker.commands.helptext import Parser, widen
from tracker.commands.language import asked_language, choose, tr
from tracker.commands.parsing import DeclaredCommand, add_commands, add_parser, command_place, option, options
from tracker.core.values.message import Message
from tracker.core.values.visible import visible

FINE, FOUND, UNUSABLE = 0, 1, 2
#: The permissions that new files and folders do not get.
MASK = 0o027
#: Every command: the file that declares it, or the files with its subcommands, and its help text.
COMMANDS = {
    "init": ("init", "write rules, schedule and the outline of a county into a folder"),
    "check": ("setup", "read every rule file, run every example (exit status 2: a file is wrong)"),
    "schema": ("setup", "write the JSON Schemas of the rule files and of a webhook's body"),
    "rules": ("setup", "compare versions of the rules"),
    "county": ("county", "departments, contacts and columns of the county by spreadsheet"),
    "pack": ("pack", "the duties of packs by spreadsheet"),
    "migrate": ("setup", "bring the database to this version, and say what differs from its tables"),
    "doctor": ("setup", "check all that must work: database, mail, sites, contacts"),
    "backup": ("backup", "copy database, archive, filed files, mails and rules to a folder, while the daemon runs"),
    "restore": ("backup", "put a backup back into an empty folder; it sends nothing until that is confirmed"),
    "copy": ("backup", "copy the database into an empty one, from SQLite to PostgreSQL"),
    "deadlines": ("dates", "list what is due and why"),
    "workdays": ("dates", "count working days from a day"),
    "event": ("events", "record and list the dated facts that start clocks"),
    "attest": ("filings", "file proofs that no crawl can find, and decide about them"),
    "zero-report": ("filings", "report that nothing arose in a period"),
    "upkeep": ("filings", "report that what is kept current is still right"),
    "extend": ("decisions", "grant the extension that the rule allows, once"),
    "evidence": ("evidence", "decide what counts; a person beats every pattern"),
    "waive": ("decisions", "exempt one occurrence on a ground that the law knows"),
    "not-applicable": ("decisions", "say that an occurrence, or a duty, does not apply"),
    "postpone": ("decisions", "move a due date to a later day"),
    "reading": ("decisions", "adopt assumed numbers as the county's own"),
    "object": ("decisions", "file and decide objections (异议)"),
    "decision": ("decisions", "list what was decided, and take it back"),
    "golive": ("golive", "press the county's departments from a day on"),
    "user": ("user", "who may log in at the pages"),
    "token": ("token", "which other systems may use the API"),
    "silence": ("silences", "hold back what presses, for a while and with a reason"),
    "crawl": ("passes", "read the columns of the county's sites once"),
    "tick": ("passes", "decide once: occurrences, status, notices"),
    "once": ("passes", "crawl, tick and deliver in turn"),
    "deliver": ("passes", "send what is due to be sent"),
    "run": ("passes", "run the daemon until SIGTERM; SIGHUP reloads the rules"),
    "worker": ("passes", "run one more worker of a cluster, without pages (PostgreSQL)"),
    "notify": ("notify", "see a notice before it goes out, and try the channels"),
    "inspect": ("site", "show what is seen at an address (exit status 1: nothing to be seen)"),
    "site": ("site", "show how well each column can be read (exit status 1: the last visit of one could not look)"),
    "columns": ("columns", "confirm once that what is read of a column is the column's own, and all of it"),
    "status": ("judged", "list what was decided at the last tick (exit status 1: something is red)"),
    "counties": ("counties", "sums of the counties of a region (exit status 1: one is not read or decided in time)"),
    "week": ("week", "the office's week: what falls due, what waits, what was not read or answered"),
    "explain": ("judged", "tell why one occurrence is due and judged as it is"),
    "journal": ("journal", "the append-only record of every change, by rule or person"),
    "report": ("report", "reports on what stands"),
    "review": ("reviews", "secrecy reviews (保密审查) of what is to be published"),
    "request": (
        "request request_show request_statistics request_import request_paper request_person request_key",
        "requests on application (依申请公开), complaints and questions",
    ),
    "score": ("score", "score and rank the departments for a month, quarter or year"),
    "circular": ("circular", "draft, consult, sign and issue the monthly circular (通报)"),
    "replay": ("replay", "run a plan year and list every notice it would send"),
    "completion": ("manual", "print the script that completes commands and options in a shell"),
    "man": ("manual", "print the manual page"),
    "demo": ("demo", "a county in a box: sample site, mail server, a year in minutes"),
}


#: What can be done, by what SQLite, PostgreSQL and the system say.
_REMEDIES = {
    "disk is full": Message("make room on this disk, nothing is lost"),
    "No space left": Message("make room on this disk, nothing is lost"),
    "unable to open database file": Message("let this user write in the folder of the database, and own it (chown)"),
    "readonly database": Message("let this user write to the database and in its folder"),
    "Permission denied": Message("let this user read and write it (chown), or run as the user whose it is"),
    "Read-only file system": Message("mount it for writing, or name another folder"),
    "file is not a database": Message("name another file, or restore this one from a copy"),
    "database is locked": Message("another program holds it: end that, or wait"),
}
GLOBAL = options(
    option("--version", action="version", version=f"duban {__version__}", help="show the version and exit"),
    option("--root", metavar="DIR", help="folder with rules/ and schedule.yaml (DUBAN_ROOT; default: here)"),
    option("--database", metavar="URL", help="sqlite:///FILE or postgresql://… (DUBAN_DATABASE)"),
    option("--county", metavar="ID", help="which county, where several are loaded"),
    option("--lang", choices=LANGUAGES, help="the language spoken here: English or Chinese (default: the locale's)"),
    option("--log-format", choices=("plain", "json"), default=os.environ.get("DUBAN_LOG_FORMAT", "plain")),
    option("--verbose", "-v", action="store_true", help="log what is done, not only what is wrong"),
)


def parser(command: str = "") -> argparse.ArgumentParser:
    """The parser of the command line; only `command` gets its own arguments."""
    top = Parser(
        prog="duban",
        description=widen(tr("Supervises what each department must publish and by when.")),
        epilog=widen(
            tr("Exit status: 0 fine, 1 found something, 2 unusable input. `duban COMMAND --help` tells more.")
        ),
    )
    GLOBAL.add_to(top)
    commands = top.add_subparsers(dest="command", metavar=widen(tr("COMMAND")), required=True)
    for name, (_, help) in COMMANDS.items():
        add_parser(commands, name, help)
    if command in COMMANDS:
        fill_in_parser(commands.choices[command], command)
    return top


def fill_in_parser(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of the command, and the commands under it."""
    modules = [import_module(f"tracker.commands.{file}") for file in COMMANDS[command][0].split()]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, DeclaredCommand)]
    add_commands(parser, command, found)


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of the `duban` command; returns the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    restrict_new_files()
    write_utf8()
    with visible_streams():
        return _run(words)


def _run(words: list[str]) -> int:
    choose(asked_language(words))
    for word in words:
        if not word.isprintable() and any("\ud800" <= character <= "\udfff" for character in word):
            _complain(tr("{word!a} is not UTF-8: set the terminal to UTF-8, or rename the file", word=word))
            return UNUSABLE
    place = command_place(words)
    if place is not None and words[place] == "attest":
        words = with_attest_file(words, place)
    args = parser("" if place is None else words[place]).parse_args(words)
    choose(args.lang)
    _configure_log(args)
    try:
        status = int(args.run(args))
        sys.stdout.flush()  # here a full disk can still be reported
        return status
    except UsageError as error:
        _complain(_text_of(error))
        return UNUSABLE
    except KeyboardInterrupt:
        _complain(tr("stopped"))
        return 130
    except BrokenPipeError:  # `duban … | head`
        _give_up_stdout()
        return FINE
    except OSError as error:
        why = tr(error.strerror or str(error))
        text = why if error.filename is None else tr("{file}: {why}", file=error.filename, why=why)
        _complain(_with_remedy(text, str(error)))
        _give_up_stdout()
        return UNUSABLE
    except Exception as error:
        # These carry their own message. They are recognised by name, because their modules are slow to import.
        match type(error).__name__:
            case "RuleErrors":
                text = error.text  # type: ignore[attr-defined]
                print(_with_remedy(tr(text), text), file=sys.stderr)
            case "RegisterError" | "OvertakenError" | "StoreError" | "CalendarRangeError":
                _complain(_with_remedy(_text_of(error)))
            case _ if any(base.__name__ == "DBAPIError" for base in type(error).__mro__):
                why = str(getattr(error, "orig", error)).strip().partition("\n")[0]
                _complain(_with_remedy(tr("the database: {why}", why=why)))
            case _:
                raise
        return UNUSABLE


def _complain(text: str) -> None:
    print(tr("duban: {text}", text=text), file=sys.stderr)


def _with_remedy(text: str, english: str = "") -> str:
    """The text of an error, and what can be done about it where that is known. `english`: the text before it was
    translated."""
    remedy = next((what for sign, what in _REMEDIES.items() if sign in (english or text)), "")
    return f"{text}{tr('; ')}{tr(remedy)}" if remedy else text


def _text_of(error: Exception) -> str:
    """What an error says, in the language that is spoken if it can be said in it."""
    return tr(error.args[0]) if error.args and isinstance(error.args[0], str) else str(error)


def with_attest_file(words: list[str], place: int) -> list[str]:
    """`duban attest OCCURRENCE …` is short for `duban attest file OCCURRENCE …`."""
    after = words[place + 1 : place + 2]
    is_short = after and after[0] not in ("file", "list", "show", "accept", "refuse", "withdraw", "-h", "--help")
    return [*words[: place + 1], "file", *words[place + 1 :]] if is_short else words


def restrict_new_files() -> None:
    """Let no other user of the machine read the files that this process makes; a stricter mask stays.

    Files are 0640 and folders 0750; what holds keys asks for 0600 itself.
    """
    os.umask(os.umask(MASK) | MASK)


def write_utf8() -> None:
    """Write UTF-8 if the locale cannot write Chinese (C, Latin-1), and nothing to a closed stream (`>&-`)."""
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


class _Visible:
    """A stream that lets nothing through that a terminal obeys; `styled`: the stream itself, for what is ours."""

    def __init__(self, stream: Any) -> None:
        self.styled = stream

    def write(self, text: str) -> int:
        self.styled.write(visible(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.styled, name)


@contextlib.contextmanager
def visible_streams() -> Iterator[None]:
    """Let what commands print pass one door: titles, reasons and names come from strangers."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (_Visible(stream) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _give_up_stdout() -> None:
    """Send stdout to nowhere: what it could not take is not written again when the process ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _configure_log(args: argparse.Namespace) -> None:
    from tracker.daemon.log import configure

    chatty = args.verbose or args.command in ("run", "worker")
    configure(args.log_format, logging.INFO if chatty else logging.WARNING)
