"""Files as people file them, whole and made to deceive: pictures, documents, archives."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

ATTACHED = Path(__file__).parent / "attached"


def png(width: int = 8, height: int = 8, *, extra: bytes = b"") -> bytes:
    """A grey picture, with chunks of ours before its pixels; one that claims to be huge holds few of them."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\x00" + b"\x80" * min(width, 64)) * min(height, 64))
    chunks = chunk(b"IHDR", head) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)


def jpeg(*, notes: bytes = b"taken by a telephone", pixels: bytes = b"\x12\x34\xff\x00\x56\xff\xd0\x78") -> bytes:
    """The frame of a picture as a decoder walks it: notes, tables, one scan with a stuffed byte and a restart."""
    frame = struct.pack(">BHHB3B", 8, 16, 16, 1, 1, 0x11, 0)
    return (
        b"\xff\xd8" + segment(0xFE, notes) + segment(0xC4, b"\x00" + bytes(16)) + segment(0xC0, frame)
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + pixels + b"\xff\xd9"
    )  # fmt: skip


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2) + data


def archive(**members: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def with_member(document: bytes, name: str, content: bytes = b"x") -> bytes:
    """A document with one thing more in it."""
    out = BytesIO(document)
    with zipfile.ZipFile(out, "a") as made:
        made.writestr(name, content)
    return out.getvalue()


def pdf(catalogue: bytes = b"", *objects: bytes) -> bytes:
    """One empty page, with entries of ours in the catalogue."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        *objects,
    ]
    out, places = b"%PDF-1.5\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + table
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(out))
    )  # fmt: skip


def attached(name: str) -> bytes:
    return (ATTACHED / name).read_bytes()


def packed(objects: bytes) -> bytes:
    """Objects packed together, as PDF writers do since version 1.5."""
    data = zlib.compress(objects)
    return b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(data) + data + b"\nendstream"


def relation(kind: str, target: str) -> bytes:
    """What a part of an Office file draws upon outside it."""
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}" '
        'TargetMode="External"/></Relationships>'
    ).encode()
