"""The process that opens files: one after the other from its standard input, under limits it cannot lift.

A request is a line of JSON (`size`, `name`, `type`, `limit`) and that many bytes; an answer is a line of JSON
(`kind`, `text`, `note`). Whatever a file does to its reader happens here, and ends with this process at worst.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys

from tracker.evidence.files.kinds import kind_of
from tracker.evidence.files.registry import reader
from tracker.evidence.files.text import STOPS, Full, Lines, Unreadable

#: Virtual memory, and what the libraries may write (nothing): bytes.
_MEMORY = 1_500_000_000


def main() -> None:
    """Serve until the input ends. The first argument: seconds of processor time for one file."""
    seconds = int(sys.argv[1])
    confine()
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # what a library prints is no answer
    while line := requests.readline():
        asked = json.loads(line)
        body = requests.read(asked["size"])
        if len(body) < asked["size"]:
            return
        allow(seconds)
        proof = asked.get("task") == "inspect"
        found = inspected(body, asked["name"]) if proof else answer(body, asked["name"], asked["type"], asked["limit"])
        said = json.dumps(found, ensure_ascii=False)
        answers.write(said.encode(errors="replace") + b"\n")
        answers.flush()


def answer(body: bytes, name: str, content_type: str, limit: int) -> dict[str, str | None]:
    """What a file says. `text` None: `note` says why; both: `note` names what could not be read of it."""
    kind = kind_of(body, name, content_type)
    out = Lines(limit)
    try:
        reader(kind)(body, out)
    except Unreadable as reason:
        return {"kind": kind, "text": None, "note": str(reason)}
    except Full:
        out.lack(f"文字超过 {limit} 字，后面的未读取")
    except MemoryError:
        return {"kind": kind, "text": None, "note": "文件读取时占用内存过多，已停止"}
    except RecursionError:
        return {"kind": kind, "text": None, "note": "文件内部嵌套过深，无法读取"}
    except STOPS:
        raise
    except BaseException as error:  # a library's own way to say that the file is broken
        return {"kind": kind, "text": None, "note": f"文件已损坏，无法读取（{type(error).__name__}）"}
    text = str(out)
    if not text:
        return {"kind": kind, "text": None, "note": "；".join(out.lacks) or "文件中没有文字"}
    return {"kind": kind, "text": text, "note": "；".join(out.lacks)}


def inspected(body: bytes, name: str) -> dict[str, str | None]:
    """What a file is that may be filed as a proof; `note`, in English, says why it may not."""
    from tracker.evidence.files.proofs import inspect
    from tracker.evidence.files.unfit import Unfit

    try:
        return {"kind": inspect(body, name), "text": None, "note": ""}
    except Unfit as reason:
        return {"kind": "", "text": None, "note": str(reason)}
    except STOPS:
        raise
    except BaseException as error:
        return {"kind": "", "text": None, "note": f"it is broken: nothing could be made of it ({type(error).__name__})"}


def confine() -> None:
    """Bounds that this process cannot lift: memory, no file written, no core."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle: it closes our input


def allow(seconds: int) -> None:
    """So much more processor time than was used up to now; beyond it the kernel ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))
