"""Reading the files: all defects in one go, nothing half-loaded, the same rules always the same hash."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rulebook.rule_office import Office
from tracker.rulebook.document import Document
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.load import load
from tracker.rulebook.yaml_files import MAX_BYTES, parse

REPOSITORY = Path(__file__).parents[2]


def test_the_shipped_rules_load_without_any_environment() -> None:
    loaded = load(REPOSITORY, {})
    [rulebook] = loaded.rulebooks
    assert rulebook.county.id == "sample"
    assert {"budget", "air-quality", "environment-monthly"} <= {duty.id for duty in rulebook.duties}
    assert {"standard", "daily", "urgent"} <= set(loaded.schedule.policies)


def test_the_small_office_loads(office: Office) -> None:
    assert office.errors() == []


def test_defects_of_all_files_come_in_one_go_in_order(office: Office) -> None:
    office.put("pack", "within: 20 days", "within: 20")
    office.put("county", "start: 2015-01-01", "start: 2015-13-01")
    office.put("schedule", "kind: overdue", "kind: late")
    office.put("calendar", "year: 2015", "year: 2016")
    assert [line.split(": ")[0] for line in office.errors()] == [
        "rules/calendar/2015.yaml:3:7",
        "rules/counties/small/county.yaml:3:8",
        "rules/packs/works.yaml:30:24",
        "schedule.yaml:7:44",
    ]


def test_several_defects_of_one_file_are_all_reported(office: Office) -> None:
    office.put("pack", "departments: [huanbao]", "departments: [huanbo]")
    office.put("pack", "{column: finance", "{column: finances")
    office.put("pack", "    departments: all\n", "    departments: all\n    escalation: urgent\n")
    assert [line.split(": ")[1].split(" '")[0] for line in office.errors()] == [
        "unknown department",
        "unknown escalation",
        "unknown column",
    ]


@pytest.mark.parametrize(
    ("gone", "message"),
    [
        ("schedule.yaml", "schedule.yaml:1:1: cannot be read: No such file or directory"),
        ("rules/packs", "rules/packs:1:1: no pack here: rules/packs/NAME.yaml"),
        ("rules/counties", "rules/counties:1:1: no county here: rules/counties/NAME/county.yaml"),
    ],
)
def test_what_is_not_there_is_named(office: Office, gone: str, message: str) -> None:
    path = office.root / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert message in office.errors()


def test_without_year_files_the_library_s_calendar_serves(office: Office) -> None:
    shutil.rmtree(office.root / "rules" / "calendar")
    assert not office.load().calendar.is_workday(date(2015, 10, 1))


def test_a_missing_folder_of_packs_is_reported_once_and_not_again_for_each_name(office: Office) -> None:
    shutil.rmtree(office.root / "rules" / "packs")
    assert office.errors() == ["rules/packs:1:1: no pack here: rules/packs/NAME.yaml"]


def test_a_pack_that_cannot_be_read_is_known_by_its_file(office: Office) -> None:
    office.put("county", "packs: [works]", "packs: [wroks]")
    office.put("pack", "pack: works\n", "\tpack: works\n")
    assert office.errors() == [
        "rules/counties/small/county.yaml:4:9: unknown pack 'wroks', did you mean 'works'? (allowed: works)",
        "rules/packs/works.yaml:1:1: a tab: use spaces",
    ]


def test_a_pack_whose_own_keys_are_wrong_is_known_by_its_name(office: Office) -> None:
    office.path("pack").rename(office.root / "rules/packs/file.yaml")
    path = office.root / "rules/packs/file.yaml"
    path.write_text(path.read_text("utf-8").replace("title: 样例方案", "title: []"), "utf-8")
    assert office.errors() == ["rules/packs/file.yaml:2:8: expected a text, found a list"]


def test_an_entry_with_an_error_of_shape_is_named_by_its_place_in_the_file(office: Office) -> None:
    office.put("pack", "about: previous", "about: last")
    office.put("pack", "{column: finance,", "{column: finances,")
    assert [line.split(": ")[0] for line in office.errors()] == [
        "rules/packs/works.yaml:18:37",
        "rules/packs/works.yaml:31:24",
    ]


def test_a_county_s_folder_without_its_file_is_not_passed_over(office: Office) -> None:
    second = office.root / "rules" / "counties" / "other"
    shutil.copytree(office.path("county").parent, second)
    (second / "county.yaml").rename(second / "county.yml")
    assert office.errors() == ["rules/counties/other/county.yaml:1:1: cannot be read: No such file or directory"]


def test_a_file_in_the_place_of_the_calendar_s_folder_is_reported(office: Office) -> None:
    folder = office.root / "rules" / "calendar"
    shutil.rmtree(folder)
    folder.write_text("", encoding="utf-8")
    assert office.errors() == ["rules/calendar:1:1: not a folder (allowed: rules/calendar/YEAR.yaml)"]


@pytest.mark.parametrize("place", ["rules/packs/x.yaml", "rules/calendar/2016.yaml", "rules/packs/x.YML"])
def test_a_pipe_keeps_nobody_waiting(office: Office, place: str) -> None:
    os.mkfifo(office.root / place)
    assert office.errors() == [f"{place}:1:1: cannot be read: not a file"]


@pytest.mark.parametrize("place", ["rules/packs/.#works.yaml", "rules/calendar/.2016.yaml", "rules/counties/.old"])
def test_what_an_editor_hides_beside_a_file_is_no_rule(office: Office, place: str) -> None:
    (office.root / place).symlink_to("nobody@nowhere.1234")
    assert office.errors() == []


def test_a_file_too_large_is_not_even_parsed(office: Office) -> None:
    with office.path("pack").open("a", encoding="utf-8") as file:
        file.write("# " + "x" * MAX_BYTES)
    assert office.errors() == [f"rules/packs/works.yaml:1:1: the file is larger than {MAX_BYTES} bytes"]


def test_two_files_of_one_pack_are_refused(office: Office) -> None:
    shutil.copy(office.path("pack"), office.root / "rules/packs/zz.yaml")
    assert office.errors() == [
        f"rules/packs/zz.yaml:1:7: the pack 'works' is in {office.path('pack')} too",
    ]


def test_a_byte_order_mark_is_no_defect(office: Office) -> None:
    path = office.path("county")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert office.errors() == []


def test_scalars_stay_the_text_they_were() -> None:
    document = parse("a: no\nb: 010\nc: 8:30\nd: 2015-03-01\ne: ''\n", Document("x.yaml", []))
    assert document.is_read
    assert document.data == {"a": "no", "b": "010", "c": "8:30", "d": "2015-03-01", "e": ""}


def test_an_alias_is_written_out_at_the_place_of_its_anchor() -> None:
    document = parse("a: &x [一, 二]\nb: *x\n", Document("x.yaml", []))
    assert document.is_read
    assert document.data == {"a": ["一", "二"], "b": ["一", "二"]}
    assert document.values["b", 1] == (1, 11)


@given(st.text(max_size=200))
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    document = parse(text, Document("x.yaml", []))
    assert document.is_read or document.errors


@given(st.text(alphabet="ab:-[]{}&*#'\"|>%@!\n ", max_size=60))
def test_no_mark_of_yaml_breaks_the_reader(text: str) -> None:
    document = parse(text, Document("x.yaml", []))
    assert document.is_read or document.errors


class TestEnvironment:
    def test_a_variable_is_filled_in(self, office: Office) -> None:
        office.put("county", "office@example.org", '"${OFFICE}"')
        assert office.load({"OFFICE": "a@b.cn"}).rulebooks[0].county.roles["county-office"].mail == "a@b.cn"

    def test_a_default_stands_in_for_an_unset_one(self, office: Office) -> None:
        office.put("county", "https://www.example.gov.cn/", '"${SITE:-http://127.0.0.1:8015/}"')
        columns = office.load().rulebooks[0].county.columns
        assert columns["site/finance"].url == "http://127.0.0.1:8015/cz/"

    def test_and_for_an_empty_one(self, office: Office) -> None:
        office.put("county", "office@example.org", '"${OFFICE:-a@b.cn}"')
        assert office.load({"OFFICE": ""}).rulebooks[0].county.roles["county-office"].mail == "a@b.cn"

    def test_an_empty_variable_counts_as_unset(self, office: Office) -> None:
        office.put("county", "office@example.org", '"${OFFICE}"')
        assert len(office.errors({"OFFICE": ""})) == 1

    def test_a_secret_is_in_no_body_and_in_no_repr(self, office: Office) -> None:
        office.put("schedule", "hours:", 'delivery: {smtp: {user: a, password: "${SECRET}"}}\nhours:')
        loaded = office.load({"SECRET": "kX92-hidden"})
        assert loaded.schedule.delivery.smtp.password.reveal() == "kX92-hidden"
        assert "kX92-hidden" not in "".join(loaded.bodies.values()) + repr(loaded) + str(
            loaded.schedule.delivery.smtp.password
        )


class TestHash:
    def test_each_rulebook_and_the_calendar_come_with_the_body_of_their_hash(self, office: Office) -> None:
        loaded = office.load()
        digests = {*(rulebook.digest for rulebook in loaded.rulebooks), loaded.calendar.digest}
        assert set(loaded.bodies) == digests
        for digest, body in loaded.bodies.items():
            assert hashlib.sha256(body.encode()).hexdigest() == digest

    def test_the_same_rules_have_the_same_hash_wherever_they_lie(self, office: Office, tmp_path: Path) -> None:
        other = Office(tmp_path / "elsewhere")
        assert office.load().rulebooks[0].digest == other.load().rulebooks[0].digest

    def test_the_body_does_not_depend_on_the_hashing_of_the_process(self, office: Office) -> None:
        office.put("county", "overrides:", "hosts: [a.cn, b.cn, c.cn, d.cn, e.cn]\noverrides:")
        code = "import sys, pathlib; from tracker.rulebook.load import load\n"
        code += "print(load(pathlib.Path(sys.argv[1]), {}).rulebooks[0].digest)"
        seeds = [
            subprocess.run(
                [sys.executable, "-c", code, str(office.root)],
                env={**os.environ, "PYTHONHASHSEED": seed},
                cwd=REPOSITORY,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed in ("1", "2")
        ]
        assert seeds[0] == seeds[1]

    @pytest.mark.parametrize(
        ("kind", "old", "new"),
        [
            ("pack", "within: 20 days", "within: 21 days"),
            ("pack", "title: 部门预算", "title: 部门预算公开"),
            ("county", "weight: 2", "weight: 3"),
            ("county", "{name: 科技局}", "{name: 科技局, aliases: [科技]}"),
        ],
    )
    def test_another_rule_has_another_hash(self, office: Office, kind: str, old: str, new: str) -> None:
        before = office.load().rulebooks[0].digest
        office.put(kind, old, new)
        assert office.load().rulebooks[0].digest != before

    def test_the_body_holds_the_resolved_rules_and_the_texts(self, office: Office) -> None:
        loaded = office.load()
        body = json.loads(loaded.bodies[loaded.rulebooks[0].digest])
        assert {duty["id"] for duty in body["duties"]} == {"water", "budget"}
        assert body["files"]["rules/packs/works.yaml"] == office.path("pack").read_text(encoding="utf-8")


def test_importing_the_room_does_not_import_the_models() -> None:
    code = "import sys, tracker.rulebook; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=False).returncode == 0


def test_the_zone_of_the_schedule_is_the_county_s(office: Office) -> None:
    office.put("schedule", "zone: Asia/Shanghai", "zone: Asia/Urumqi")
    assert office.load().rulebooks[0].county.zone == ZoneInfo("Asia/Urumqi")


def test_errors_are_one_line_each(office: Office) -> None:
    office.put("county", "weight: 2", "weight: two")
    with pytest.raises(RuleErrors) as failure:
        office.load()
    [error] = failure.value.errors
    assert str(failure.value) == f"{error.path}:{error.line}:{error.column}: {error.message}"


def test_each_duty_and_what_the_county_changes_of_it_has_its_line(office: Office) -> None:
    """A comment or a key of that name elsewhere is none."""
    office.put("county", "overrides: {budget: {weight: 2}}", "overrides:\n  # water: of old\n  budget: {weight: 2}")
    places = office.load().places
    assert places.duties == {
        ("works", "water"): "rules/packs/works.yaml:13",
        ("works", "budget"): "rules/packs/works.yaml:25",
    }
    assert places.overrides_of("small") == {"budget": "rules/counties/small/county.yaml:20"}
