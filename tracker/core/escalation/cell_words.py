"""Says in Chinese what was found of an occurrence's cells, and how what is missing is to be made good."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.core.law.county import County
from tracker.core.law.duties import Cell, Duty, Every
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import deed_zh, period_zh
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
        cells = self._cells("missing", "open")
        ways = list(dict.fromkeys(self._request(verdict, cell) for verdict, cell in cells if cell is not None))
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
        place, name, items = self._place(cell), self._name(verdict), "、".join(verdict.missing_items)
        if verdict.state == "unseen":
            return f"{place}{name}"
        if verdict.filed_only:
            deed = "登记" if cell and deed_zh([cell]) == "登记" else "报送佐证材料"
            return f"{name}尚未{deed}" + (f"（{place}）" if place else "")
        titles = self._published_titles(verdict)
        if items and (titles or verdict.published):
            published = "".join(f"《{title}》" for title in titles[:_TITLES]) or f"已公开的{name}"
            return f"{place}{published}{'等' if len(titles) > _TITLES else ''}中未见：{items}"
        return f"{place}未查到{name}" + (f"（应有{items}）" if items else "")

    def _request(self, verdict: CellVerdict, cell: Cell) -> str:
        """Return how a cell is made good."""
        place = self._place(cell)
        if deed_zh([cell]) == "登记":
            return "办理并登记"
        if verdict.filed_only:
            return f"报送在{place}公开的佐证材料" if place else "报送佐证材料"
        return f"在{place}{'补充' if verdict.published else ''}公开" if place else "公开"

    def _place(self, cell: Cell | None) -> str:
        """Return where a proof belongs: the titles of the columns or pages, or what the channel is called."""
        places = []
        for source in cell.sources if cell else ():
            columns = [self.county.columns[key] for key in source.columns if key in self.county.columns]
            named = [
                f"“{column.title or column.name}”{'页面' if column.kind == 'page' else '栏目'}" for column in columns
            ]
            places += named or [self.county.channels.get(source.channel, "")]
        return "或".join(dict.fromkeys(place for place in places if place))

    def _name(self, verdict: CellVerdict) -> str:
        """Return what is to be published: the period that it is about, and the title of the duty or its part."""
        named = (part for part in self.duty.parts if part.name and len(self.duty.parts) > 1)
        title = next((part.title for part in named if part.name == verdict.part), self.duty.title)
        regular = isinstance(self.occurrence.deadline, Every)
        return f"{period_zh(self.occurrence)}的{title}" if regular else title

    def _published_titles(self, verdict: CellVerdict) -> list[str]:
        """Return the titles of what was published of the cell and lacks items."""
        findings = (finding for finding in self.verdict.findings if finding.cell == verdict.cell)
        return list(dict.fromkeys(finding.title for finding in findings if finding.held and finding.lacks))
