"""Finds the department of an entry: the owner of its site column (栏目), else the one that its title names, else the
publisher that it states."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tracker.core.law.county import County
from tracker.core.matching.naming import flat


@dataclass(frozen=True, slots=True)
class Directory:
    """The names of a county's departments: `names` longest first, as (name in comparable form, department);
    `display_names` as (department, its first name)."""

    names: tuple[tuple[str, str], ...]
    display_names: tuple[tuple[str, str], ...]

    def display_name(self, department: str) -> str:
        return dict(self.display_names).get(department, department)


@dataclass(frozen=True, slots=True)
class Attribution:
    """The department that published an entry, None where it cannot be determined. `reason`: why (Chinese)."""

    department: str | None
    reason: str
    named: tuple[str, ...] = ()  # every department that the title names


def directory_of(county: County) -> Directory:
    """Return the county's departments by every name people use for them."""
    departments = tuple((department.id, department.names) for department in county.departments.values())
    return _build_directory(departments)


@lru_cache(maxsize=16)
def _build_directory(departments: tuple[tuple[str, tuple[str, ...]], ...]) -> Directory:
    pairs = {(flat(name), department) for department, all_names in departments for name in all_names if name}
    longest = sorted(pairs, key=lambda pair: (-len(pair[0]), pair))
    return Directory(tuple(longest), tuple((department, all_names[0]) for department, all_names in departments))


@lru_cache(maxsize=4096)
def find_named_departments(text: str, directory: Directory) -> tuple[str, ...]:
    """Return the departments that a text names. A longer name hides the shorter ones inside it."""
    remaining = flat(text)
    departments: list[str] = []
    for name, department in directory.names:
        if name in remaining:
            remaining = remaining.replace(name, "\n")
            if department not in departments:
                departments.append(department)
    return tuple(sorted(departments))


@lru_cache(maxsize=4096)
def attribute_entry(owner: str | None, title: str, source: str, listed: str, directory: Directory) -> Attribution:
    """Return the publisher of an entry.

    `owner`: the owner of its column; `source`: the publisher as the article prints it; `listed`: as the list prints it.
    """
    named = find_named_departments(title, directory)
    if owner is not None:
        return Attribution(owner, f"所在栏目属于{directory.display_name(owner)}", named)
    if len(named) == 1:
        return Attribution(named[0], f"标题写明单位为“{directory.display_name(named[0])}”", named)
    for text in (source, listed):
        publishers = find_named_departments(text, directory)
        if len(publishers) == 1:
            return Attribution(publishers[0], f"发布机构为“{text.strip()}”", named)
    if named:
        names = "、".join(directory.display_name(department) for department in named)
        return Attribution(None, f"标题同时提到{names}，发布机构不明", named)
    return Attribution(None, "标题和发布机构均未指明部门", named)
