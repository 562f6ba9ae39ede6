"""Hashes what a county's rules are made of: what has the same hash need not be read and compiled again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from tracker.rulebook.acts import Acts
from tracker.rulebook.loaded import Known
from tracker.rulebook.pack_model import PackModel
from tracker.rulebook.yaml_files import MAX_BYTES, find_variables

#: The file of a county, in its folder.
COUNTY_FILE = "county.yaml"


class Sources:
    """What the counties share, hashed once. Policies, hours and days off are no part of a county's rules.

    Of every pack the hash covers what a county's file could wrongly say something of: its name and its duties' IDs.
    """

    def __init__(self, packs: Mapping[str, PackModel], acts: Acts, zone: ZoneInfo, environ: Mapping[str, str]) -> None:
        names = sorted((name, *(duty.id for duty in pack.duties)) for name, pack in packs.items())
        self._shared = _hash(zone.key, acts.spot.document.text, repr(names))
        self._packs = {name: _hash(pack.spot.document.text) for name, pack in packs.items()}
        self._environ = environ

    def hash_of(self, text: str, packs: Collection[str]) -> str:
        """The hash for the county whose file is `text` and names `packs`."""
        variables = [(name, self._environ.get(name)) for name in find_variables(text)]
        named = [(name, self._packs.get(name)) for name in packs]
        return _hash(self._shared, text, repr(variables), repr(named))

    def is_same(self, folder: Path, known: Known) -> bool:
        """Whether the county in this folder would be compiled to what it was."""
        path = folder / COUNTY_FILE
        try:
            if not path.is_file() or path.stat().st_size > MAX_BYTES:
                return False
            text = path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return False
        return self.hash_of(text, known.packs) == known.source


def _hash(*parts: str) -> str:
    hashed = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        hashed.update(b"%d\n" % len(encoded) + encoded)
    return hashed.hexdigest()
