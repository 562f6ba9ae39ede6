"""An option that a message names is one of the command that says it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from tests.commands import messages
from tracker.commands.main import COMMANDS, parser
from tracker.commands.parsing import DeclaredCommand

_FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
#: Another command, with its options.
_OTHERS = re.compile(r"`[a-z][^`]*`|\(duban [^)]*\)|duban [^:]*")
#: What a register says is said by these commands, by the start of the text.
OF_REGISTERS = {
    "--party: tell third parties apart": ("request consult",),
    "a {paper} says {title} (--field": ("request paper",),
    "an answer {kind} says {title} (--field": ("request answer", "request receive", "request paper"),
    "only an item that is withheld and was asked for": ("review ask",),
    "what is withheld rests on a ground": ("review decide",),
    "{way}: the day counts on which": ("request receive", "request confirm"),
}


@cache
def flags_of(command: str) -> frozenset[str]:
    """The options of a command, those before it too."""
    first, _, _ = command.partition(" ")
    top = parser(first)
    found = {flag for action in top._actions for flag in action.option_strings}
    for each in messages.parsers(top):
        if each.prog == f"{top.prog} {command}" or each.prog == f"{top.prog} {first}":
            found |= {flag for action in each._actions for flag in action.option_strings}
    return frozenset(found)


def said_by(path: Path) -> Iterator[tuple[str, str, int]]:
    """(command, text, line) of each text with an option in a file of commands: what a function says is said by the
    commands that call it."""
    tree = ast.parse(path.read_text("utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    module = import_module(f"tracker.commands.{path.stem}")
    for name in functions:
        declared = getattr(module, name)
        if not isinstance(declared, DeclaredCommand):
            continue
        for function in reached(name, functions):
            for call in ast.walk(functions[function]):
                if isinstance(call, ast.Call) and call.args and messages._is_sayer(call.func):
                    yield from ((declared.name, text, call.lineno) for text in messages._texts(call.args[0]))


def reached(name: str, functions: dict[str, ast.FunctionDef]) -> set[str]:
    """The function and those of the file that it uses, in turn."""
    found, open_ = {name}, [name]
    while open_:
        used = {node.id for node in ast.walk(functions[open_.pop()]) if isinstance(node, ast.Name)}
        new = used & functions.keys() - found
        found |= new
        open_ += new
    return found


FILES = sorted({file for files, _ in COMMANDS.values() for file in files.split()})


@pytest.mark.parametrize("file", FILES)
def test_a_command_names_only_options_that_it_has(file: str) -> None:
    path = messages.PACKAGE / "commands" / f"{file}.py"
    wrong = [
        f"{path.name}:{line}: `duban {command}` has no {flag}: {text}"
        for command, text, line in said_by(path)
        for flag in _FLAG.findall(_OTHERS.sub("", text))
        if flag not in flags_of(command)
    ]
    assert not wrong


@pytest.mark.parametrize("text", OF_REGISTERS)
def test_a_register_names_only_options_of_the_commands_that_ask_it(text: str) -> None:
    (whole,) = [said for said in messages.said_in_code() if said.startswith(text)]
    whole = whole.replace("--{option}", "--signed --confirmed")
    assert _FLAG.search(whole)
    for command in OF_REGISTERS[text]:
        assert set(_FLAG.findall(whole)) <= flags_of(command), command


def test_no_other_text_of_the_register_of_requests_names_an_option() -> None:
    found = {
        text
        for text, place in messages.said_in_code().items()
        if re.match("tracker/(core|registers)/(requests/|request_checks|request_papers|requests|reviews)", place)
        if _FLAG.search(_OTHERS.sub("", text))
    }
    assert sorted(text for text in found if not text.startswith(tuple(OF_REGISTERS))) == []
