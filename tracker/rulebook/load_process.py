"""Loads rules in a child process, so that a daemon does not keep the memory of what reads them (pydantic, PyYAML).

`python -P -m tracker.rulebook.load_process ROOT` is told on its stdin which counties are known, by the hashes of their
sources. It writes a line with the hash of the program, then one pickle after the other: the counties that are not as
they are known, and what all share, or what is wrong. A pickle restores fields by their position, so that it is only
read from the same program.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from tracker.program import PROGRAM, own_process
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.loaded import Known, Loaded, LoadedCounty, SharedRules, join, known_of

log = logging.getLogger(__name__)


def load_in_process(
    root: Path, environ: Mapping[str, str], before: Loaded | None = None, *, secrets: bool = False
) -> Loaded:
    """The rules; of the counties, only those are read whose sources are others than `before`.

    A county with a defect is as it was before, or left out, and named in `broken`. Raises RuleErrors where something is
    wrong with what the counties share, or with all of them, or a secret is missing. Where the child process gives no
    answer, the rules are loaded in this process.
    """
    command, environment = own_process(__name__, environ)
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603
            [*command, str(root)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said
        )
        assert child.stdin is not None
        assert child.stdout is not None
        with child, child.stdout:
            with suppress(OSError), child.stdin:  # it ended before it took all
                child.stdin.write(json.dumps(known_of(before)).encode())
            program = child.stdout.readline().rstrip(b"\n")
            loaded = _read_answer(child.stdout, before) if program == PROGRAM else None
        said.seek(0)
        lines = said.read().decode("utf-8", "replace").splitlines() or ["it gave no answer"]
    if loaded is None:
        why = lines[-1] if program in (PROGRAM, b"") else "another version of the program answered"
        log.warning("rules are loaded in this process: %s", why, extra={"action": "rules"})
        from tracker.rulebook.load import load_again  # in the child process alone, if all goes well

        loaded = load_again(root, environ, before)
    if secrets and loaded.schedule.unset_secrets:
        raise RuleErrors(loaded.schedule.unset_secrets)
    return loaded


def _read_answer(answer: IO[bytes], before: Loaded | None = None) -> Loaded | None:
    """The rules; None where it ends too early. Raises RuleErrors for what is wrong with them."""
    try:
        return join(_parts_of(answer), before)
    except RuleErrors:
        raise
    except Exception:
        return None


def _parts_of(answer: IO[bytes]) -> Iterator[LoadedCounty | SharedRules]:
    while True:
        part = pickle.load(answer)  # noqa: S301  (of our own child)
        if isinstance(part, RuleErrors):
            raise part
        yield part


def serve(root: Path) -> None:
    """Answer the parent."""
    from tracker.rulebook.load import read_parts

    known = {name: Known(*each) for name, each in json.load(sys.stdin.buffer).items()}
    out = sys.stdout.buffer
    out.write(PROGRAM + b"\n")
    try:
        for part in read_parts(root, os.environ, known):
            pickle.dump(part, out, pickle.HIGHEST_PROTOCOL)
    except RuleErrors as error:
        pickle.dump(error, out)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
