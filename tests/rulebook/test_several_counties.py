"""Many counties in one folder: what changed is read again and nothing else, and one's defect is nobody else's."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rulebook.rule_office import Office
from tracker.core.law.duties import Duty
from tracker.rulebook import load as loading
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.load import load, load_again, read_parts
from tracker.rulebook.loaded import Loaded, LoadedCounty, known_of
from tracker.rulebook.packed import PackedDuties

OWN_PACK = """\
pack: own
title: 第三县自己的方案
in_force: {from: 2015-01-01, until: 2015-12-31}
duties:
  - {id: plan, title: 规划, clause: 一, departments: [keji], channels: site, deadline: {by: 2015-06-30},
     evidence: {column: finance}}
"""


class Counties(Office):
    """The small office's county under several names; the last one has a pack of its own and a variable."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        text = self.path("county").read_text("utf-8")
        shutil.rmtree(self.folder("small"))
        (root / "rules/packs/own.yaml").write_text(OWN_PACK, "utf-8")
        for name in ("c1", "c2", "c3"):
            self.add(name, text.replace("county: small", f"county: {name}"))
        self.change("c3", "packs: [works]", "packs: [works, own]")
        self.change("c3", "https://www.example.gov.cn/", "${THIRD:-https://third.example.gov.cn/}")

    def folder(self, county: str) -> Path:
        return self.root / "rules/counties" / county

    def add(self, county: str, text: str) -> None:
        self.folder(county).mkdir()
        (self.folder(county) / "county.yaml").write_text(text, "utf-8")

    def change(self, county: str, old: str, new: str) -> None:
        path = self.folder(county) / "county.yaml"
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")

    def change_pack(self, pack: str, old: str, new: str) -> None:
        path = self.root / "rules/packs" / f"{pack}.yaml"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    def copy(self, county: str, name: str) -> None:
        text = (self.folder(county) / "county.yaml").read_text("utf-8")
        self.add(name, text.replace(f"county: {county}", f"county: {name}"))


@pytest.fixture
def counties(tmp_path: Path) -> Counties:
    return Counties(tmp_path)


def read_of(counties: Counties, before: Loaded, environ: dict[str, str]) -> list[str]:
    """The counties whose files are read and compiled."""
    parts = read_parts(counties.root, environ, known_of(before))
    return [part.rulebook.county.id for part in parts if isinstance(part, LoadedCounty)]


Change = Callable[[Counties], object]
#: What is changed, and which counties are read again for it.
READ = {
    "nothing": (lambda at: None, []),
    "a county": (lambda at: at.change("c2", "weight: 2", "weight: 3"), ["c2"]),
    "a county's comment, which its stored text has too": (lambda at: at.change("c2", "zhang@", "li@"), ["c2"]),
    "a county more": (lambda at: at.copy("c1", "c0"), ["c0"]),
    "a county less": (lambda at: shutil.rmtree(at.folder("c2")), []),
    "the pack of all": (lambda at: at.change_pack("works", "水质", "水环境"), ["c1", "c2", "c3"]),
    "one county's own pack": (lambda at: at.change_pack("own", "06-30", "07-31"), ["c3"]),
    "the office's hours": (lambda at: at.put("schedule", "17:30", "18:00"), []),
    "the zone": (lambda at: at.put("schedule", "Asia/Shanghai", "Asia/Urumqi"), ["c1", "c2", "c3"]),
}  # fmt: skip


@pytest.mark.parametrize(("change", "read"), READ.values(), ids=READ)
def test_only_what_changed_is_read_again(counties: Counties, change: Change, read: list[str]) -> None:
    before = load_again(counties.root, {}, None)
    change(counties)
    assert read_of(counties, before, {}) == read
    again = load_again(counties.root, {}, before)
    fresh = load_again(counties.root, {}, None)
    assert (again.rulebooks, again.bodies, again.schedule) == (fresh.rulebooks, fresh.bodies, fresh.schedule)


def test_a_variable_is_a_source_of_the_county_that_names_it(counties: Counties) -> None:
    assert read_of(counties, load_again(counties.root, {}, None), {"THIRD": "https://other.example.gov.cn/"}) == ["c3"]


#: A defect, and the county that has it.
DEFECTS = {
    "a wrong value": (lambda at: at.change("c2", "weight: 2", "weight: two"), "c2", "two"),
    "no YAML": (lambda at: at.change("c2", "county: c2", "county: [c2"), "c2", "not YAML"),
    "no file": (lambda at: (at.folder("c2") / "county.yaml").unlink(), "c2", "cannot be read"),
    "another county's": (lambda at: at.change("c2", "county: c2", "county: c1"), "c2", "stands in the folder 'c2'"),
    "a pack that is not there": (lambda at: at.change("c2", "[works]", "[wroks]"), "c2", "unknown pack 'wroks'"),
    "a role that a policy names": (lambda at: _press(at), "c1 c2", "unknown role 'supervisor'"),
    "its own pack": (lambda at: at.change_pack("own", "[keji]", "[shenji]"), "c3", "'shenji'"),
}


def _press(at: Counties) -> None:
    """Press the supervisor, whom only the third county has."""
    at.put("schedule", "to: [liaison, county-office]", "to: [liaison, supervisor]")
    at.change("c3", "county-office: {mail", "supervisor: {mail: s@example.org}\n  county-office: {mail")


@pytest.mark.parametrize(("change", "of", "words"), DEFECTS.values(), ids=DEFECTS)
def test_a_county_with_a_defect_keeps_its_last_rules_and_the_others_go_on(
    counties: Counties, change: Change, of: str, words: str
) -> None:
    before = load_again(counties.root, {}, None)
    change(counties)
    counties.copy("c3" if of != "c3" else "c1", "c4")
    again = load_again(counties.root, {}, before)
    assert {county: words in str(errors[0]) for county, errors in again.broken.items()} == dict.fromkeys(
        of.split(), True
    )
    assert [book.county.id for book in again.rulebooks] == ["c1", "c2", "c3", "c4"]
    assert all(again.counties[county] is before.counties[county] for county in of.split())
    first = load_again(counties.root, {}, None)
    assert [book.county.id for book in first.rulebooks] == [one for one in ("c1", "c2", "c3", "c4") if one not in of]
    with pytest.raises(RuleErrors, match=words):  # of `duban check`
        load(counties.root, {})


def test_what_is_wrong_for_all_changes_none(counties: Counties) -> None:
    before = load_again(counties.root, {}, None)
    counties.change_pack("works", "clause:", "clasue:")
    with pytest.raises(RuleErrors, match="clasue"):
        load_again(counties.root, {}, before)


def test_of_many_counties_the_duties_are_packed_and_the_rules_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = Counties(tmp_path)
    monkeypatch.setattr(loading, "KEPT", 3)
    plain = load_again(many.root, {}, None)
    assert len(plain.rulebooks) == 3
    monkeypatch.setattr(loading, "KEPT", 2)
    packed = load_again(many.root, {}, None)
    assert {type(book.duties) for book in packed.rulebooks} == {PackedDuties}
    assert {type(book.duties) for book in plain.rulebooks} == {tuple}
    assert (packed.rulebooks, packed.bodies) == (plain.rulebooks, plain.bodies)
    assert len({id(book.county.lexicon) for book in packed.rulebooks}) == 1


def test_packed_duties_are_a_sequence_of_duties(counties: Counties) -> None:
    duties = tuple(counties.load().rulebooks[0].duties)
    packed = PackedDuties(duties)
    assert (len(packed), packed[0], packed[-1:], list(packed)) == (2, duties[0], duties[-1:], list(duties))
    assert isinstance(packed[1], Duty)
    assert packed == duties == packed
    assert packed != duties[:1]
