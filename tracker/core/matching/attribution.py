"""Finds the department of an entry: the column's owner, else the one that its title names, else its stated source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tracker.core.law.duties import County
from tracker.core.matching.naming import flat


@dataclass(frozen=True, slots=True)
class Directory:
    """The names of a county's departments, longest first, as (name in comparable form, department)."""

    names: tuple[tuple[str, str], ...]
    titles: tuple[tuple[str, str], ...]

    def title(self, department: str) -> str:
        return dict(self.titles).get(department, department)


@dataclass(frozen=True, slots=True)
class Attribution:
    """`department` None: nobody can be named. `why` says what it rests on, in Chinese."""

    department: str | None
    why: str
    named: tuple[str, ...] = ()  # every department that the title names


def directory(county: County) -> Directory:
    """The county's departments by every name people use for them."""
    departments = tuple((department.id, department.names) for department in county.departments.values())
    return _directory(departments)


@lru_cache(maxsize=16)
def _directory(departments: tuple[tuple[str, tuple[str, ...]], ...]) -> Directory:
    names = {(flat(name), key) for key, all_names in departments for name in all_names if name}
    longest = sorted(names, key=lambda name: (-len(name[0]), name))
    return Directory(tuple(longest), tuple((key, all_names[0]) for key, all_names in departments))


@lru_cache(maxsize=4096)
def named_in(text: str, known: Directory) -> tuple[str, ...]:
    """The departments a text names. A longer name hides the shorter ones inside it."""
    rest = flat(text)
    found: list[str] = []
    for name, department in known.names:
        if name in rest:
            rest = rest.replace(name, "\n")
            if department not in found:
                found.append(department)
    return tuple(sorted(found))


@lru_cache(maxsize=4096)
def attribute(owner: str | None, title: str, source: str, listed: str, known: Directory) -> Attribution:
    """The publisher of an entry. `source`: as the article prints it; `listed`: as the list prints it."""
    named = named_in(title, known)
    if owner is not None:
        return Attribution(owner, f"栏目属于{known.title(owner)}", named)
    if len(named) == 1:
        return Attribution(named[0], f"标题点名“{known.title(named[0])}”", named)
    for text in (source, listed):
        by = named_in(text, known)
        if len(by) == 1:
            return Attribution(by[0], f"发布机构为“{text.strip()}”", named)
    if named:
        several = "、".join(known.title(one) for one in named)
        return Attribution(None, f"标题同时提到{several}，发布机构不明", named)
    return Attribution(None, "标题和发布机构均未指明部门", named)
