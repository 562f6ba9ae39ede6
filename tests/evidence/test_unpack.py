"""Unpacking what a server packed: whole, bounded, and never more than was allowed, whatever bytes come."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.evidence.fetch.unpack import ACCEPTED, BrokenPacking, CannotUnpack, TooLarge, Unpacker

BODIES = [b"", b"x", "样例县环境保护局".encode() * 3000, bytes(range(256)) * 300, b"0" * 1_000_000]


def _bare(body: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(body) + machine.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress, "deflate": zlib.compress, "DEFLATE": _bare, "identity": bytes,
    "deflate, gzip": lambda body: gzip.compress(zlib.compress(body)),
    "x-gzip": lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:]) + b"\0" * 9,
}  # fmt: skip


def unpack(encoding: str, packed: bytes, *, step: int = 1 << 20, limit: int = 2_000_000) -> bytes:
    unpacker = Unpacker(encoding, limit)
    pieces = [piece for at in range(0, len(packed), step) for piece in unpacker.feed(packed[at : at + step])]
    unpacker.end(empty=not packed)
    return b"".join(pieces)


@pytest.mark.parametrize("step", [1, 7, 1 << 20])
@pytest.mark.parametrize("kind", PACKERS)
def test_what_was_packed_comes_out_in_whatever_pieces_it_came(kind: str, step: int) -> None:
    for body in BODIES:
        packed = PACKERS[kind](body)
        if len(packed) < 20_000 or step > 1:
            assert unpack(kind, packed, step=step) == body


@pytest.mark.parametrize("kind", [kind for kind in PACKERS if kind != "identity"])
def test_a_bomb_is_cut_off_and_a_torn_end_is_noticed(kind: str) -> None:
    packed = PACKERS[kind](b"0" * 1_000_000)
    with pytest.raises(TooLarge):
        unpack(kind, packed, limit=999_999)
    if kind != "x-gzip":
        with pytest.raises(BrokenPacking):
            unpack(kind, packed[: len(packed) // 2])


@pytest.mark.parametrize("word", ["zstd", "br", "compress", "gzip, gzip, gzip", "sdch"])
def test_what_is_not_read_is_neither_advertised_nor_guessed_at(word: str) -> None:
    assert word not in ACCEPTED
    with pytest.raises(CannotUnpack):
        Unpacker(word, 1)


@given(st.binary(max_size=3000), st.sampled_from(["gzip", "deflate", "gzip, deflate", ""]))
def test_any_bytes_come_to_an_end(packed: bytes, kind: str) -> None:
    with suppress(BrokenPacking, TooLarge):
        assert len(unpack(kind, packed, limit=10_000)) <= 10_000


@given(st.binary(max_size=400), st.integers(0, 200))
def test_any_bytes_behind_a_true_head_come_to_an_end(rubbish: bytes, kept: int) -> None:
    with suppress(BrokenPacking, TooLarge):
        unpack("gzip", gzip.compress(b"x" * 5000)[:kept] + rubbish, limit=10_000)
