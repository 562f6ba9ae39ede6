"""The child process of a `Worker`: calls functions one after the other, under limits that it cannot lift."""

from __future__ import annotations

import io
import os
import pickle
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import lru_cache
from importlib import import_module
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

try:
    import resource
except ImportError:  # not a POSIX system: nothing bounds the process, which is for trying things out there
    resource = None  # type: ignore[assignment]

#: Virtual memory in bytes.
_MEMORY = 1_500_000_000
_LENGTH = struct.Struct("!Q")
#: What ends the process; whatever else is raised is an answer. A library written in Rust tells that it broke down by
#: an error that is no `Exception`.
_STOPS = (KeyboardInterrupt, SystemExit, GeneratorExit)


def serve() -> None:
    """Serve until the line ends. The last arguments: seconds of processor time for one call; `data` of `confine`."""
    seconds, data = int(sys.argv[-2]), int(sys.argv[-1])
    confine(data)
    line = os.dup(0)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    requests, answers = os.fdopen(line, "rb"), os.fdopen(os.dup(line), "wb")
    while len(head := requests.read(_LENGTH.size)) == _LENGTH.size:
        request = requests.read(_LENGTH.unpack(head)[0])
        allow(seconds)
        answer = _answer(request)
        answers.write(_LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _answer(request: bytes) -> bytes:
    """Pickled: the class of what was raised, "" where nothing was, and the result or the error in words."""
    try:
        function, args, kwargs = pickle.loads(request)  # noqa: S301  (our own, from the parent)
        return _pickled(("", function(*args, **kwargs)))
    except _STOPS:
        raise
    except BaseException as error:
        trace = "".join(traceback.format_exception(error, limit=-8))
        kind = type(error).__name__
        return _pickled((kind, (kind, str(error)[:1000], trace[:10_000])))


def _pickled(value: object) -> bytes:
    out = io.BytesIO()
    _Pickler(out, pickle.HIGHEST_PROTOCOL).dump(value)
    return out.getvalue()


class _Pickler(pickle.Pickler):
    """Writes a dataclass as a call of its class with its fields, and a zone as one with its name: then the classes
    themselves are all that has to be permitted to whoever loads it."""

    def reducer_override(self, value: Any) -> Any:
        kind = type(value)
        if kind is ZoneInfo:
            return ZoneInfo, (value.key,)
        return (kind, _fields(kind)(value)) if is_dataclass(kind) else NotImplemented


@lru_cache(maxsize=100)
def _fields(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    names = [one.name for one in fields(kind)]
    return attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, name) for name in names)


def call_named(module: str, name: str, /, *args: Any) -> Any:
    """Call a function of a module that is imported here, in the child, and not where it is asked for."""
    return getattr(import_module(module), name)(*args)


def confine(data: int = 0) -> None:
    """Bounds that this process cannot lift: memory, no file written, no core. `data`: bytes that it may allocate, of
    which libraries are no part; 0: as its virtual memory allows."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle: it closes our line
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    if data:
        resource.setrlimit(resource.RLIMIT_DATA, (data, data))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def allow(seconds: int) -> None:
    """So much more processor time than was used up to now; beyond it the kernel ends this process."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))
