"""Undoing the Content-Encoding of an answer, with a bound: a few bytes may unpack to more than anyone can hold."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

#: Words that servers write where nothing is packed.
_PLAIN = {"", "identity", "none", "binary", "utf-8", "8bit", "7bit"}
#: One on top of the other: a site has no reason for more, an attacker has.
_LAYERS = 2
_PIECE = 65_536


class TooLarge(Exception):
    """Unpacked, it is more than was allowed."""


class CannotUnpack(Exception):
    """Packed in a manner that is not read here; the message is the word the server used for it."""


class BrokenPacking(ValueError):
    """What came is not what its Content-Encoding says, or ends before its end."""


class _Zlib:
    """gzip with its further members, or what servers call deflate: with zlib's head, or, wrongly, bare."""

    def __init__(self, kind: str) -> None:
        self._gzip = kind == "gzip"
        self._machine = zlib.decompressobj(31 if self._gzip else 15)
        self._head = b""  # what came of two bytes that tell how it goes on
        self._begun = self._gzip
        self.finished = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        data, self._head = self._head + data, b""
        if not self._begun:
            if len(data) < 2:
                self._head = data
                return
            self._begun = True
            if data[0] & 0x0F != 8 or int.from_bytes(data[:2], "big") % 31:
                self._machine = zlib.decompressobj(-15)
        while data:
            if self.finished:
                if data == b"\x1f":
                    self._head = data
                    return
                # Padding and rubbish behind the end are left, as browsers leave them; another member is read on.
                if not (self._gzip and data.startswith(b"\x1f\x8b")):
                    return
                self._machine, self.finished = zlib.decompressobj(31), False
            try:
                piece = self._machine.decompress(data, _PIECE)
            except zlib.error as error:
                raise BrokenPacking(str(error)) from None
            if piece:
                yield piece
            self.finished = self._machine.eof
            data = self._machine.unused_data if self.finished else self._machine.unconsumed_tail


#: What may be asked for: what is not read here is not advertised.
ACCEPTED = "gzip, deflate"


class Unpacker:
    """Unpacks one body as it comes. `limit`: bytes of what comes out, raises `TooLarge` beyond."""

    def __init__(self, encoding: str, limit: int) -> None:
        words = [word for one in encoding.lower().split(",") if (word := one.strip()) not in _PLAIN]
        if len(words) > _LAYERS:
            raise CannotUnpack(encoding[:60])
        self._layers = [_layer(word) for word in reversed(words)]
        self._limit = limit
        self._size = 0
        self.packed = bool(words)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What comes out for these bytes, in pieces of bounded size."""
        for piece in self._through(data, 0):
            self._size += len(piece)
            if self._size > self._limit:
                raise TooLarge
            yield piece

    def _through(self, data: bytes, depth: int) -> Iterator[bytes]:
        if depth == len(self._layers):
            yield data
            return
        for piece in self._layers[depth].pieces(data):
            yield from self._through(piece, depth + 1)

    def end(self, *, empty: bool) -> None:
        """Nothing more comes. Raises `BrokenPacking` where the packing had not ended (`empty`: nothing came)."""
        if not empty and not all(layer.finished for layer in self._layers):
            raise BrokenPacking("ends before its end")


def _layer(word: str) -> _Zlib:
    if word not in ("gzip", "x-gzip", "deflate"):
        raise CannotUnpack(word[:60])
    return _Zlib(word.removeprefix("x-"))
