"""An argument parser whose help and errors are in the language that is spoken, laid out by the width of its letters."""

from __future__ import annotations

import argparse
import re
import textwrap
from typing import Any, NoReturn

from tracker.commands.language import is_wide, tr, tr_plural
from tracker.core.values.near import find_near

#: Stands behind each letter that takes two places, so that argparse, which counts letters, counts places.
_SECOND = "\0"
#: What a line may end behind: blanks, a run of narrow letters, or a wide letter with the marks that belong to it.
_PIECES = re.compile(r"\s+|(?:[（《“「]\0?)*(?:\S\0|(?:\S(?!\0))+)(?:[，。；：、）》”」]\0?)*")


def widen(text: str) -> str:
    """The text with its wide letters as long as they are broad."""
    return text if text.isascii() else "".join(f"{letter}{_SECOND}" if is_wide(letter) else letter for letter in text)


def narrow(text: str) -> str:
    """The text without what `widen` put in."""
    return text.replace(_SECOND, "")


def _translate(message: str) -> str:
    return widen(tr(message))


# argparse looks its own texts up under these names; its documented way, a compiled catalogue, would have to be built.
vars(argparse).update(_=_translate, ngettext=lambda one, several, count: widen(tr_plural(one, several, count)))


def wrap(text: str, width: int) -> list[str]:
    """Break a widened text into lines; between two Chinese letters a line may end, but not before their marks."""
    if text.isascii():
        return textwrap.wrap(text, width)
    lines = [""]
    for piece in _PIECES.findall(" ".join(text.split())):
        if len(lines[-1]) + len(piece.rstrip()) > width and lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return lines


class _Layout(argparse.HelpFormatter):
    """Breaks Chinese texts, which have no blanks between their words."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrap(text, width - len(indent)))


class Parser(argparse.ArgumentParser):
    """Help and errors in the language that is spoken."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **{"formatter_class": _Layout, **settings})

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The arguments; a misspelt option is named with the one that comes close."""
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            near = find_near(unknown[0].partition("=")[0], self._option_names(found))
            if near:
                self.error(tr("unknown {name}: did you mean {names}?", name=unknown[0], names=", ".join(near)))
            self.error(tr("unrecognized arguments: %s") % " ".join(unknown))
        return found

    def _option_names(self, found: argparse.Namespace) -> set[str]:
        """The options of the parser and of the commands below it that were given."""
        names = set(self._option_string_actions)
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                below = action.choices.get(getattr(found, action.dest, "") or "")
                names |= below._option_names(found) if isinstance(below, Parser) else set()
        return names

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse a word that is none of the choices; where some come close, these are named."""
        choices = [str(choice) for choice in action.choices or ()]
        if action.choices is not None and value not in action.choices and (near := find_near(str(value), choices)):
            said = tr("invalid choice: {value!r}, did you mean {names}?", value=str(value), names=", ".join(near))
            raise argparse.ArgumentError(action, widen(said))
        super()._check_value(action, value)

    def format_usage(self) -> str:
        return narrow(super().format_usage())

    def format_help(self) -> str:
        return narrow(super().format_help())

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        super().exit(status, message and narrow(message))
