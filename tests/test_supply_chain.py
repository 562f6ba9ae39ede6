"""What is delivered can be checked: a bill of materials names all that is installed, a wheel can be built again."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from install.build import bill_of_materials

LOCK = (dev.HERE / "requirements" / "run.txt").read_text("utf-8")


def test_the_bill_of_materials_names_every_package_of_the_lock_and_no_address() -> None:
    text = bill_of_materials(LOCK, "0.1.0")
    bom = json.loads(text)
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    named = [f"{one['name']}=={one['version']}" for one in bom["components"]]
    assert named == re.findall(r"^[^\s#]+==[^\s;]+", LOCK, re.MULTILINE)
    assert sum(len(one["properties"]) for one in bom["components"]) >= LOCK.count("--hash=")
    assert set(bom["dependencies"][0]["dependsOn"]) == {one["purl"] for one in bom["components"]}
    assert "://" not in text
    assert bill_of_materials(LOCK, "0.1.0") == text


def test_what_the_tests_take_from_npm_is_held_by_its_hash_and_names_no_registry() -> None:
    lock = json.loads((dev.HERE / "requirements" / "npm" / "package-lock.json").read_text("utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def built(place: Path, umask: int) -> tuple[str, str]:
    """Name and SHA-256 of the wheel that is built from a copy of the checkout in this folder."""
    ignored = shutil.ignore_patterns("__pycache__", "*.sock", "*.db*")
    for name in ("tracker", "notifications", "rules"):
        shutil.copytree(dev.HERE / name, place / name, ignore=ignored, copy_function=shutil.copy)
    for name in ("pyproject.toml", "schedule.yaml", "README.md", "LICENSE"):
        shutil.copy(dev.HERE / name, place / name)
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    made = subprocess.run(
        [sys.executable, "-c", code, str(place)], cwd=place, capture_output=True, text=True, check=True, umask=umask,
        env={key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"},
    )  # fmt: skip
    name = made.stdout.split()[-1]
    return name, hashlib.sha256((place / name).read_bytes()).hexdigest()


@pytest.mark.nightly
def test_two_builds_of_the_wheel_are_equal(tmp_path: Path) -> None:
    """Whenever they are built, in whatever folder, whoever builds them."""
    places = [tmp_path / "one", tmp_path / "two" / "deeper"]
    for place in places:
        place.mkdir(parents=True)
    first, second = built(places[0], 0o022), built(places[1], 0o077)
    assert first == second
