"""Each sentence by which `duban doctor` reports trouble, and each kind of fault, has a row that says what to do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from tracker.commands import language
from tracker.daemon.check_lines import Checked

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "告警与处理.md").read_text("utf-8")
#: Where the sentences stand: the module, and the functions that count (none: all).
SENTENCES = {
    "daemon/doctor.py": (),
    "daemon/doctor_database.py": (),
    "daemon/file_modes.py": (),
    "daemon/system_clock.py": (),
    "core/assessment/golive.py": (),
    "rulebook/secret_files.py": (),
    "rulebook/unfilled.py": (),
    "evidence/attachments/filed.py": ("fault",),
    "store/reserve.py": ("describe_shortage",),
    "registers/golive.py": ("list_warnings", "describe_unseen"),
    "registers/columns.py": ("describe_waiting",),
    "store/person_keys.py": ("load_keys", "_parse", "_read"),
    "store/migrations/__init__.py": (),
    "store/migrations/differences.py": (),
}
#: Parts of a sentence, and what is said by nobody but another command.
PARTS = {
    "{user} at {host}:{port}, folder {folder}",
    "{name}: {error}",
    "{action} {subject}: {error} (since {at:%Y-%m-%d %H:%M}, {count} times)",
    "attestation:{id} of {occurrence} ({title})",
    "an objection (duban object list --all)",
    "none yet",
    "none is listed",
    "the last one, {pack}, holds until {until}",
    "the type",
    "whether it may be NULL",
    "the default",
}


def texts(file: str, functions: tuple[str, ...] = ()) -> Iterator[str]:
    """The sentences that the module makes, without those of a line that is `ok`."""
    tree = ast.parse((ROOT / "tracker" / file).read_text("utf-8"))
    fine = {
        id(part)
        for line in ast.walk(tree)
        if isinstance(line, ast.Tuple)
        and any(isinstance(word, ast.Constant) and word.value == "ok" for word in line.elts)
        for part in line.elts
    }
    chosen = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in functions]
    for part in chosen if functions else [tree]:
        for node in ast.walk(part):
            is_message = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message"
            if is_message and id(node) not in fine and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def lacking(page: str, file: str) -> list[str]:
    """The sentences of a module that the page has not, as it would write them."""
    with language.speaking("zh"):
        said = [language.tr(text) for text in texts(file, SENTENCES[file]) if text not in PARTS]
    written = [re.sub(r"\{[^{}]*\}", "…", text).replace("`", "") for text in said]
    return [text for text in written if text not in page]


@pytest.mark.parametrize("file", SENTENCES)
def test_each_sentence_of_the_doctor_has_a_row(file: str) -> None:
    assert list(texts(file, SENTENCES[file]))
    assert lacking(PAGE, file) == []


def test_a_sentence_without_a_row_is_found() -> None:
    assert lacking(PAGE.replace("未经网络校时", ""), "daemon/doctor.py") == [
        "未经网络校时：期限和邮件都以本机时钟为准（timedatectl set-ntp true）"
    ]


def actions() -> set[str]:
    """The kinds of faults that the program records: the fourth argument wherever `record_fault` is called."""
    found = set()
    for path in (ROOT / "tracker").rglob("*.py"):
        if "record_fault(" not in (text := path.read_text("utf-8")):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record_fault" and len(node.args) == 6:
                kind = node.args[3]
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                if isinstance(kind, ast.Constant):
                    found.add(str(kind.value))
                elif isinstance(kind, ast.Name) and kind.id.isupper():
                    found.add(getattr(import_module(module), kind.id))
    return found


def test_each_kind_of_fault_has_a_row() -> None:
    kinds = set(re.findall(r"^\| `([a-z]+)` \|", PAGE, re.MULTILINE))
    assert {"crawl", "judge", "deliver", "bounce"} <= actions()
    assert actions() - kinds == set()


def test_each_thing_that_the_doctor_examines_has_a_chinese_name_by_which_the_page_lists_it() -> None:
    with language.speaking("zh"):
        names = {name: language.word("check", name) for name in get_args(Checked)}
    assert [name for name, word in names.items() if word.isascii()] == []
    cells = re.findall(r"^\| ([^|`]+) \|", PAGE, re.MULTILINE)
    listed = {word for cell in cells for word in cell.split("、")} - {"检查项", "种类", "告警"}
    assert {word for word in listed if re.fullmatch(r"[a-z]+", word)} == set()
    assert {names[name] for name in ("mail", "site", "county", "clock", "secrets")} <= listed
