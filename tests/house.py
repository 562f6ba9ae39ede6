#!/usr/bin/env python3
"""Counts the house: rooms and their lines, files that share a name, classes that share a name, the longest files.

    python3 dev.py house                 all rooms
    python3 dev.py house tracker/store   the files of one, and what each does

Exit status 1: a file of the product is longer than 400 lines, or a name stands twice within `core/` or `evidence/`.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("tracker", "notifications")
LONGEST = 400
#: Rooms in which a file name stands once.
ONE_NAME = ("tracker/core", "tracker/evidence")


def main(rooms_asked: list[str]) -> int:
    for room in rooms_asked:
        print_files(ROOT / room)
    if rooms_asked:
        return 0
    files = {path: path.read_text("utf-8") for path in python_files(ROOT)}
    rooms: dict[str, list[int]] = defaultdict(list)
    for path, text in files.items():
        rooms[room_of(path)].append(text.count("\n"))
    for room, lines in sorted(rooms.items(), key=lambda row: -sum(row[1])):
        print(f"{sum(lines):7,} lines {len(lines):4} files  {room}")
    print(f"{sum(map(sum, rooms.values())):7,} lines {len(files):4} files  in {len(rooms)} rooms")
    tests = list((ROOT / "tests").rglob("*.py"))
    print(f"{sum(path.read_text('utf-8').count(chr(10)) for path in tests):7,} lines {len(tests):4} files  of tests\n")
    twice = doubled((path.name, path) for path in files if not path.name.startswith("__"))
    print(f"{len(twice)} file names stand more than once")
    wrong = [
        (room, name)
        for room in ONE_NAME
        for name, places in twice.items()
        if sum(place.startswith(room) for place in places) > 1
    ]
    for room, name in wrong:
        print(f"  {name} twice within {room}: {', '.join(place for place in twice[name] if place.startswith(room))}")
    classes = doubled((name, path) for path, text in files.items() for name in class_names(text))
    print(f"{len(classes)} class names stand more than once")
    for name, places in classes.items():
        print(f"  {name}: {', '.join(places)}")
    longest = sorted(((text.count("\n"), path) for path, text in files.items()), reverse=True)[:5]
    print("the longest files")
    for lines, path in longest:
        print(f"{lines:7,} {path.relative_to(ROOT).as_posix()}")
    return int(bool(wrong) or longest[0][0] > LONGEST)


def print_files(room: Path) -> None:
    """Prints each file of a room with its lines and the first paragraph of its docstring."""
    if not room.is_dir():
        sys.exit(f"no such room: {room.relative_to(ROOT)}")
    for path in sorted(room.rglob("*.py")):
        text = path.read_text("utf-8")
        docstring = (ast.get_docstring(ast.parse(text)) or "").split("\n\n")[0]
        print(f"{text.count(chr(10)):5}  {path.relative_to(room).as_posix():32} {' '.join(docstring.split())}")


def python_files(root: Path) -> Iterator[Path]:
    """The files of the product, in order."""
    for package in PACKAGES:
        yield from sorted((root / package).rglob("*.py"))


def room_of(path: Path) -> str:
    """`tracker/core/law` of a chapter of the core, else `tracker/store`, `notifications`."""
    parts = path.relative_to(ROOT).parts[:-1]
    return "/".join(parts[: 3 if parts[:2] == ("tracker", "core") else 2 if parts[0] == "tracker" else 1])


def class_names(text: str) -> Iterator[str]:
    """The names of the classes in a module."""
    yield from (node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef))


def doubled(named: Iterator[tuple[str, Path]]) -> dict[str, list[str]]:
    """The names that stand in several files, with these files."""
    places: dict[str, list[str]] = defaultdict(list)
    for name, path in named:
        places[name].append(path.relative_to(ROOT).as_posix())
    return {name: found for name, found in sorted(places.items()) if len(found) > 1}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
