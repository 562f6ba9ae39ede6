"""Values for `${NAME}` in schedule.yaml, from the environment, systemd's credentials, or a file of their own."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from tracker.core.values.message import Message

#: Beside schedule.yaml: a line NAME=VALUE for each secret, as in an environment file of systemd.
SECRETS_FILE = "secrets.env"
#: The folder of systemd's credentials (LoadCredential=NAME:FILE): a file a name.
CREDENTIALS = "CREDENTIALS_DIRECTORY"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Variables(Mapping[str, str]):
    """The values by name; what stands in several places is taken from the first. `fault`: why the file is not read."""

    def __init__(self, root: Path, environ: Mapping[str, str]) -> None:
        self._environ = environ
        folder = environ.get(CREDENTIALS, "")
        self._credentials = Path(folder) if folder else None
        self._file, self.fault = _read_file(root / SECRETS_FILE)

    def __getitem__(self, name: str) -> str:
        if value := self._environ.get(name):
            return value
        if self._credentials is not None and _NAME.fullmatch(name):
            try:
                return (self._credentials / name).read_text("utf-8").rstrip("\r\n")
            except (OSError, ValueError):
                pass
        return self._file[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._environ, **self._file})

    def __len__(self) -> int:
        return len({**self._environ, **self._file})


def _read_file(path: Path) -> tuple[dict[str, str], Message | None]:
    """The values in the file, or why it is not read. What stands in it is not repeated."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            return {}, Message(
                "{path}: other users can read it (mode {mode}) and it is not used: chmod 600 {path}",
                path=path,
                mode=f"{mode:03o}",
            )
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}, None
    except OSError as error:
        return {}, Message(
            "{path}: {why}: let the user that runs duban own it (chown), with mode 600", path=path, why=error.strerror
        )
    except ValueError:
        return {}, Message("{path}: not UTF-8: write it anew", path=path)
    values = {}
    for number, line in enumerate(lines, 1):
        name, separator, value = (part.strip() for part in line.partition("="))
        if not name or name.startswith("#"):
            continue
        if not separator or not _NAME.fullmatch(name):
            return {}, Message("{path}:{number}: write NAME=VALUE", path=path, number=number)
        is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        values[name] = value[1:-1] if is_quoted else value
    return values, None
