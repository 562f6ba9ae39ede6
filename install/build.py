#!/usr/bin/env python3
"""Builds what is handed out into dist/: the wheel, its bill of materials, a bundle for a server without network.

    python3 dev.py build              wheel, duban-VERSION.cdx.json (CycloneDX), SHA256SUMS
    python3 dev.py build --bundle     also duban-VERSION-linux-x86_64.tar: all wheels, and a script that installs them

The bundle is for the processor of the machine on which it is made, and for each Python named in `PYTHONS`.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import uuid
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent
DIST = CHECKOUT / "dist"
#: The Pythons for which a bundle has wheels.
PYTHONS = ("3.11", "3.12", "3.13")
#: The C libraries with which they work: glibc 2.17 to 2.34 (PEP 600).
_LINUX = ("manylinux2014", *(f"manylinux_2_{minor}" for minor in (17, 24, 26, 27, 28, 31, 34)))
_BESIDE = ("install.sh", "duban.service", "duban.sysusers", "duban.tmpfiles")
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)(?: ; ([^\\]+?))? \\\n((?:    --hash=.*\n?)+)", re.MULTILINE)


def bill_of_materials(locked: str, version: str) -> str:
    """The packages of a lock file as a bill of materials (CycloneDX 1.6, JSON); the same file gives the same bytes.

    A package's hashes are those of its files for every platform; one of them is installed.
    """
    components = []
    for name, release, marker, hashes in _LOCKED.findall(locked):
        properties = [{"name": "duban:hash", "value": one} for one in re.findall(r"--hash=(\S+)", hashes)]
        if marker:
            properties.append({"name": "duban:marker", "value": marker.strip()})
        purl = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{release}"
        component = {"type": "library", "bom-ref": purl, "name": name, "version": release, "purl": purl}
        components.append({**component, "properties": properties})
    own = f"pkg:pypi/duban@{version}"
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, locked)}",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": own, "name": "duban", "version": version, "purl": own}
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": [one["bom-ref"] for one in components]}],
    }
    return json.dumps(bom, indent=1, ensure_ascii=False) + "\n"


def hashes_of(folder: Path) -> str:
    """The SHA-256 of each file below the folder, as `sha256sum --check` reads them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in files
    )


def _pip(*arguments: str | Path) -> None:
    words = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    if status := subprocess.run(words, cwd=CHECKOUT).returncode:  # noqa: S603 (our own words)
        sys.exit(status)


def build_wheel(target: Path) -> None:
    _pip("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", target, ".")


def collect_wheels(locked: Path, target: Path, python: str) -> None:
    """Download what the lock file names for this Python on Linux."""
    machine, abi = platform.machine(), f"cp{python.replace('.', '')}"
    where = [word for one in _LINUX for word in ("--platform", f"{one}_{machine}")]
    which = ["--python-version", python, "--implementation", "cp", "--abi", abi, "--abi", "abi3", "--abi", "none"]
    options = ["--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--dest", target / abi]
    _pip("download", *options, *which, *where, "-r", locked)


def pack(folder: Path, target: Path) -> None:
    """The folder as a tar file whose bytes do not depend on who packs it, or when."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = member.mtime = 0
        member.uname = member.gname = ""
        member.mode = 0o755 if member.isdir() or member.name.endswith(".sh") else 0o644
        return member

    with tarfile.open(target, "w") as tar:
        tar.add(folder, folder.name, recursive=False, filter=plain)
        for path in sorted(folder.rglob("*")):
            tar.add(path, path.relative_to(folder.parent).as_posix(), recursive=False, filter=plain)


def build_bundle(version: str, wheel: Path, bill: Path, pythons: Sequence[str] = PYTHONS) -> Path:
    """Make the bundle of this wheel, and return its path."""
    name = f"duban-{version}-linux-{platform.machine()}"
    locked = CHECKOUT / "requirements" / "run.txt"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / name
        (folder / "wheels").mkdir(parents=True)
        for python in pythons:
            collect_wheels(locked, folder / "wheels", python)
        shutil.copy(wheel, folder / "wheels")
        for path in (*(HERE / one for one in _BESIDE), locked, bill):
            shutil.copy(path, folder)
        (folder / "VERSION").write_text(version)
        (folder / "SHA256SUMS").write_text(hashes_of(folder))
        target = DIST / f"{name}.tar"
        pack(folder, target)
    return target


def main(extra: Sequence[str]) -> None:
    if set(extra) - {"--bundle"}:
        sys.exit(__doc__)
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    build_wheel(DIST)
    (wheel,) = DIST.glob("*.whl")
    bill = DIST / f"duban-{version}.cdx.json"
    bill.write_text(bill_of_materials((CHECKOUT / "requirements" / "run.txt").read_text("utf-8"), version), "utf-8")
    if "--bundle" in extra:
        build_bundle(version, wheel, bill)
    (DIST / "SHA256SUMS").write_text(hashes_of(DIST))
    for path in sorted(DIST.iterdir()):
        print(f"{path.relative_to(CHECKOUT)}: {path.stat().st_size // 1024:,} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
