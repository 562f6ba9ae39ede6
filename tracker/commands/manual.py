"""`duban completion | man`: what the parser knows, as a completion script for a shell and as a manual page (roff)."""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker import __version__
from tracker.commands.context import CommandContext
from tracker.commands.helptext import narrow
from tracker.commands.language import tr
from tracker.commands.parsing import command, option

#: The metavars of options whose value is a file or a folder.
_PATHS = ("FILE", "DIR", "FOLDER", "TARGET")


@dataclass(frozen=True, slots=True)
class ParsedCommand:
    """A command with its parser: its words (`event add`; () is what stands before every command)."""

    words: tuple[str, ...]
    parser: argparse.ArgumentParser

    @property
    def name(self) -> str:
        return " ".join(("duban", *self.words))

    @property
    def arguments(self) -> list[argparse.Action]:
        """Its arguments that its help shows, without its subcommands."""
        actions = (action for action in self.parser._actions if action.help is not argparse.SUPPRESS)
        return [action for action in actions if not isinstance(action, argparse._SubParsersAction)]

    @property
    def subcommands(self) -> dict[str, argparse.ArgumentParser]:
        return next((dict(a.choices) for a in self.parser._actions if isinstance(a, argparse._SubParsersAction)), {})


def walk_commands() -> Iterator[ParsedCommand]:
    """Yield what stands before every command, then every command and those under it, in the order of the help."""
    from tracker.commands.main import fill_in_parser, parser

    top = ParsedCommand((), parser())
    yield top
    for name, under in top.subcommands.items():
        fill_in_parser(under, name)
        yield from _walk(ParsedCommand((name,), under))


def _walk(command: ParsedCommand) -> Iterator[ParsedCommand]:
    yield command
    for name, parser in command.subcommands.items():
        yield from _walk(ParsedCommand((*command.words, name), parser))


# -- completion ------------------------------------------------------------------------------------


@command("completion", epilog="bash: `source <(duban completion bash)`; zsh: `source <(duban completion zsh)`")
@option("shell", choices=("bash", "zsh"), help="the shell")
def print_completion(args: Namespace, context: CommandContext) -> None:
    """Print the script."""
    print(completion_of(args.shell))


#: `_duban_next PLACE`: what may follow; `_duban_value PLACE OPTION`: what its value may be. PLACE: the command so far.
_SCRIPT = """\
{begin}_duban_next() {{
    case "$1" in
{following}
    esac
}}
_duban_value() {{
    case "$1" in
{values}
    esac
}}
_duban() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" place="" last="" word value i
    if [ "$current" = "=" ]; then current=""; fi
    if [ "$before" = "=" ]; then before="${{COMP_WORDS[COMP_CWORD-2]}}"; fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${{COMP_WORDS[i]}}"
        if [ -z "$(_duban_value "$place $last")" ]; then
            case "$word" in
                -*) ;;
                *) case " $(_duban_next "$place") " in *" $word "*) place="$place $word" ;; esac ;;
            esac
        fi
        last="$word"
    done
    value="$(_duban_value "$place $before")"
    if [ -z "$value" ]; then value="$(_duban_value " $before")"; fi
    word="$(_duban_next "$place")"
    case "$current" in -*) word="" ;; esac
    if [ -z "$value" ]; then value="${{word:-$(_duban_next "$place -")}}"; fi
    COMPREPLY=()
    case "$value" in
        "<path>") COMPREPLY=($(compgen -f -- "$current")) ;;
        "<text>") ;;
        *) COMPREPLY=($(compgen -W "$value" -- "$current")) ;;
    esac
}}
complete -o filenames -o default -F _duban duban"""
_ZSH = """\
autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
"""


def completion_of(shell: str) -> str:
    """The script that completes commands, options and the words of closed lists."""
    following, values = [], []
    for each in walk_commands():
        place = "".join(f" {word}" for word in each.words)
        chosen = [str(word) for action in each.arguments if not action.option_strings for word in _choices(action)]
        if names := [*each.subcommands, *chosen]:
            following.append(f'        "{place}") echo "{" ".join(names)}" ;;')
        options = [flag for action in each.arguments for flag in action.option_strings]
        following.append(f'        "{place} -") echo "{" ".join(options)}" ;;')
        for action in each.arguments:
            if action.option_strings and action.nargs != 0:
                flags = "|".join(f'"{place} {flag}"' for flag in action.option_strings)
                values.append(f'        {flags}) echo "{_value_of(action)}" ;;')
    begin = _ZSH if shell == "zsh" else ""
    return _SCRIPT.format(begin=begin, following="\n".join(following), values="\n".join(values))


def _choices(action: argparse.Action) -> list[str]:
    return [str(choice) for choice in action.choices or ()]


def _value_of(action: argparse.Action) -> str:
    """What the value of an option may be: words of a list, a path, or any text."""
    if action.choices:
        return " ".join(_choices(action))
    metavar = narrow(str(action.metavar or "")).partition(".")[0]
    return "<path>" if action.type is Path or metavar in {*_PATHS, *map(tr, _PATHS)} else "<text>"


# -- the manual page -------------------------------------------------------------------------------


@command("man", epilog="To read it: `duban man | man -l -`; to install it: `duban man > …/share/man/man1/duban.1`.")
def print_manual(args: Namespace, context: CommandContext) -> None:
    """Print the page."""
    print(manual())


def manual() -> str:
    """The manual page man(7), in the language that is spoken."""
    top, *commands = walk_commands()
    lines = [
        f'.TH DUBAN 1 "" "duban {__version__}"',
        *_section(tr("NAME"), _text(f"duban - {narrow(top.parser.description or '')}")),
        *_section(tr("SYNOPSIS"), f"\\fBduban\\fR [\\-\\-…] \\fI{_text(tr('COMMAND'))}\\fR …"),
        *_section(tr("OPTIONS"), *_argument_lines(top)),
        *_section(tr("COMMANDS")),
    ]
    for each in commands:
        lines += [f'.SS "{_text(each.name)}"', _text(narrow(each.parser.description or "")), *_argument_lines(each)]
        if each.parser.epilog:
            lines += [".PP", _text(narrow(each.parser.epilog))]
    lines += _section(tr("EXIT STATUS"), _text(narrow(top.parser.epilog or "")))
    lines += _section(
        tr("ENVIRONMENT"), _text("DUBAN_ROOT, DUBAN_DATABASE, DUBAN_LOG_FORMAT, LC_ALL, LC_MESSAGES, LANG")
    )
    return "\n".join(lines)


def _section(title: str, *lines: str) -> list[str]:
    return [f'.SH "{title}"', *lines]


def _argument_lines(command: ParsedCommand) -> Iterator[str]:
    """A paragraph for each argument: how it is written, and its help."""
    for action in command.arguments:
        if isinstance(action, argparse._HelpAction):
            continue
        names = ", ".join(f"\\fB{_text(flag)}\\fR" for flag in action.option_strings)
        value = "" if action.nargs == 0 else f"\\fI{_text(_metavar(action))}\\fR"
        yield from (".TP", " ".join(filter(None, (names, value))))
        help = narrow(action.help or "") % {**vars(action), "prog": command.parser.prog}
        yield _text(help) if help else "\\&"


def _metavar(action: argparse.Action) -> str:
    """What stands for its value: its metavar, else the words of its list."""
    return narrow(str(action.metavar or "|".join(_choices(action)) or action.dest.upper()))


def _text(text: str) -> str:
    """A text in roff: no letter of it is taken for a request."""
    line = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq")
    return f"\\&{line}" if line.startswith((".", "'")) else line
