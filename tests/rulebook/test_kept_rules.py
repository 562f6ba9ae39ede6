"""Rules that were compiled before are used for the files they were made from, and for nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import tracker
from tests.rulebook.rule_office import Office
from tracker.rulebook import loader
from tracker.rulebook.cache import KEPT
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.loader import load_rules

NOTHING: Mapping[str, str] = {}


@pytest.fixture(autouse=True)
def _compiled_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests get rules that another folder's files gave before, with that folder in the lines of examples."""
    monkeypatch.setattr(loader, "load_rules", load_rules)


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def outcome(office: Office, environ: Mapping[str, str], kept: Path | None, *, apart: bool = False) -> object:
    """The rules as they load, or what is wrong with them."""
    try:
        return load(office.root, environ, kept=kept, apart=apart)
    except RuleErrors as failure:
        return failure.errors


def files(cache: Path) -> list[Path]:
    """What is kept in the folder."""
    return sorted(cache.glob("rules-*"))


def marked(cache: Path) -> None:
    """Change a text in what is kept, as whole as before: whoever reads the file shows it."""
    [file] = files(cache)
    body = file.read_bytes().partition(b"\n")[2]
    body = body.replace(json.dumps("科技局").encode(), json.dumps("marked").encode())
    file.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def names(loaded: object) -> set[str]:
    assert isinstance(loaded, Loaded)
    return {department.name for department in loaded.rulebooks[0].county.departments.values()}


def test_the_second_time_nothing_is_compiled(office: Office, cache: Path) -> None:
    first = load(office.root, NOTHING, kept=cache)
    assert load(office.root, NOTHING, kept=cache) == first
    code = "import os, sys\nfrom pathlib import Path\nfrom tracker.rulebook.load import load\n"
    code += f"load(Path({str(office.root)!r}), os.environ, kept=Path({str(cache)!r}))\n"
    code += "print(sorted({'yaml', 'pydantic', 'chinese_calendar'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_what_is_kept_is_what_is_read(office: Office, cache: Path) -> None:
    load(office.root, NOTHING, kept=cache)
    marked(cache)
    assert "marked" in names(load(office.root, NOTHING, kept=cache))


def edited(kind: str, old: str, new: str) -> Callable[[Office], None]:
    return lambda office: office.put(kind, old, new)


def add_year(office: Office) -> None:
    path = office.path("calendar")
    text = path.read_text("utf-8").replace("2015", "2019")
    path.with_name("2019.yaml").write_text(text, "utf-8")


def another_county(office: Office) -> None:
    folder = office.root / "rules" / "counties" / "second"
    folder.mkdir()
    text = office.path("county").read_text("utf-8").replace("county: small", "county: second")
    (folder / "county.yaml").write_text(text, "utf-8")


def empty_county(office: Office) -> None:
    (office.root / "rules" / "counties" / "second").mkdir()


def templates(office: Office) -> None:
    (office.path("county").parent / "templates").mkdir()


@pytest.mark.parametrize(
    "change",
    [
        edited("county", "环境保护局", "环保局"),
        edited("pack", "pack: works", "pack: works # the same"),
        edited("pack", "pack: works", "pack: wroks"),
        edited("schedule", "kind: overdue", "kind: late"),
        lambda office: office.path("acts").unlink(),
        lambda office: office.path("calendar").unlink(),
        lambda office: office.path("schedule").unlink(),
        lambda office: office.path("pack").rename(office.path("pack").with_name("other.yaml")),
        lambda office: os.truncate(office.path("pack"), 1 << 40),
        lambda office: os.mkfifo(office.path("pack").with_name("pipe.yaml")),
        add_year,
        another_county,
        empty_county,
        templates,
    ],
)
def test_after_any_change_of_the_files_they_are_read(
    office: Office, cache: Path, change: Callable[[Office], None]
) -> None:
    load(office.root, NOTHING, kept=cache)
    change(office)
    now = outcome(office, NOTHING, None)
    assert outcome(office, NOTHING, cache) == now
    assert outcome(office, NOTHING, cache) == now


def test_a_file_in_the_place_of_an_empty_folder_is_noticed(office: Office, cache: Path) -> None:
    folder = office.path("calendar").parent
    office.path("calendar").unlink()
    load(office.root, NOTHING, kept=cache)
    folder.rmdir()
    folder.write_text("", "utf-8")
    assert outcome(office, NOTHING, cache) == outcome(office, NOTHING, None)


SECRETIVE = 'channels:\n  group: {kind: wecom, url: "${HOOK}"}\n'
SITE = "http://127.0.0.1:1/"


def with_variables(office: Office) -> None:
    """One in the county's file, and one in the place of a secret."""
    text = office.path("county").read_text("utf-8").replace("环境保护局", '"${NAME:-环境保护局}"')
    office.path("county").write_text(text, "utf-8")
    office.path("schedule").write_text(office.path("schedule").read_text("utf-8") + SECRETIVE, "utf-8")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"NAME": "环保局"}),
        ({"NAME": "环保局"}, {}),
        ({"NAME": "环保局"}, {"NAME": "局"}),
        ({"HOOK": SITE}, {}),
        ({}, {"HOOK": SITE}),
        ({"HOOK": SITE}, {"HOOK": "no address"}),
        ({"HOOK": SITE}, {"HOOK": "http://127.0.0.1:2/"}),
    ],
)
def test_another_environment_gives_other_rules(
    office: Office, cache: Path, before: dict[str, str], after: dict[str, str]
) -> None:
    with_variables(office)
    for environ in (before, after, before):
        kept, compiled = outcome(office, environ, cache), outcome(office, environ, None)
        assert kept == compiled
        assert revealed(kept) == revealed(compiled)


def revealed(value: object) -> Any:
    """What the channel's address is, where it is set."""
    if not isinstance(value, Loaded):
        return None
    url = value.schedule.channels["group"].url
    return url.unset or url.reveal()


def test_no_secret_is_written(office: Office, cache: Path) -> None:
    with_variables(office)
    load(office.root, {"HOOK": f"{SITE}hidden7Q"}, kept=cache)
    [file] = files(cache)
    assert b"hidden7Q" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: file.write_bytes(file.read_bytes()[:70]),
        lambda file: file.write_bytes(file.read_bytes().replace(b"huanbao", b"huanbbo", 1)),
        lambda file: file.write_bytes(b"\xff" * 100),
        lambda file: (file.unlink(), file.mkdir()),
    ],
)
def test_a_damaged_file_is_passed_over(office: Office, cache: Path, damage: Callable[[Path], object]) -> None:
    compiled = load(office.root, NOTHING, kept=cache)
    [file] = files(cache)
    damage(file)
    assert load(office.root, NOTHING, kept=cache) == compiled
    assert load(office.root, NOTHING, kept=cache) == compiled


def test_where_nothing_can_be_kept_they_are_compiled(office: Office, cache: Path) -> None:
    place = cache / "file"
    place.write_text("", "utf-8")
    for folder in (place, cache / "no" / "such"):
        assert load(office.root, NOTHING, kept=folder) == load(office.root, NOTHING)


def test_defects_are_kept_nowhere(office: Office, cache: Path) -> None:
    office.put("county", "start: 2015-01-01", "start: 2015-13-01")
    assert outcome(office, NOTHING, cache) == outcome(office, NOTHING, None)
    assert files(cache) == []


class Overtaken(dict[str, str]):
    """An environment; whoever looks into it has a pack changed behind his back."""

    def __init__(self, change: Callable[[], object]) -> None:
        super().__init__()
        self.change = change

    def get(self, name: str, default: Any = None) -> Any:
        self.change()
        return super().get(name, default)


def test_files_that_changed_meanwhile_are_not_taken_for_what_was_compiled(office: Office, cache: Path) -> None:
    with_variables(office)
    pack = office.path("pack")
    before, after = pack.read_bytes(), pack.read_bytes() + b"\n"
    load(office.root, Overtaken(lambda: pack.write_bytes(after)), kept=cache)
    assert files(cache) == []
    again = Overtaken(lambda: (pack.write_bytes(before), pack.write_bytes(after), os.utime(pack, (1, 1))))
    load(office.root, again, kept=cache)
    assert files(cache) == []


def test_only_the_last_ones_are_kept(office: Office, cache: Path) -> None:
    for number in range(KEPT + 2):
        office.put("pack", "pack: works", f"# {number}\npack: works")
        load(office.root, NOTHING, kept=cache)
    assert len(files(cache)) == KEPT


def test_another_version_of_the_program_is_not_asked(
    office: Office, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "elsewhere"
    shutil.copytree(Path(tracker.__file__).parent, other / "tracker", ignore=shutil.ignore_patterns("__pycache__"))
    path = other / "tracker" / "rulebook" / "county.py"
    path.write_text(path.read_text("utf-8").replace("        name=model.name,", '        name="other",'), "utf-8")
    monkeypatch.chdir(other)
    assert load(office.root, os.environ, kept=cache, apart=True).rulebooks[0].county.name == "小县"


def test_what_another_process_compiles_is_not_loaded_here(office: Office) -> None:
    code = "import os, sys; from pathlib import Path; from tracker.rulebook.load import load\n"
    code += f"load(Path({str(office.root)!r}), os.environ, apart=True); sys.exit('pydantic' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=Path(tracker.__file__).parents[1], check=False).returncode == 0
    )


@pytest.mark.parametrize("folder", ["core/law", "core/values", "rulebook"])
def test_the_program_is_all_the_code_that_reads_rules(tmp_path: Path, folder: str) -> None:
    copy = tmp_path / "tracker"
    shutil.copytree(Path(tracker.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    code = "from tracker.rulebook.cache import program; print(program())"
    run = [sys.executable, "-c", code]
    before = subprocess.run(run, cwd=tmp_path, capture_output=True, check=True).stdout
    (copy / folder / "__init__.py").write_text('"""Another version."""\n', "utf-8")
    assert subprocess.run(run, cwd=tmp_path, capture_output=True, check=True).stdout != before


@pytest.mark.parametrize("kept", [True, False])
def test_another_process_compiles_the_same(office: Office, cache: Path, kept: bool) -> None:
    with_variables(office)
    environ = {**os.environ, "HOOK": SITE, "NAME": "环保局"}
    folder = cache if kept else None
    compiled = load(office.root, environ)
    assert load(office.root, environ, kept=folder, apart=True) == compiled
    assert load(office.root, environ, kept=folder, apart=True) == compiled
    assert len(files(cache)) == int(kept)
    office.put("county", "start: 2015-01-01", "start: 2015-13-01")
    assert outcome(office, environ, folder, apart=True) == outcome(office, environ, None)
    without = {name: value for name, value in environ.items() if name != "HOOK"}
    assert outcome(office, without, folder, apart=True) == outcome(office, without, None)
    assert replace(compiled).variables == {"NAME": "环保局"}
