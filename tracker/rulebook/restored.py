"""A stored rulebook back from its canonical body, so that a past decision is read under the rules of its day."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

from pydantic import TypeAdapter

from tracker.core.law.county import Rulebook
from tracker.rulebook.canonical import FORMAT


@cache
def _adapter() -> TypeAdapter[Rulebook]:
    return TypeAdapter(Rulebook)


def restored(body: str, digest: str) -> Rulebook:
    """The rulebook that the body describes, without its examples: they are for checking, not for reading.

    Raises ValueError where a newer version of duban has written it in another shape.
    """
    said = json.loads(body)
    if said["format"] > FORMAT:
        raise ValueError(f"rulebook {digest[:12]} is stored in format {said['format']}, this version reads {FORMAT}")
    for duty in said["duties"]:
        duty["examples"] = []
    # Format 1 knew no scoring, format 2 no `issued`, `law` and `after`; what is lacking has the default of its version.
    resolved = {name: said[name] for name in ("county", "duties", "events", "scoring", "circular") if name in said}
    return replace(_adapter().validate_python(resolved), digest=digest)
