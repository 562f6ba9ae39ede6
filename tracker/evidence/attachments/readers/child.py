"""What the worker process does with one file: its text, or what it is that may be filed.

Whatever a file does to its reader happens there, and ends with that process at worst.
"""

from __future__ import annotations

from tracker.evidence.attachments.readers.kinds import kind_of
from tracker.evidence.attachments.readers.registry import reader
from tracker.evidence.attachments.readers.text import STOPS, Full, Lines, UnreadableFile


def answer(body: bytes, name: str, content_type: str, limit: int) -> dict[str, str | None]:
    """What a file says. `text` None: `note` says why; both: `note` names what could not be read of it."""
    kind = kind_of(body, name, content_type)
    out = Lines(limit)
    try:
        reader(kind)(body, out)
    except UnreadableFile as reason:
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
    from tracker.evidence.attachments.readers.proofs import inspect
    from tracker.evidence.attachments.readers.unfit import Unfit

    try:
        return {"kind": inspect(body, name), "text": None, "note": ""}
    except Unfit as reason:
        return {"kind": "", "text": None, "note": str(reason)}
    except STOPS:
        raise
    except BaseException as error:
        return {"kind": "", "text": None, "note": f"it is broken: nothing could be made of it ({type(error).__name__})"}
