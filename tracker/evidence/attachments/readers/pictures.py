"""Pictures looked through from the first byte to the last: JPEG (ITU-T T.81, annex B) and PNG (ISO/IEC 15948)."""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO

from PIL import Image

from tracker.evidence.attachments.readers.text import Unfit

#: More than a page scanned at 1200 dpi: pixels.
_MOST = 150_000_000
#: The next marker after compressed data: neither a stuffed byte nor a restart.
_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
_SCRIPT = re.compile(rb"<(?:script|\?php|html)[\s>]", re.IGNORECASE)
_EOI, _SOS = 0xD9, 0xDA
#: Frames, but for the tables that lie between them (DHT, JPG, DAC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Cameras put a second picture, a film or their own notes behind the first: so many of them at most.
_BEHIND = 8


def jpeg(body: bytes) -> None:
    """Raises `Unfit` where it is not a whole picture, or not only that."""
    end = 0
    for _ in range(_BEHIND):
        end = _one_jpeg(body, end)
        rest = body[end:].lstrip(b"\x00\r\n\t ")
        if not rest.startswith(b"\xff\xd8\xff"):
            break
        end = len(body) - len(rest)
    _only_notes(rest)


def _only_notes(rest: bytes) -> None:
    """What follows the last picture: nothing, a moving picture, or the notes of a Samsung telephone."""
    film = b"ftyp" in rest[:8]  # its length before that may begin with zeros
    if rest and not film and not rest.endswith(b"SEFT"):
        raise Unfit(f"{len(rest)} bytes follow the picture, which may be another file: save it anew as JPEG")
    if _SCRIPT.search(rest):
        raise Unfit("a program follows the picture")


def _one_jpeg(body: bytes, place: int) -> int:
    """Where the picture that begins at `place` ends."""
    framed = scanned = False
    at = place + 2
    while True:
        marker, at = _marker(body, at)
        if marker == _EOI:
            break
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue
        size = int.from_bytes(body[at : at + 2])
        segment = body[at + 2 : at + size]
        if size < 2 or at + size > len(body):
            raise Unfit("it is a JPEG picture that is not whole")
        if _SCRIPT.search(segment):
            raise Unfit("a program stands among the notes of the picture: save it anew as JPEG")
        at += size
        if marker in _FRAMES:
            framed = True
            _check_size(*struct.unpack(">HH", segment[1:5].rjust(4, b"\x00")))
        elif marker == _SOS:
            scanned = True
            found = _MARKER.search(body, at)
            if found is None:
                raise Unfit("it is a JPEG picture that is not whole: it breaks off")
            at = found.start()
    if not framed or not scanned:
        raise Unfit("it begins like a JPEG picture and holds none")
    return at


def _marker(body: bytes, at: int) -> tuple[int, int]:
    while body[at : at + 2] == b"\xff\xff":
        at += 1
    if at + 2 > len(body) or body[at] != 0xFF:
        raise Unfit("it begins like a JPEG picture and is none, or is not whole")
    return body[at + 1], at + 2


def png(body: bytes) -> None:
    """Raises `Unfit` where it is not a whole picture, or not only that."""
    stream = BytesIO(body)
    try:
        with Image.open(stream, formats=["PNG"]) as picture:
            _check_size(picture.height, picture.width)
            picture.load()
    except Image.DecompressionBombError:
        raise Unfit("it is a picture of too many pixels: scan it coarser") from None
    except (OSError, SyntaxError, ValueError, struct.error, zlib.error) as error:
        raise Unfit(f"it is a PNG picture that is broken, or not whole ({error})") from None
    read = stream.tell()  # up to the name of the last chunk, which its checksum follows
    if body[read - 4 : read] != b"IEND" or len(body) < read + 4:
        raise Unfit("it is a PNG picture that is not whole: it breaks off")
    if rest := body[read + 4 :].strip(b"\x00\r\n\t "):
        raise Unfit(f"{len(rest)} bytes follow the picture, which may be another file: save it anew as PNG")
    if _SCRIPT.search(body):
        raise Unfit("a program stands among the notes of the picture: save it anew as PNG")


def _check_size(height: int, width: int) -> None:
    if not height or not width:
        raise Unfit("it is a picture without size")
    if height * width > _MOST:
        raise Unfit(f"it is a picture of {width} × {height} pixels: scan it coarser")
