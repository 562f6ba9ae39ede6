"""What the worker process does with one file. Whatever a file does to its reader ends with that process at worst."""

from __future__ import annotations

from tracker.evidence.attachments.readers.kinds import kind_of
from tracker.evidence.attachments.readers.registry import reader
from tracker.evidence.attachments.readers.text import STOPS, FileText, Full, Lines, UnreadableFile


def read_text(body: bytes, name: str, content_type: str, limit: int) -> FileText:
    """What a file says; `limit`: in characters."""
    kind, out = kind_of(body, name, content_type), Lines(limit)
    try:
        reader(kind)(body, out)
    except UnreadableFile as reason:
        return FileText(None, str(reason), kind)
    except Full:
        out.lack(f"文字超过 {limit} 字，后面的未读取")
    except MemoryError:
        return FileText(None, "文件读取时占用内存过多，已停止", kind)
    except RecursionError:
        return FileText(None, "文件内部嵌套过深，无法读取", kind)
    except STOPS:
        raise
    except BaseException as error:  # a library's own way to say that the file is broken
        return FileText(None, f"文件已损坏，无法读取（{type(error).__name__}）", kind)
    notes = "；".join(out.lacks)
    return FileText(str(out), notes, kind) if out.size else FileText(None, notes or "文件中没有文字", kind)
