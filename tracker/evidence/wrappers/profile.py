"""A profile: what is peculiar to one manner of listing, as data. What it does not say, the engine learns by itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tracker.evidence.wrappers.wrapper import PagerKind, SourceKind

PROFILES = Path(__file__).parent / "profiles"


@dataclass(frozen=True, slots=True)
class Profile:
    """One manner.

    `marks`: words of which one stands in every page of it, in whatever case where they begin with (?i). `kind`: what
    the records stand in; `record`: the element that holds one record of a store, `title` and so on stay to be learned.
    `total`, `size`: names that the number of all rows, and of those on a page, go by in scripts and answers. `pager`
    and `following`: how the next page is asked for: a template with {page}, {start}, {end}, {size}, or the name of a
    script's call with the order of its arguments. `fields`: fields of the page to carry along; `end`: whether its end
    may be claimed.
    """

    name: str
    marks: tuple[str, ...]
    kind: SourceKind = SourceKind.PAGE
    record: str = ""
    total: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    pager: PagerKind = PagerKind.NONE
    following: str = ""
    fields: tuple[str, ...] = ()
    end: bool = True


def profile_of(name: str, stored: dict[str, Any]) -> Profile:
    """Return the profile of a file's content. Raises ValueError where it says what is not known."""
    values = dict(stored)
    for key in ("marks", "total", "size", "fields"):
        values[key] = tuple(values.get(key, ()))
    try:
        values["kind"] = SourceKind(values.get("kind", "page"))
        values["pager"] = PagerKind(values.get("pager", "none"))
        return Profile(name=name, **values)
    except (TypeError, ValueError) as error:
        raise ValueError(f"profile {name}: {error}") from error


@cache
def load_profiles() -> tuple[Profile, ...]:
    """Return the shipped profiles by name."""
    files = sorted(PROFILES.glob("*.yaml"))
    return tuple(profile_of(one.stem, yaml.safe_load(one.read_text(encoding="utf-8"))) for one in files)
