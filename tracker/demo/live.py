"""Shows the demo on the terminal: the simulated day, the lights of each department, the latest notices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import TracebackType

from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from notifications.kind_words import words_of
from tracker.core.escalation.notice_kinds import rules_of
from tracker.core.law.county import County
from tracker.core.law.wording import day_zh
from tracker.core.law.workdays import weekday_name
from tracker.core.values.verdicts import Light
from tracker.store.occurrences import DepartmentLight

#: The lights in the order in which they are shown, without the dash (nothing to show yet), each with its style.
_LIGHTS = {
    Light.GREEN: "green",
    Light.BLUE: "blue",
    Light.YELLOW: "yellow",
    Light.RED: "bold red",
    Light.GREY: "bright_black",
}
#: The colours of notices that are no escalation, by their tone.
_STYLES = {
    "red": "bold red",
    "yellow": "yellow",
    "blue": "cyan",
    "grey": "bright_black",
    "green": "green",
    None: "blue",
}
#: From this size on there is room for one long table with the notices beside it.
WIDE, HIGH = 118, 27

#: A department's name and how many lights of each colour it has.
Tally = tuple[str, Mapping[Light, int]]


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice as the view shows it: `kind` is a notice's kind, `who` its recipient."""

    at: datetime
    kind: str
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What the view shows at one instant. `notices`: the newest first; `note` is the last line."""

    title: str
    now: datetime
    first: date
    last: date
    tallies: tuple[Tally, ...] = ()
    notices: tuple[NoticeLine, ...] = ()
    mails: int = 0
    note: str = ""

    @property
    def progress(self) -> float:
        """The share of the days from `first` to `last` that has begun, 0 to 1."""
        days = (self.last - self.first).days + 1
        return min(1.0, max(0.0, ((self.now.date() - self.first).days + 1) / days))


def tally_lights(rows: Iterable[DepartmentLight], county: County) -> tuple[Tally, ...]:
    """The lights of each department, in the county's order; a joint occurrence counts for each member."""
    counts: dict[str, Counter[Light]] = {department: Counter() for department in county.departments}
    for row in rows:
        for member in () if row.closed else row.department.split("+"):
            if member in counts:
                counts[member][Light(row.light)] += 1
    return tuple((county.departments[department].name, counter) for department, counter in counts.items())


def draw_scene(scene: Scene, width: int, height: int) -> RenderableType:
    """The view for a screen of this size; it never needs more than `height` - 1 lines."""
    top = [_draw_headline(scene, width), _draw_progress(scene, width), Text("")]
    half = -(-len(scene.tallies) // 2)
    room = height - len(top) - 4
    if width >= WIDE and height >= max(HIGH, len(scene.tallies) + 7):
        body = Table.grid(padding=(0, 3), expand=True)
        body.add_column(width=40)
        body.add_column(ratio=1)
        body.add_row(_draw_table(scene.tallies), _draw_notices(scene, width - 43, room))
        return Group(*top, body, Text(""), _draw_sum(scene))
    body = Table.grid(padding=(0, 2))
    body.add_row(_draw_table(scene.tallies[:half]), _draw_table(scene.tallies[half:]))
    return Group(*top, body, _draw_sum(scene), Text(""), _draw_notices(scene, width, max(1, room - half)))


def _draw_headline(scene: Scene, width: int) -> Text:
    today = scene.now.date()
    day = f"{day_zh(today)} {weekday_name(today).replace('周', '星期')} {scene.now:%H:%M}"
    gap = max(2, width - cell_len(scene.title) - cell_len(day))
    return Text.assemble((scene.title, "bold"), " " * gap, (day, "bold cyan"), no_wrap=True)


def _draw_progress(scene: Scene, width: int) -> RenderableType:
    note = f"已进行 {scene.progress:.0%}  已发邮件 {scene.mails} 封"
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=max(10, width - cell_len(note) - 2))
    grid.add_column(no_wrap=True)
    grid.add_row(
        ProgressBar(total=1, completed=scene.progress, complete_style="cyan", style="bright_black"),
        Text(note, "bright_black"),
    )
    return grid


def _draw_table(tallies: Sequence[Tally]) -> Table:
    table = Table(box=None, padding=(0, 0), header_style="", show_edge=False)
    table.add_column(Text("单位", "bright_black"), width=13, no_wrap=True)
    for light, style in _LIGHTS.items():
        table.add_column(Text(light.zh, style), width=5, justify="right")
    for name, counts in tallies:
        cells = (
            Text(str(counts[light]), style) if counts.get(light) else Text("·", "bright_black")
            for light, style in _LIGHTS.items()
        )
        table.add_row(Text(name), *cells)
    return table


def _draw_sum(scene: Scene) -> Text:
    total: Counter[Light] = Counter()
    for _, counts in scene.tallies:
        total.update(counts)
    parts: list[Text] = [Text(f"{light.zh} {total[light]}", style) for light, style in _LIGHTS.items()]
    line = Text("合计  ", "bright_black") + Text("  ").join(parts)
    return line + Text(f"    {scene.note}", "bright_black") if scene.note else line


def _draw_notices(scene: Scene, width: int, room: int) -> RenderableType:
    lines = [Text("最新通知", "bold")]
    lines.extend(_draw_notice(notice, width) for notice in scene.notices[: max(0, room - 1)])
    if not scene.notices:
        lines.append(Text("暂无", "bright_black"))
    return Group(*lines)


def _draw_notice(line: NoticeLine, width: int) -> Text:
    words, severity = words_of(line.kind), rules_of(line.kind).severity
    kind = words.short
    style = "bold red" if severity > 2 else "red" if severity else _STYLES[words.tone]
    head = f"{line.at:%m-%d} "
    who = set_cell_size(line.who, 13)
    room = max(8, width - cell_len(head) - cell_len(kind) - 1 - 13 - 1)
    return Text.assemble((head, "bright_black"), (kind, style), " ", who, " ", _shorten(line.text, room), no_wrap=True)


def _shorten(text: str, room: int) -> str:
    flat = " ".join(text.split())
    return flat if cell_len(flat) <= room else set_cell_size(flat, room - 1).rstrip() + "…"


class LiveView:
    """Shows one scene after another in place; where the output is no terminal, a line for each month."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._live = Live(console=self._console, auto_refresh=False, vertical_overflow="crop")
        self._month = ""

    def __enter__(self) -> LiveView:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def show(self, scene: Scene) -> None:
        """Replace what is shown."""
        if self._console.is_terminal:
            size = self._console.size
            self._live.update(draw_scene(scene, size.width, size.height), refresh=True)
        elif (month := f"{scene.now:%Y-%m}") != self._month:
            self._month = month
            self._console.print(Text.assemble(f"{scene.now:%Y-%m-%d}  ", _draw_sum(scene), f"  邮件 {scene.mails}"))
