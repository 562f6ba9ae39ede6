"""`python -m tracker.rulebook.compile_process ROOT` prints the rules under ROOT as JSON, or what is wrong with them."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from tracker.rulebook.cache import program
from tracker.rulebook.encoding import encode
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.load import load


def main(root: str) -> None:
    """Compile, print, and be gone with all that was loaded for it."""
    try:
        value: object = replace(load(Path(root), os.environ), templates={})
    except RuleErrors as failure:
        value = failure.errors
    json.dump({"program": program(), **encode(value)}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
