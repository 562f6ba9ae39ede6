"""A profile: what is peculiar to one manner of listing, as data. What it does not say, the engine learns by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.cells import Record
from tracker.evidence.wrappers.wrapper import SourceKind

PROFILES = Path(__file__).parent / "profiles"


@dataclass(frozen=True, slots=True)
class Profile:
    """One manner. All but `name` may be left out.

    `dialect`: what rules call it, where that is not its name. `marks`: words of which one stands in every page of it or
    in its address, in whatever case where they begin with (?i); or `addresses`: a pattern of the addresses of its
    entries, which hold the day on which each was made. `kind`: what the records stand in.
    `record`: of a store the element that holds one record, of a page a pattern of
    the marks (id) that its records bear. `markup`: the path in
    a JSON answer at which the markup of the whole list stands. `empty`: a pattern in its scripts that says that there
    are no rows.
    `total`, `size`: names that the number of all records and of those on a page go by in scripts and answers.

    Further pages, and records that do not stand in the page: `query` is what is asked, with {page}, {start}, {end}
    and {size} filled in; `address`: the name by which a script calls where it is asked (else: where this page was
    asked for), `sent`: the objects of a script whose fields are sent along, `fields`: those of them that count where
    the object holds other settings too; `group`: how many pages come at once, `usual`: the size where nothing says it.
    `link`: the element of an answer that holds the link to the next. `unit`: the attribute with the fields of a part of
    the page that a script asks for, `called`: a pattern of the names of that part which is the list. `call`: a
    script's call whose arguments are the values of `fields` in the form that is sent.
    """

    name: str
    dialect: str = ""
    marks: tuple[str, ...] = ()
    addresses: str = ""
    kind: SourceKind = SourceKind.PAGE
    record: str = ""
    markup: str = ""
    empty: str = ""
    total: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    query: str = ""
    address: str = ""
    sent: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    group: int = 1
    usual: int = 15
    link: str = ""
    unit: str = ""
    called: str = ""
    call: str = ""

    def marks_page(self, page: Page) -> bool:
        """Return whether a page or its address bears one of the profile's marks."""
        return any(mark.removeprefix("(?i)") in page.url for mark in self.marks) or page.says(*self.marks)


def profile_of(name: str, stored: dict[str, Any]) -> Profile:
    """Return the profile of a file's content. Raises ValueError where it says what is not known."""
    values: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in stored.items()}
    try:
        values["kind"] = SourceKind(values.get("kind", "page"))
        profile = Profile(**{"name": name, "dialect": name, **values})
    except (TypeError, ValueError) as error:
        raise ValueError(f"profile {name}: {error}") from error
    return profile


@cache
def load_profiles() -> dict[str, Profile]:
    """Return the shipped profiles by name."""
    files = sorted(PROFILES.glob("*.yaml"))
    return {one.stem: profile_of(one.stem, yaml.safe_load(one.read_text(encoding="utf-8"))) for one in files}


def profiles_of(page: Page, kind: SourceKind) -> list[Profile]:
    """Return the profiles of a kind whose marks a page bears."""
    return [one for one in load_profiles().values() if one.kind is kind and one.marks_page(page)]


def page_profile(page: Page, records: Sequence[Record]) -> str:
    """Return the name of the profile that the records of a web page are of; "" where they are of none."""
    for profile in load_profiles().values():
        if profile.kind is not SourceKind.PAGE or profile.call or not records:
            continue
        if profile.record:
            alike = sum(re.search(profile.record, _mark(one)) is not None for one in records)
        else:
            alike = sum(re.search(profile.addresses, one.url) is not None for one in records)
        if alike * 2 > len(records) or (not profile.record and profile.marks_page(page)):
            return profile.name
    return ""


def has_marked_records(name: str) -> bool:
    """Return whether the records of a profile bear a mark of their own."""
    profile = load_profiles().get(name)
    return profile is not None and profile.kind is SourceKind.PAGE and bool(profile.record)


def _mark(record: Record) -> str:
    return next((node.attributes.get("id") or "" for node in record.nodes if not node.is_text_node), "")


@cache
def dialects() -> frozenset[str]:
    """Return what rules call the profiles by which columns list."""
    return frozenset(one.dialect for one in load_profiles().values() if not one.call)
