"""The elements around the links of records: which holds most of them, and which holds one alone."""

from __future__ import annotations

from tracker.evidence.page.parsed import Node


class RecordBoxes:
    """The links of records with what stands around them, and which records each of these elements holds."""

    def __init__(self) -> None:
        self.links: list[tuple[int, str]] = []
        self.nodes: dict[int, Node] = {}
        self.around: dict[int, int | None] = {}
        self._climbs: list[list[int]] = []
        self._bits: dict[str, int] = {}
        self._held: dict[int, int] = {}  # a bit for each address
        self._depths: dict[int, int] = {}

    def add(self, node: Node, url: str) -> None:
        held = self._held
        climb: list[int] = []
        current: Node | None = node
        while current is not None and current.tag != "html" and (key := current.mem_id) not in held:
            held[key], self.nodes[key] = 0, current
            if climb:
                self.around[climb[-1]] = key
            climb.append(key)
            current = current.parent
        depth, above = 0, None
        if current is not None and current.mem_id in held:
            above = current.mem_id
            depth = self._depths[above]
        self.around[climb[-1]] = above
        for key in reversed(climb):
            depth += 1
            self._depths[key] = depth
        held[climb[0]] = 1 << self._bits.setdefault(url, len(self._bits))
        self._climbs.append(climb)
        self.links.append((climb[0], url))

    def deepest(self) -> int | None:
        """Return the deepest element that holds four of five records; None where there is no record."""
        for climb in reversed(self._climbs):
            for key in climb:
                if (above := self.around[key]) is not None:
                    self._held[above] |= self._held[key]
        most = max(len(self._bits) * 4 // 5, 1)
        boxes = [key for key, held in self._held.items() if held.bit_count() >= most]
        return max(boxes, key=self._depths.__getitem__, default=None)

    def row(self, link: int, box: int) -> int | None:
        """Return the largest element around a link in the box that holds no other record; None for one outside it."""
        key: int | None = link
        row = None
        while key is not None and key != box:
            row = key if self._held[key].bit_count() == 1 else row
            key = self.around[key]
        return row if key == box else None
