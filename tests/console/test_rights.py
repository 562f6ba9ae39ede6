"""The table of rights in the docs. `python -m tests.console.test_rights` writes it anew."""

from __future__ import annotations

from pathlib import Path

from tracker.console.access import PAGES
from tracker.core.values.accounts import Role

DOC = Path(__file__).resolve().parents[2] / "docs" / "console.md"
BEGIN, END = "<!-- rights -->\n", "<!-- end of the rights -->\n"


def name_roles(roles: frozenset[Role]) -> str:
    return "all" if roles == set(Role) else ", ".join(role for role in Role if role in roles)


def render() -> str:
    """A row a page: who sees it, and the acts by those who may do them."""
    rows = ["| page | seen by | what may be done there |", "|---|---|---|"]
    for name, rule in PAGES.items():
        by_roles: dict[str, list[str]] = {}
        for act, roles in rule.acts.items():
            by_roles.setdefault(name_roles(roles), []).append(act)
        acts = "; ".join(f"{', '.join(acts)}: {roles}" for roles, acts in by_roles.items())
        seers = "everybody, where `console: public` is on" if rule.is_public else name_roles(rule.sees)
        seers += " of a city, a province or the country" if rule.is_above else ""
        rows.append(f"| {name} | {seers} | {acts + ' ' if acts else ''}|")
    return "\n".join(rows) + "\n"


def test_the_table_in_the_docs_is_current() -> None:
    assert DOC.read_text("utf-8").partition(BEGIN)[2].partition(END)[0] == render()


if __name__ == "__main__":
    text = DOC.read_text("utf-8")
    head, rest = text.split(BEGIN)
    DOC.write_text(f"{head}{BEGIN}{render()}{END}{rest.split(END)[1]}", "utf-8")
