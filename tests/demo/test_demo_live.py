"""The live view: calm and whole at 80x24, wider where there is room, plain lines where there is no terminal."""

from __future__ import annotations

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len
from rich.console import Console

from notifications.kind_words import KIND_WORDS
from tracker.core.values.verdicts import Light
from tracker.demo.live import LiveView, NoticeLine, Scene, draw_scene, tally_lights
from tracker.rulebook.loaded import Loaded
from tracker.store.occurrences import DepartmentLight

ZONE = ZoneInfo("Asia/Shanghai")


def scene(loaded: Loaded, month: int = 7) -> Scene:
    departments = loaded.rulebooks[0].county.departments.values()
    now = datetime(2015, month, 14, 9, 0, tzinfo=ZONE)
    return Scene(
        title="样例县政府信息公开督办",
        now=now,
        first=date(2015, 1, 1),
        last=date(2015, 12, 31),
        tallies=tuple(
            (department.name, {Light.GREEN: 365, Light.RED: n % 3}) for n, department in enumerate(departments)
        ),
        notices=tuple(
            NoticeLine(now, kind, "县政府办公室", "关于6月份水环境质量状况逾期未公开的通知" * 3) for kind in KIND_WORDS
        ),
        mails=1234,
    )


def shown(value: Scene, width: int, height: int) -> list[str]:
    console = Console(width=width, height=height, force_terminal=False)
    with console.capture() as capture:
        console.print(draw_scene(value, width, height))
    return capture.get().rstrip("\n").split("\n")


@pytest.mark.parametrize(("width", "height"), [(80, 24), (100, 24), (80, 50), (118, 27), (130, 32), (200, 60)])
def test_the_picture_fits_the_screen_and_names_every_department(loaded: Loaded, width: int, height: int) -> None:
    lines = shown(scene(loaded), width, height)
    assert len(lines) < height
    assert max(cell_len(line) for line in lines) <= width
    text = "\n".join(lines)
    assert all(department.name in text for department in loaded.rulebooks[0].county.departments.values())
    assert "2015年7月14日 星期二 09:00" in text
    assert "已发邮件 1234 封" in text
    assert "逾期" in text
    assert "合计  绿 6935  蓝 0  黄 0  红 18  灰 0" in text


def test_lights_are_counted_by_department_and_closed_matters_are_not(loaded: Loaded) -> None:
    rows = [
        DepartmentLight("huanbao", Light.GREEN, False),
        DepartmentLight("huanbao", Light.GREEN, False),
        DepartmentLight("huanbao", Light.RED, True),
        DepartmentLight("chengjian+guotu", Light.RED, False),
        DepartmentLight("nobody", Light.RED, False),
    ]
    counted = {name: dict(counts) for name, counts in tally_lights(rows, loaded.rulebooks[0].county)}
    assert counted["环保局"] == {Light.GREEN: 2}
    assert counted["城建局"] == counted["国土局"] == {Light.RED: 1}
    assert len(counted) == 19


@pytest.mark.parametrize(("month", "day", "progress"), [(1, 1, 1 / 365), (7, 2, 183 / 365), (12, 31, 1.0)])
def test_progress_is_the_share_of_days(loaded: Loaded, month: int, day: int, progress: float) -> None:
    now = datetime(2015, month, day, tzinfo=ZONE)
    assert Scene("", now, date(2015, 1, 1), date(2015, 12, 31)).progress == pytest.approx(progress)


def test_without_a_terminal_each_month_is_one_line(loaded: Loaded) -> None:
    out = io.StringIO()
    with LiveView(Console(file=out, force_terminal=False, width=120)) as view:
        for month in (7, 7, 8):
            view.show(scene(loaded, month))
    assert [line[:10] for line in out.getvalue().splitlines()] == ["2015-07-14", "2015-08-14"]


def test_on_a_terminal_the_cursor_comes_back(loaded: Loaded) -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=80, height=24)

    def interrupted() -> None:
        with LiveView(console) as view:
            view.show(scene(loaded))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert out.getvalue().endswith("\x1b[?25h")
