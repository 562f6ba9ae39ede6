"""An export is verified by the program in docs/journal.md, and whatever is done to it is found."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.reports.journal import ExportError, compare, export, read_export
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.journal import JournalEntry, append_entries

NOW = datetime(2015, 7, 1, 8, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs" / "journal.md"
REASON = '为"此"，\n含\\与\t\u2028 <&> \U0001f600'


def filled(store: Store, first: int, last: int) -> None:
    with store.begin(via="cli li@office") as tx:
        ensure_county(tx, "sample")
        lines = [JournalEntry("张三", "status", f"x/{n}", {"n": n}, {"督办": True}, REASON) for n in range(first, last)]
        append_entries(tx, "sample", lines, NOW)


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], tuple[int, str]]:
    """The program in the documentation, run by itself."""
    [program] = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    path = tmp_path_factory.mktemp("verifier") / "verify.py"
    path.write_text(program, "utf-8")

    def run(file: Path) -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-I", path, file], capture_output=True, text=True, encoding="utf-8")
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_third_person_verifies_an_export(
    store: Store, tmp_path: Path, verifier: Callable[[Path], tuple[int, str]]
) -> None:
    filled(store, 1, 8)
    file = tmp_path / "kept.jsonl"
    with store.read() as tx:
        done = export(tx, "sample", file, 1, NOW)
    assert verifier(file) == (0, f"holds up to row 7, head {done.head}\n")
    filled(store, 8, 10)
    with store.read() as tx:
        assert export(tx, "sample", file, 1, NOW).added == 2
        export(tx, "sample", tail := tmp_path / "tail.jsonl", 5, NOW)
        assert compare(tx, read_export(tail)).height == 9
    assert verifier(file)[0] == verifier(tail)[0] == 0


def edited(lines: list[str], number: int, **values: object) -> list[str]:
    one = json.loads(lines[number - 1]) | values
    return [*lines[: number - 1], json.dumps(one, ensure_ascii=False) + "\n", *lines[number:]]


TAMPERED: dict[str, Callable[[list[str]], list[str]]] = {
    **{
        f"the {name} of row {number} changed": lambda lines, number=number, name=name: edited(
            lines, number, **{name: "0"}
        )
        for number in (1, 3, 5)
        for name in (
            "who",
            "action",
            "subject",
            "before",
            "after",
            "reason",
            "origin",
            "previous",
            "hash",
            "at",
            "county",
        )
    },
    **{f"the height of row {n} changed": lambda lines, n=n: edited(lines, n, height=9) for n in (1, 3, 5)},
    **{f"the form of row {n} changed": lambda lines, n=n: edited(lines, n, form=1) for n in (1, 3, 5)},
    **{f"row {n} taken out": lambda lines, n=n: lines[: n - 1] + lines[n:] for n in (3, 5)},
    **{f"row {n} twice": lambda lines, n=n: lines[:n] + lines[n - 1 :] for n in (1, 3, 5)},
    "rows changed places": lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
    "the end cut off": lambda lines: lines[:-1],
    "the last row and the end cut off": lambda lines: lines[:-2],
    "another head": lambda lines: edited(lines, 6, head="0" * 64),
    "another height": lambda lines: edited(lines, 6, height=6),
    "a row after the end": lambda lines: [*lines, lines[4]],
}


@pytest.mark.nightly
def test_whatever_is_done_to_an_export_is_found(
    store: Store, tmp_path: Path, verifier: Callable[[Path], tuple[int, str]]
) -> None:
    filled(store, 1, 6)
    file, changed = tmp_path / "kept.jsonl", tmp_path / "changed.jsonl"
    with store.read() as tx:
        export(tx, "sample", file, 1, NOW)
    lines = [line for line in file.read_text("utf-8").split("\n") if line]
    lines = [f"{line}\n" for line in lines]
    for what, tamper in TAMPERED.items():
        changed.write_text("".join(tamper(lines)), "utf-8", newline="\n")
        with pytest.raises(ExportError):
            pytest.fail(f"{what}: {read_export(changed)}")
        assert what == "row 1 taken out" or verifier(changed)[0] == 1, what
