#!/usr/bin/env python3
"""Sets up what a checkout needs (a venv with pinned, hashed dependencies) and runs it.

    python3 dev.py demo       the county in a box
    python3 dev.py test       the test suite, and its ten slowest tests
    python3 dev.py check      lint, types, contracts, then the test suite and the wheel (what CI runs)
    python3 dev.py nightly    up to an hour: the test suite with what is left out there, broken input
    python3 dev.py campaign   broken input for each READER of foreign bytes, half an hour each (--minutes); goes on
    python3 dev.py coverage   the test suite, and which lines and branches no test reaches
    python3 dev.py compare    a year of four counties beside an earlier commit: what is decided differently
    python3 dev.py house      rooms and their lines (of one ROOM: its files), names that stand twice, the longest files
    python3 dev.py mutants    boundary mutants that no test notices; words choose files, all of them take a night;
                              `drawn`: mutants drawn by seed, which goes on where it stood
    python3 dev.py docs       the documentation as a site that needs no network: build/site/index.html
    python3 dev.py lock       renew requirements/*.txt from pyproject.toml
    python3 dev.py build      wheel, hashes and bill of materials into dist/; --bundle: for a server without network too
    python3 dev.py release    VERSION: store a database of it for the tests, freeze its revisions, say what else to do

Only the standard library is needed to start; what is installed stays in .venv/ beside this file.
"""

from __future__ import annotations

import hashlib
import lzma
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12")
PIP = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet")
# The lock names everything, so nothing else is looked for: resolving again, pip takes the newest release of what one
# of them asks for with an extra (`coverage[toml]`), and refuses it for want of a hash the day a newer one is out.
LOCKED = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "-r")
MIGRATIONS = HERE / "tracker" / "store" / "migrations"
EDITED = (
    "this revision was edited: a database that ran it does not get the change. Undo that, and add a revision "
    '(python -m tracker.store.migrations URL "what it adds")'
)
#: Minutes of processor time that a night has for each reader of broken input: with the suite, which takes some eighty,
#: they fit two cores in an hour. On a slower machine broken input ends after the second number of minutes by the clock.
READER_MINUTES, INPUT_WITHIN = "0.75", "45"
#: Bytes that the tests' temporary files may take at once.
FILES_OF_TESTS = 4 << 30

# Compiled modules make every start several times quicker; some machines forbid them by default.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def run(*command: str | Path, cwd: Path = HERE, env: dict[str, str] | None = None) -> None:
    status = subprocess.run([str(one) for one in command], cwd=cwd, env=env).returncode
    if status:
        sys.exit(status)


def works(python: str) -> bool:
    """Whether the command is a Python that really starts (a version manager's shim may not)."""
    if not shutil.which(python):
        return False
    probe = subprocess.run([python, "-c", "import venv, ssl"], capture_output=True)
    return probe.returncode == 0


def oldest_python() -> str:
    """This interpreter if it is new enough, else the first newer one; python3.11 is preferred."""
    if works("python3.11"):
        return "python3.11"
    if sys.version_info >= OLDEST:
        return sys.executable
    for name in reversed(NEWER):
        if works(name):
            return name
    sys.exit("Duban needs Python 3.11 or newer; none was found on the PATH")


def bin_of(venv: Path) -> Path:
    return venv / ("Scripts" if os.name == "nt" else "bin")


def environment(name: str, requirements: str) -> Path:
    """The venv's Python, made or renewed when the pinned requirements changed."""
    venv, wanted = HERE / name, HERE / "requirements" / requirements
    stamp = venv / f".{requirements}.sha256"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    python = bin_of(venv) / "python"
    if stamp.exists() and stamp.read_text() == digest:
        return python
    if not python.exists():
        run(oldest_python(), "-m", "venv", venv)
    run(python, *PIP, *LOCKED, wanted)
    stamp.write_text(digest)
    return python


def npm_packages() -> None:
    """Put what the tests take from npm into .venv/npm, where npm is installed; else those tests are skipped."""
    locked, target = HERE / "requirements" / "npm", HERE / ".venv" / "npm"
    stamp, digest = target / ".sha256", hashlib.sha256((locked / "package-lock.json").read_bytes()).hexdigest()
    if not shutil.which("npm") or (stamp.exists() and stamp.read_text() == digest):
        return
    target.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(locked / name, target)
    command = (
        "npm",
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel",
        "error",
        "--fetch-retries",
        "1",
    )
    if subprocess.run(command, cwd=target).returncode:
        print("npm could not install what requirements/npm names; the tests that need it are skipped", flush=True)
        return
    stamp.write_text(digest)


def demo(extra: list[str]) -> None:
    os.chdir(HERE)
    python = environment(".venv", "run.txt")
    os.execv(python, [str(python), "-m", "tracker", "demo", *extra])


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long it took, where it comes to its end."""
    began = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - began:.0f} s", flush=True)


def pytest(*options: str) -> tuple[str | Path, ...]:
    """The suite on every core: what one worker has left at the end another takes over."""
    python = environment(".venv", "dev.txt")
    npm_packages()
    side_by_side = ("-n", "auto", "--maxprocesses", "8", "--dist", "worksteal")
    return python, "-m", "pytest", *side_by_side, *options


@contextmanager
def memory_for_files() -> Iterator[dict[str, str]]:
    """The environment in which temporary files lie in memory, where the system offers enough of it."""
    offered = Path("/dev/shm")
    if not offered.is_dir() or not os.access(offered, os.W_OK) or shutil.disk_usage(offered).free < FILES_OF_TESTS:
        yield dict(os.environ)
        return
    with tempfile.TemporaryDirectory(prefix="duban-", dir=offered, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # commands tried as another user come through, and list nothing
        yield {**os.environ, "TMPDIR": folder}


def test(extra: list[str]) -> None:
    with memory_for_files() as here:
        run(*pytest("--durations=10", *extra), env=here)


def coverage(extra: list[str]) -> None:
    with memory_for_files() as here:
        run(*pytest("--cov", "--cov-report=term", *extra), env=here)


def check(extra: list[str]) -> None:
    with timed("set-up"):
        environment(".venv", "dev.txt")
    with timed("lint"):
        lint()
    with ThreadPoolExecutor(1) as beside, timed("tests and wheel"):
        built = beside.submit(wheel, [oldest_python()])  # it mostly waits for downloads
        test(extra)
        built.result()


def unfrozen_revisions(folder: Path = MIGRATIONS) -> list[str]:
    """A sentence for each revision of the database that is not as it was frozen, with what to do instead."""
    frozen = dict(line.split()[::-1][:2] for line in (folder / "frozen.txt").read_text().splitlines())
    scripts = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("versions/*.py")}
    edited = [name for name in sorted(frozen) if scripts.get(name) != frozen[name]]
    new = sorted(scripts.keys() - frozen.keys())
    return [f"{name}: {EDITED}" for name in edited] + [
        f"{name}: a new revision; once it is right, freeze it: add `ID {scripts[name]} {name}` to frozen.txt"
        for name in new
    ]


def lint() -> None:
    if wrong := unfrozen_revisions():
        sys.exit("\n".join(wrong))
    tools = bin_of(HERE / ".venv")
    with ThreadPoolExecutor() as beside:
        types = beside.submit(run, tools / "mypy")
        run(tools / "ruff", "check", ".")
        run(tools / "ruff", "format", "--check", ".")
        run(tools / "lint-imports", "--no-cache")
        types.result()


def nightly(extra: list[str]) -> None:
    """Each night draws anew; the number that is printed draws the same again."""
    seed = extra[0] if extra else str(random.randrange(1_000_000))
    python = environment(".venv", "dev.txt")
    print(f"seed {seed}", flush=True)
    parts = (
        pytest("--durations=25", "-m", "", "--hypothesis-profile=nightly", f"--hypothesis-seed={seed}"),
        (python, "-m", "fuzz.campaign", "--minutes", READER_MINUTES, "--within", INPUT_WITHIN, "--seed", seed),
        (python, "-m", "tests.sites", "--to", "build/accuracy.md"),
    )
    with timed("nightly"), memory_for_files() as here, ThreadPoolExecutor() as beside:
        running = [beside.submit(run, *part, env={**here, "PYTHONPATH": str(HERE)}) for part in parts]
        running.append(beside.submit(wheel, newer_pythons()))
    for part in running:
        part.result()


def campaign(extra: list[str]) -> None:
    run(environment(".venv", "dev.txt"), "-m", "fuzz.campaign", *extra)


def compare(extra: list[str]) -> None:
    run(environment(".venv", "dev.txt"), "-m", "tests.compare.compare", *extra)


def house(extra: list[str]) -> None:
    run(sys.executable, "tests/house.py", *extra)


def mutants(extra: list[str]) -> None:
    python = environment(".venv", "dev.txt")
    if extra[:1] == ["drawn"]:
        run(python, "-m", "tests.mutants.drawn", *extra[1:])
    else:
        run(python, "-m", "tests.mutants.run", *extra)


def newer_pythons() -> list[str]:
    """The newest Python on the machine, where it is not the one with which all else is tested."""
    return [name for name in NEWER if works(name) and name != oldest_python()][:1]


def wheel(pythons: list[str]) -> None:
    """Installed as the README says, it carries its data: `duban init && duban check` work in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        for python in pythons:
            smoke(python, Path(folder) / python.replace("/", "-"))


def installing() -> list[str]:
    """The README's commands that install from a clone, after the clone."""
    section = (HERE / "README.md").read_text("utf-8").partition("\n## Installing")[2]
    block = section.partition("```sh\n")[2].partition("```")[0]
    lines = [line.partition("  #")[0].strip() for line in block.splitlines()]
    if not lines or not lines[0].startswith("git clone "):
        sys.exit("README.md: the section on installing has no block of commands that begins with a clone")
    return lines[1:]


def smoke(python: str, place: Path) -> None:
    for line in installing():
        words = line.replace("/opt/duban", str(place / "venv")).split()
        run(python if words[0] == "python3" else words[0], *words[1:], env={**os.environ, "PIP_QUIET": "1"})
    empty = place / "empty"
    empty.mkdir()
    duban = bin_of(place / "venv") / "duban"
    outside = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    for command in (("init",), ("check",), ("once", "--now", "2015-03-02T09:00"), ("status", "--format", "csv")):
        shown = subprocess.run(
            [str(duban), *command], cwd=empty, env=outside, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        print(f"{python}: duban {' '.join(command)} -> {shown.returncode}")
        if shown.returncode not in (0, 1):
            sys.exit(shown.stdout + shown.stderr)


def docs(extra: list[str]) -> None:
    run(environment(".venv", "dev.txt"), "docs/website/build.py", *extra)


def lock(_extra: list[str]) -> None:
    """Needs `uv` and `npm`. The locks have hashes and no address: they must not tie an office to one registry."""
    run("uv", "lock", "--upgrade")
    common = (
        "uv",
        "export",
        "--quiet",
        "--format",
        "requirements-txt",
        "--no-emit-project",
        "--no-header",
        "--no-annotate",
    )
    run(*common, "--no-dev", "--extra", "postgres", "--output-file", "requirements/run.txt")
    run(*common, "--all-extras", "--output-file", "requirements/dev.txt")
    npm = (
        "npm",
        "install",
        "--package-lock-only",
        "--omit-lockfile-registry-resolved",
        "--ignore-scripts",
        "--no-audit",
    )
    run(*npm, cwd=HERE / "requirements" / "npm")


def build(extra: list[str]) -> None:
    run(environment(".venv", "dev.txt"), "install/build.py", *extra)


#: The last day of the year that a stored database has lived: some weeks, so that it stays small.
LIVED_UNTIL = "2015-01-20"


def release(extra: list[str]) -> None:
    """Stores the database that this version makes, so that every later version is tested to upgrade it."""
    if len(extra) != 1:
        sys.exit("python3 dev.py release VERSION")
    if wrong := unfrozen_revisions():
        sys.exit("\n".join(wrong))
    stored = HERE / "tests" / "store" / "released" / f"{extra[0]}.sql.xz"
    if stored.exists():
        sys.exit(f"{stored} is stored already: a released version never changes")
    python = environment(".venv", "run.txt")
    with tempfile.TemporaryDirectory() as folder:
        run(python, "-m", "tracker", "demo", "--speed", "0", "--until", LIVED_UNTIL, "--dir", folder)
        with closing(sqlite3.connect(Path(folder) / "duban.db")) as connection:
            text = "\n".join(connection.iterdump())
    packed = lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)
    stored.write_bytes(packed)
    print(f"{stored}: {len(packed) // 1024} kB")
    print(
        f"still to do: version = \"{extra[0]}\" in pyproject.toml; CHANGELOG.md: the part 'Unreleased' becomes that of "
        f"{extra[0]}; python3 dev.py check; commit with {stored.name}; git tag v{extra[0]}"
    )


if __name__ == "__main__":
    commands = (demo, test, check, nightly, campaign, coverage, compare, house, mutants, docs, lock, build, release)
    actions = {command.__name__: command for command in commands}
    if len(sys.argv) < 2 or sys.argv[1] not in actions:
        sys.exit(__doc__)
    actions[sys.argv[1]](sys.argv[2:])
