"""Says in Chinese what was found of an occurrence's cells, and how what is missing is to be made good."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.core.law.county import County
from tracker.core.law.duties import Cell, Duty, Every
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import deed_zh, period_zh, proved_by_record, quoted_zh
from tracker.core.values.verdicts import CellState, CellVerdict, Verdict

#: The most titles that a sentence names.
_TITLES = 2


@dataclass(frozen=True, slots=True)
class CellWords:
    """The words for the cells of one occurrence."""

    occurrence: Occurrence
    verdict: Verdict
    duty: Duty
    county: County

    def sentences(self, *states: CellState) -> list[str]:
        """Return a sentence for each cell of these states, each once."""
        return list(dict.fromkeys(self._sentence(verdict, cell) for verdict, cell in self._cells(*states)))

    def requests(self) -> list[str]:
        """Return how what is missing or still open is to be made good, each way once: 在“环境保护”栏目公开."""
        cells = [(verdict, cell) for verdict, cell in self._cells("missing", "open") if cell and not verdict.awaits]
        ways = list(dict.fromkeys(self._request(verdict, cell) for verdict, cell in cells))
        if ways and self.occurrence.deadline.zero_report:
            ways.append("确无应公开内容的，报送零报告")
        return ways

    def _cells(self, *states: CellState) -> list[tuple[CellVerdict, Cell | None]]:
        """Return the cells of these states with their rules; None for one that the rules no longer have."""
        assignment = self.duty.assignment(self.occurrence.department)
        cells = {cell.name: cell for cell in assignment.cells} if assignment else {}
        return [(cell, cells.get(cell.cell)) for cell in self.verdict.cells if cell.state in states]

    def _sentence(self, verdict: CellVerdict, cell: Cell | None) -> str:
        """Return what was found of a cell: “环境保护”栏目未查到2015年1月10日的空气质量指数日报.

        Where something was published that lacks items: “环境保护”栏目《6月份水质》中未见：水质类别.
        """
        columns, filed = self._columns(cell, ""), self._filed(cell)
        name, items = self._name(verdict), "、".join(verdict.missing_items)
        if verdict.state == "unseen":
            return f"{columns}{name}"
        if verdict.awaits:
            return f"{columns}{name}有待人工认定"
        if verdict.filed_only:
            deed = deed_zh([cell]) if cell and proved_by_record([cell]) else "报送佐证材料"
            return f"{name}尚未{deed}" + (f"（{filed}）" if filed else "")
        if self._is_kept(cell):
            return f"{self._title(verdict)}已公开，{period_zh(self.occurrence)}未见更新或确认"
        if items and (titles := self._published_titles(verdict)):
            published = "".join(f"《{title}》" for title in titles[:_TITLES]) + "等" * (len(titles) > _TITLES)
            return f"{columns}{published}中未见{quoted_zh(verdict.missing_items)}"
        holding = f"（应有{items}）" if items and not self._repeats_title(verdict) else ""
        elsewhere = self._proved_beside(verdict)
        return f"{elsewhere}{columns}未查到{name}{holding}" + (f"，也未收到在{filed}公开的佐证材料" if filed else "")

    def _request(self, verdict: CellVerdict, cell: Cell) -> str:
        """Return how a cell is made good."""
        columns, filed = self._columns(cell, "或"), self._filed(cell)
        if proved_by_record([cell]):
            return f"{deed if (deed := deed_zh([cell])) != '登记' else '办理'}并登记"
        if self._is_kept(cell):
            return "核对内容，有变更的更新，无变更的确认有效"
        filing = f"报送在{filed}公开的佐证材料" if filed else "报送佐证材料"
        if verdict.filed_only:
            return filing
        publishing = f"在{columns}{'补充' if verdict.published else ''}公开"
        return f"{publishing}，或{filing}" if filed else publishing

    def _proved_beside(self, verdict: CellVerdict) -> str:
        """Return where the same part is published, so that nobody reads of it as unpublished: “审批事项”栏目已公开，"""
        proved = (cell for other, cell in self._cells("proved") if other.part == verdict.part)
        places = dict.fromkeys(filter(None, (self._columns(cell, "或") for cell in proved)))
        return f"{'、'.join(places)}已公开，" if places else ""

    def _is_kept(self, cell: Cell | None) -> bool:
        """Return whether the cell asks to keep current what is published, not to publish it."""
        return self.occurrence.upkeep and cell is not None and deed_zh([cell]) == "公开"

    def _columns(self, cell: Cell | None, between: str) -> str:
        """Return the columns and pages of a site where a proof may lie: “部门动态”“通知公告”栏目."""
        titles: dict[str, dict[str, None]] = {"栏目": {}, "页面": {}}
        for key in (key for source in (cell.sources if cell else ()) for key in source.columns):
            if column := self.county.columns.get(key):
                titles["页面" if column.kind == "page" else "栏目"][f"“{column.title or column.name}”"] = None
        return (between or "和").join(between.join(named) + kind for kind, named in titles.items() if named)

    def _filed(self, cell: Cell | None) -> str:
        """Return what the channels are called on which people publish and file a proof: 新闻媒体."""
        channels = (source.channel for source in (cell.sources if cell else ()) if not source.columns)
        return "或".join(filter(None, dict.fromkeys(self.county.channels.get(channel, "") for channel in channels)))

    def _name(self, verdict: CellVerdict) -> str:
        """Return what is to be published: the period that it is about, and the title of the duty with its part."""
        regular, title = isinstance(self.occurrence.deadline, Every), self._title(verdict)
        return f"{period_zh(self.occurrence)}的{title}" if regular else title

    def _title(self, verdict: CellVerdict) -> str:
        """Return the title of the duty with its part: 环境质量月度信息（水环境质量）."""
        part = self._part(verdict)
        return f"{self.duty.title}（{part}）" if part else self.duty.title

    def _part(self, verdict: CellVerdict) -> str:
        """Return the title of the cell's part; "" where the duty has one part only."""
        named = (part for part in self.duty.parts if part.name and len(self.duty.parts) > 1)
        return next((part.title for part in named if part.name == verdict.part), "")

    def _repeats_title(self, verdict: CellVerdict) -> bool:
        """Return whether the missing items say no more than the titles of the duty and its part."""
        said = _words_of(self.duty.title + self._part(verdict))
        return all(_words_of(item) in said for item in verdict.missing_items)

    def _published_titles(self, verdict: CellVerdict) -> list[str]:
        """Return the titles of what counts as published of the cell and lacks items; what was ruled to be another
        department's, or was taken down, is not named."""
        findings = (finding for finding in self.verdict.findings if finding.cell == verdict.cell and finding.counts)
        return list(dict.fromkeys(finding.title for finding in findings if finding.lacks and finding.held))


def _words_of(title: str) -> str:
    """Return a title without its punctuation."""
    return "".join(filter(str.isalnum, title))
