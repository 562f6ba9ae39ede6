"""Loads rules in a child process, so that a daemon does not keep the memory of what reads them (pydantic, PyYAML).

`python -P -m tracker.rulebook.load_process ROOT` writes a line with the hash of the program, then the pickled rules or
what is wrong with them. A pickle restores fields by their position, so that it is only read from the same program.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tracker.program import PROGRAM, own_process
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.loaded import Loaded

log = logging.getLogger(__name__)


def load_in_process(root: Path, environ: Mapping[str, str], *, secrets: bool = False) -> Loaded:
    """What `load` gives or raises. Where the child process gives no answer, the rules are loaded in this process."""
    command, environment = own_process(__name__, environ)
    done = subprocess.run(  # noqa: S603
        [*command, str(root), *(["secrets"] if secrets else [])],
        env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    value = _read_answer(done.stdout)
    if value is None:
        lines = done.stderr.decode("utf-8", "replace").splitlines() or ["another version of the program answered"]
        log.warning("rules are loaded in this process: %s", lines[-1], extra={"action": "rules"})
        value = _load(root, environ, secrets)
    if isinstance(value, RuleErrors):
        raise value
    return value


def _read_answer(answer: bytes) -> Loaded | RuleErrors | None:
    """The rules, or what is wrong with them; None for no answer, and for one of another program."""
    program, _, pickled = answer.partition(b"\n")
    if program != PROGRAM:
        return None
    try:
        value = pickle.loads(pickled)  # noqa: S301  (of our own child)
    except Exception:  # it ended in mid-answer
        return None
    return value if isinstance(value, (Loaded, RuleErrors)) else None


def _load(root: Path, environ: Mapping[str, str], secrets: bool) -> Loaded | RuleErrors:
    from tracker.rulebook.load import load  # in the child process alone, if all goes well

    try:
        return load(root, environ, secrets=secrets)
    except RuleErrors as error:
        return error


if __name__ == "__main__":
    answer = pickle.dumps(_load(Path(sys.argv[1]), os.environ, "secrets" in sys.argv[2:]))
    sys.stdout.buffer.write(PROGRAM + b"\n" + answer)
