"""Writes the command reference in both languages from the parser: `python docs/command_reference.py`.

`docs/commands.md` is the English page, `docs/命令参考.md` the Chinese one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from tracker.commands.helptext import narrow
from tracker.commands.language import speaking, tr
from tracker.commands.manual import ParsedCommand, walk_commands

HERE = Path(__file__).parent
PAGES = {"en": HERE / "commands.md", "zh": HERE / "命令参考.md"}
TITLES = {"en": "Command reference", "zh": "命令参考"}
#: What stands above the commands; written by hand, because no parser says it.
INTRODUCTIONS = {
    "en": """\
Made from the parser by `docs/command_reference.py`; `duban COMMAND --help` says the same. In a line of use, `[…]` may
be left out, `…` may be repeated, `|` parts what excludes each other.""",
    "zh": """\
本页由程序按命令的定义生成，与 `duban 命令 --help` 所示相同。用法一行中，方括号内的可以不写，`…` 表示可以重复，
`|` 隔开的只写其一。日常各项工作用哪条命令，见[按事查命令](手册/按事查命令.md)。""",
}
HEADS = {"en": ("argument", "meaning"), "zh": ("参数", "含义")}


def reference(language: str) -> str:
    """The page in that language."""
    with speaking(language):
        top, *commands = walk_commands()
        lines = [f"# {TITLES[language]}", "", INTRODUCTIONS[language], ""]
        lines += [f"{narrow(top.parser.description or '')} {narrow(top.parser.epilog or '')}", ""]
        lines += [f"## `duban` {tr('OPTIONS')}", "", *_argument_table(top, HEADS[language])]
        for command in commands:
            lines += _section(command, HEADS[language])
    return "\n".join(lines).rstrip() + "\n"


def _section(command: ParsedCommand, heads: tuple[str, str]) -> Iterator[str]:
    yield from ("", f"{'#' * (1 + len(command.words))} `{command.name}`", "")
    yield _escape(command.parser.description or "")
    if command.parser.epilog:
        yield from ("", _escape(command.parser.epilog))
    if not command.subcommands:
        yield from ("", "```text", _usage(command), "```")
    if table := list(_argument_table(command, heads)):
        yield from ("", *table)


def _usage(command: ParsedCommand) -> str:
    """How the command is written, on one line."""
    actions = [action for action in command.arguments if not isinstance(action, argparse._HelpAction)]
    required = [action for action in actions if action.option_strings and action.required]
    free = [action for action in actions if action.option_strings and not action.required]
    places = [action for action in actions if not action.option_strings]
    ordered = [_written(action) for action in (*places, *required)] + [f"[{_written(action)}]" for action in free]
    return " ".join((command.name, *ordered))


def _written(action: argparse.Action) -> str:
    """An argument as it is written: its longest option, and what stands for its value."""
    value = "" if action.nargs == 0 else _value(action)
    if action.nargs in ("+", "*") or isinstance(action, argparse._AppendAction):
        value += " …"
    if not action.option_strings:
        return f"[{value}]" if action.nargs in ("?", "*") else value
    return f"{max(action.option_strings, key=len)} {value}".rstrip()


def _value(action: argparse.Action) -> str:
    if action.metavar:
        return narrow(str(action.metavar))
    return "|".join(str(choice) for choice in action.choices) if action.choices else action.dest.upper()


def _argument_table(command: ParsedCommand, heads: tuple[str, str]) -> Iterator[str]:
    actions = [action for action in command.arguments if not isinstance(action, argparse._HelpAction)]
    if not actions:
        return
    yield from (f"| {heads[0]} | {heads[1]} |", "|---|---|")
    for action in actions:
        names = ", ".join((*action.option_strings,))
        value = "" if action.nargs == 0 else _value(action)
        meaning = _escape((action.help or "") % {**vars(action), "prog": command.parser.prog} if action.help else "")
        written = f"{names} {value}".strip().replace("|", r"\|")
        yield f"| `{written}` | {meaning} |"


def _escape(text: str) -> str:
    """A text in a page: nothing of it is taken for a link, a tag or the end of a cell."""
    line = " ".join(narrow(text).split())
    return "".join(f"\\{letter}" if letter in "|<>[]*_" else letter for letter in line)


if __name__ == "__main__":
    for language, page in PAGES.items():
        page.write_text(reference(language), "utf-8")
