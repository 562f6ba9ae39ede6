"""Compiled rules, kept in a file under the hash of all that they follow from.

The file is only ever used for the bytes it was made from: the rule files, this version of the program, and what was
filled in from the environment. Where there is none, or it cannot be read or written, the rules are compiled.
Rules with a defect are kept nowhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tracker
from tracker.rulebook.encoding import decode, encode
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.loaded import Loaded, templates_of

#: How many files are kept in a folder: the rules as they are, and were before the last changes.
KEPT = 4
#: With a larger file, nothing is kept: the loader refuses it.
_MAX_BYTES = 1_000_000
#: What decides beside our own code how a file is read.
_LIBRARIES = ("chinesecalendar", "pydantic", "pyyaml")


def load_kept(root: Path, environ: Mapping[str, str], folder: Path | None, *, apart: bool = False) -> Loaded:
    """The rules under `root`, from `folder` where it holds them; compiled and kept there where it does not.

    `apart`: compiled in a process of its own. Raises RuleErrors.
    """
    inputs = Inputs.of(root) if folder is not None else None
    file = folder / f"rules-{inputs.digest}.json" if folder is not None and inputs is not None else None
    if file is not None and (kept := _read(file, root, environ)) is not None:
        return kept
    loaded = (apart and _compiled_apart(root, environ)) or _compiled(root, environ)
    # What was compiled are the bytes that were hashed only if nobody wrote in between.
    if file is not None and inputs == Inputs.of(root):
        _write(file, loaded)
    return loaded


def _compiled(root: Path, environ: Mapping[str, str]) -> Loaded:
    from tracker.rulebook import loader

    return loader.load_rules(root, environ)


def _compiled_apart(root: Path, environ: Mapping[str, str]) -> Loaded | None:
    """The rules as another process compiles them: a daemon would keep what that loads, a sixth of its memory.

    None where that process gives no answer, or is another version of the program.
    """
    import subprocess

    command = [sys.executable, "-m", f"{__package__}.compile_process", str(root)]
    done = subprocess.run(  # noqa: S603
        command,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    try:
        document = json.loads(done.stdout)
        value = decode(document, environ) if document["program"] == program() else None
    except (ValueError, LookupError, TypeError):
        return None
    if value is None:
        return None
    if not isinstance(value, Loaded):
        raise RuleErrors(value)
    return replace(value, templates=templates_of(root, value.rulebooks))


@dataclass(frozen=True, slots=True)
class Inputs:
    """What rules follow from. `digest`: of the program and of every name and byte that is read; `stamps`: when each
    file was last changed, so that a file written twice in between is noticed too."""

    digest: str
    stamps: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, root: Path) -> Inputs | None:
        """None where something of it cannot be read: to say so is the loader's task."""
        hashed, stamps = hashlib.sha256(), []
        try:
            hashed.update(repr((program(), str(root))).encode())
            for path in _paths(root):
                state = path.stat()
                content = b""
                if stat.S_ISREG(state.st_mode):
                    if state.st_size > _MAX_BYTES:
                        return None
                    content = path.read_bytes()
                hashed.update(repr((str(path), stat.S_IFMT(state.st_mode), len(content))).encode() + content)
                stamps.append((state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns))
        except (OSError, ValueError):
            return None
        return cls(hashed.hexdigest(), tuple(stamps))


def _paths(root: Path) -> Iterator[Path]:
    """Every file and folder that a loader looks at; one that is not there is told by the names of the others."""
    rules = root / "rules"
    yield root / "schedule.yaml"
    for folder in (rules, *(rules / name for name in ("packs", "calendar", "counties"))):
        if folder.exists():
            yield folder
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                yield from () if path.name.startswith(".") else (path, *_county_file(path, rules / "counties"))


def _county_file(path: Path, counties: Path) -> Iterator[Path]:
    if path.parent == counties and (path / "county.yaml").exists():
        yield path / "county.yaml"


@cache
def program() -> str:
    """The hash of our code that reads rules, and the versions of what it reads them with."""
    hashed = hashlib.sha256(tracker.__version__.encode())
    house = Path(__file__).parents[1]
    for path in sorted((*(house / "core").rglob("*.py"), *(house / "rulebook").glob("*.py"))):
        hashed.update(path.relative_to(house).as_posix().encode() + path.read_bytes())
    return " ".join((hashed.hexdigest(), *map(version, _LIBRARIES)))


def _read(path: Path, root: Path, environ: Mapping[str, str]) -> Loaded | None:
    """The rules in a file; None where it is not there, not whole, or of another environment."""
    try:
        digest, _, body = path.read_bytes().partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        document: dict[str, Any] = json.loads(body)
        if any(environ.get(name, "") != value for name, value in document["variables"].items()):
            return None
        loaded: Loaded = decode(document, environ)
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return replace(loaded, templates=templates_of(root, loaded.rulebooks))


def _write(path: Path, loaded: Loaded) -> None:
    """Keep the rules, readable by this user alone; nothing where the folder takes no file."""
    document = {"variables": dict(loaded.variables), **encode(replace(loaded, templates={}))}
    body = json.dumps(document, separators=(",", ":")).encode()
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        (path.parent / ".gitignore").write_text("*\n", "utf-8")
        number, name = tempfile.mkstemp(prefix="rules-", suffix=".tmp", dir=path.parent)
        with os.fdopen(number, "wb") as file:
            file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        os.replace(name, path)
        for old in sorted(path.parent.glob("rules-*"), key=lambda path: path.stat().st_mtime_ns)[:-KEPT]:
            old.unlink()
