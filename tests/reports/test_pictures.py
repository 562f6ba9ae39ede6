"""Pictures of the year: what they count, that nobody needs colours to read them, and that they are the same again."""

from __future__ import annotations

import asyncio
import io
import itertools
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest
from PIL import Image

from tests.decide.small_county import COUNTY, PACK, Small, at
from tests.reports.test_scores import EVENTS, FORMULA, lived
from tracker.core.assessment.circular import DueCount, count_due
from tracker.core.assessment.lights import MARKS, LightCell, LightGrid, build_grid, mark_of
from tracker.core.assessment.lines import Line
from tracker.core.law.periods import window_of
from tracker.core.values.verdicts import Light, Status
from tracker.reports.pictures import year as pictures
from tracker.reports.pictures.drawing import Drawing, Rectangle, ShapeGroup, TextShape, svg_of
from tracker.reports.pictures.heat import heat, pages
from tracker.reports.pictures.lateness import CLASSES, class_of
from tracker.reports.pictures.painting import NoPainter, png_of
from tracker.reports.pictures.palette import BAR, FAINT, FILLS, INK, INKS, PART, WHOLE
from tracker.reports.pictures.rates import Series, rates
from tracker.reports.snapshot import CountyReader, CountySnapshot

SVG = "{http://www.w3.org/2000/svg}"


def read(county: Small, when: datetime | None = None) -> CountySnapshot:
    loaded = county.office.loaded
    with county.office.store.read() as tx:
        return CountyReader(loaded.rulebooks[0], loaded.calendar).read(tx, when or county.clock.now)


def words(drawing: Drawing) -> list[str]:
    return [shape.words for shape in drawing.shapes if isinstance(shape, TextShape)]


# -- what is shown -----------------------------------------------------------------------------------


@pytest.mark.nightly
async def test_a_cell_shows_the_gravest_of_its_matters_and_leads_to_it(county: Small) -> None:
    await lived(county)
    reading = read(county)
    shown = pictures.lights_grid(reading, window_of("2015"))
    told = {
        (shown.columns[one.column], shown.rows[one.row]): (MARKS[one.mark].letter, one.count, one.key)
        for one in shown.cells
    }
    assert told["环保局", "行政权力清单"] == ("逾", 1, "small/small/powers/huanbao/once")
    assert told["科技局", "行政权力清单"] == ("√", 1, "small/small/powers/keji/once")
    assert told["社保局", "社会保险情况"] == ("缺", 1, "small/small/insurance/shebao/2015-Q3")
    assert ("社保局", "行政权力清单") not in told  # owes no such thing
    late = next(one for one in shown.cells if one.mark == "late")
    assert "2015年7月" in late.title
    assert "按时公开" in late.title


@pytest.mark.nightly
async def test_every_matter_has_the_light_that_was_decided(county: Small) -> None:
    await lived(county)
    reading = read(county)
    assert reading.liable_lines
    assert [one.key for one in reading.liable_lines if MARKS[mark_of(one)].light is not one.light] == []


@pytest.mark.nightly
async def test_the_months_and_the_circular_count_alike(county: Small) -> None:
    await lived(county)
    reading = read(county)
    drawn = pictures.rate(reading, 2015)[0]
    counted = [count_due(reading.lines, window_of(f"2015-{month:02}")) for month in range(1, 13)]
    shown = [f"{one.on_time}/{one.judged}" for one in counted if one.judged]
    assert shown
    assert [one for one in words(drawn) if re.fullmatch(r"\d+/\d+", one)] == shown
    assert words(drawn).count("—") == sum(not one.judged for one in counted)


@pytest.mark.nightly
async def test_days_late_stand_in_their_class_and_what_is_open_is_told_apart(county: Small) -> None:
    await lived(county)
    rows = {one.title: one for one in pictures.late_rows(read(county), window_of("2015"))}
    assert (rows["行政权力清单"].counts, rows["行政权力清单"].open) == ((1, 0, 1, 0, 0), 1)
    water = rows["水环境质量月报"]
    assert (water.late, water.open) == (1, 0)


@pytest.mark.parametrize(
    ("days", "name"),
    [(0, "5日内"), (5, "5日内"), (6, "6～10日"), (10, "6～10日"), (11, "11～20日"), (20, "11～20日"), (21, "20日以上")],
)
def test_the_class_of_so_many_days(days: int, name: str) -> None:
    assert CLASSES[class_of(days) - 1][0] == name


def drawn(reading: CountySnapshot) -> list[str]:
    return [
        svg_of(one) for draw in (pictures.lights, pictures.rate, pictures.days) for one in draw(reading, 2015)
    ]  # fmt: skip


async def test_a_past_day_looks_as_it_did_on_that_day(county: Small) -> None:
    await lived(county)
    before = drawn(read(county))
    then = county.clock.now
    renamed = (COUNTY + FORMULA).replace("环保局", "环境局")
    county.reload(county=renamed, pack=PACK.replace("events:", EVENTS))
    county.site.publish("powers", "环境局权力清单", at("2015-10-17"))
    await county.live(date(2015, 10, 17), date(2015, 10, 19))
    assert drawn(read(county, then)) == before
    after = drawn(read(county))
    assert "环境局" in after[0]
    assert all(one != other for one, other in zip(before, after, strict=True))


@pytest.fixture
async def overdue(county: Small) -> Line:
    await lived(county)
    return next(one for one in read(county).liable_lines if one.status is Status.OVERDUE)


@pytest.mark.parametrize(
    ("changes", "letter"),
    [
        ({}, "逾"),
        ({"assumed": True, "light": Light.YELLOW}, "参"),
        ({"provisional": True, "light": Light.YELLOW}, "参"),
        ({"objection": "upheld"}, "免"),
        ({"objection": "pending"}, "逾"),
        ({"status": Status.UNVERIFIABLE}, "？"),
        ({"status": Status.CLOCK_UNKNOWN}, "？"),
        ({"status": Status.WAIVED}, "免"),
        ({"status": Status.OPEN}, "·"),
        ({"status": Status.UPCOMING}, "·"),
        ({"status": Status.UPCOMING, "due_on": None}, "待"),
        ({"status": Status.CLOCK_UNKNOWN, "due_on": None}, "？"),
    ],
)
async def test_nobody_is_shown_red_for_what_is_not_held_against_him(
    overdue: Line, changes: dict[str, object], letter: str
) -> None:
    assert MARKS[mark_of(replace(overdue, **changes))].letter == letter  # type: ignore[arg-type]


async def test_what_is_owed_jointly_stands_with_each_and_what_is_closed_with_nobody(overdue: Line) -> None:
    names = [("huanbao", "环保局"), ("keji", "科技局")]
    duties = [((overdue.pack, overdue.duty), overdue.title)]
    joint = replace(overdue, department="huanbao+keji")
    assert [one.column for one in build_grid([joint], window_of("2015"), names, duties).cells] == [0, 1]
    closed = replace(joint, is_liable=False)
    assert build_grid([closed], window_of("2015"), names, duties) == LightGrid(("环保局", "科技局"), (), ())


async def test_what_waits_for_its_event_is_drawn_and_what_is_not_owed_is_blank(overdue: Line) -> None:
    names = [("huanbao", "环保局"), ("keji", "科技局")]
    duties = [((overdue.pack, overdue.duty), overdue.title)]
    waiting = replace(overdue, department="keji", status=Status.UPCOMING, due_on=None, opens_on=None)
    grid = build_grid([waiting], window_of("2015"), names, duties)
    assert [(cell.column, cell.mark, cell.key) for cell in grid.cells] == [(1, "waiting", waiting.key)]
    assert "到期0项" in grid.cells[0].title
    both = build_grid([waiting, replace(overdue, department="keji")], window_of("2015"), names, duties)
    assert [cell.mark for cell in both.cells] == ["overdue"]


# -- who cannot see colours --------------------------------------------------------------------------

#: What a deuteranope sees, in linear light: Viénot, Brettel, Mollon, Digital video colourmaps for checking the
#: legibility of displays by dichromats, Color Research & Application 24 (1999), as computed for sRGB by DaltonLens.
_DEUTAN = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, 0 to 1 (WCAG 2.1, definition of relative luminance)."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(colour: str) -> tuple[float, float, float]:
    """Linear light of #rrggbb (IEC 61966-2-1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast(colour: str, ground: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.1, definition of contrast ratio)."""
    high, low = sorted((luminance(colour), luminance(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def deuteranope(colour: str) -> str:
    seen = [sum(share * part for share, part in zip(row, linear(colour), strict=True)) for row in _DEUTAN]
    return _coded(seen)


def grey(colour: str) -> str:
    return _coded([luminance(colour)] * 3)


def _coded(linear_light: list[float]) -> str:
    parts = [min(1.0, max(0.0, one)) for one in linear_light]
    coded = [12.92 * one if one <= 0.0031308 else 1.055 * one ** (1 / 2.4) - 0.055 for one in parts]
    return "#" + "".join(f"{round(one * 255):02x}" for one in coded)


@pytest.mark.parametrize("seen", [str, grey, deuteranope], ids=["colour", "grey", "deuteranope"])
def test_lights_differ_in_lightness_and_letters_stand_out(seen: object) -> None:
    assert callable(seen)
    fills = {light: seen(colour) for light, colour in FILLS.items()}
    assert {
        pair for pair in itertools.combinations(fills, 2) if contrast(fills[pair[0]], fills[pair[1]]) < 1.2
    } == set()
    assert {light for light, colour in fills.items() if contrast(colour, seen(INKS[light])) < 4.5} == set()
    assert {colour for colour in (INK, FAINT, PART, WHOLE) if contrast(seen(colour), "#ffffff") < 4.5} == set()
    assert contrast(seen(BAR), seen(INK)) >= 4.5


def test_each_state_has_a_letter_of_its_own() -> None:
    assert len({one.letter for one in MARKS.values()}) == len(MARKS) == len({one.zh for one in MARKS.values()})


def every_mark() -> LightGrid:
    cells = tuple(LightCell(0, column, mark, 2, f"“{mark}” <&>", f"k/{mark}") for column, mark in enumerate(MARKS))
    return LightGrid(tuple(f"单位{number}" for number in range(len(MARKS))), ("事项",), cells)


def test_every_cell_bears_its_letter_and_the_legend_tells_it() -> None:
    drawn = heat(every_mark(), "图")
    for group in drawn.groups:
        if group.key:
            mark = MARKS[group.key.removeprefix("k/")]
            assert [shape.words[0] for shape in group.shapes if isinstance(shape, TextShape)] == [mark.letter]
            assert [shape.fill for shape in group.shapes if isinstance(shape, Rectangle)] == [FILLS[mark.light]]
    assert {one.zh for one in MARKS.values()} <= set(words(drawn))


def test_the_two_lines_differ_in_more_than_colour() -> None:
    months = tuple(DueCount(due=4, on_time=number % 4) for number in range(12))
    drawn = rates(Series("全县", months), Series("环保局", months[::-1]), "图")
    svg = svg_of(drawn)
    assert svg.count("stroke-dasharray") == 2  # the line, and its sample in the legend
    hollow = [shape for shape in drawn.shapes if isinstance(shape, Rectangle) and shape.fill == "#ffffff"]
    assert len(hollow) == 13


def test_of_two_rates_of_a_month_the_lower_is_written_below_its_point() -> None:
    county = Series("全县", (DueCount(due=4, on_time=2),) * 12)
    beside = Series("环保局", (DueCount(due=4, on_time=1), *(DueCount(due=4, on_time=3),) * 11))
    shapes = [shape for shape in rates(county, beside, "图").shapes if isinstance(shape, TextShape) and shape.halo]
    points = {"25%": 279, "50%": 214, "75%": 149}  # 260 pixels high, down to 344
    below = [shape.y > points[shape.words] for shape in shapes]
    assert below == [False, *[True] * 11, True, *[False] * 11]


# -- the files ---------------------------------------------------------------------------------------


def test_an_svg_is_words_with_titles_and_keys() -> None:
    root = ET.fromstring(svg_of(heat(every_mark(), "亮灯图 <b>&“”", "样例县")))
    assert root.findtext(f"{SVG}title") == "亮灯图 <b>&“”"
    assert (root.findtext(f"{SVG}desc") or "").startswith(
        "亮灯图 <b>&“”，样例县，12个单位、1类事项，共12格：逾期未公开1格、"
    )
    keyed = {one.get("data-key"): one.findtext(f"{SVG}title") for one in root.iter(f"{SVG}g") if one.get("data-key")}
    assert keyed == {f"k/{mark}": f"“{mark}” <&>" for mark in MARKS}
    assert "单位10" in {one.text for one in root.iter(f"{SVG}text")}


def test_names_that_xml_may_not_hold_break_nothing() -> None:
    shown = LightGrid(
        ("局\x00\x1b",), ('"><script>alert(1)</script>\ufffe',), (LightCell(0, 0, "met", 1, "\x08甲", 'a"b'),)
    )
    root = ET.fromstring(svg_of(heat(shown, "图\x00")))
    assert not list(root.iter(f"{SVG}script"))
    assert [one.get("data-key") for one in root.iter(f"{SVG}g") if one.get("data-key")] == ['a"b']


def sixty() -> LightGrid:
    marks = itertools.cycle(MARKS)
    cells = tuple(LightCell(row, column, next(marks), 3, "甲", "k") for row in range(60) for column in range(60))
    names = tuple(f"第{number}个名称很长的工作部门单位" for number in range(60))
    return LightGrid(
        names, tuple(f"第{number}类需要公开的名称特别特别特别特别长的政府信息事项" for number in range(60)), cells
    )


def boxes_of(drawing: Drawing) -> Iterator[tuple[ShapeGroup, float, float, float, float]]:
    for group in drawing.groups:
        for one in group.shapes:
            if isinstance(one, Rectangle):
                yield group, one.x, one.y, one.x + one.width, one.y + one.height


@pytest.mark.parametrize("paged", [False, True])
def test_sixty_by_sixty_is_legible_and_stays_inside(paged: bool) -> None:
    drawn = pages(sixty(), "图", "注") if paged else (heat(sixty(), "图", "注"),)
    assert len(drawn) == (6 if paged else 1)
    assert sum(bool(group.key) for one in drawn for group in one.groups) == 3600
    for one in drawn:
        assert all(min(x0, y0) >= 0 and x1 <= one.width and y1 <= one.height for _, x0, y0, x1, y1 in boxes_of(one))
        letters = [shape for shape in one.shapes if isinstance(shape, TextShape)]
        assert min(shape.size for shape in letters) >= 9.5
        assert min(min(y for _, y in shape.places) for shape in letters if shape.stacked) > 60  # below the legend
        if paged:  # on 156 × 182 mm, what the standard's page leaves under an attachment's title
            assert one.height / one.width <= 182 / 156
            assert min(shape.size for shape in letters) / one.width * 156 / 25.4 * 72 >= 5.4  # points
    if paged:
        assert len({one.width for one in drawn}) == 1
        assert drawn[0].title == "图（1/6）"


def test_the_same_is_painted_in_the_same_bytes_and_shows_its_colours() -> None:
    drawing = heat(every_mark(), "图")
    first, second = png_of([drawing, drawing]), png_of([drawing])
    assert first[0] == first[1] == second[0]
    painted = Image.open(io.BytesIO(first[0])).convert("RGB")
    assert painted.size == (round(drawing.width * 2), round(drawing.height * 2))
    assert painted.getpixel((1, 1)) == (255, 255, 255)  # paper
    for group, x0, y0, _, _ in boxes_of(drawing):
        if group.key:
            wanted = FILLS[MARKS[group.key.removeprefix("k/")].light]
            pixel = painted.getpixel((int(x0 * 2) + 6, int(y0 * 2) + 6))
            assert isinstance(pixel, tuple)
            assert max(abs(seen - int(wanted[1 + 2 * n : 3 + 2 * n], 16)) for n, seen in enumerate(pixel)) <= 6


def test_without_a_chinese_font_it_says_what_to_install() -> None:
    with pytest.raises(NoPainter, match="no font with Chinese characters is installed: install one of"):
        png_of([heat(every_mark(), "图")], system_fonts=False)


@pytest.mark.nightly
def test_the_daemon_does_not_load_the_painter() -> None:
    probe = (
        "import sys, tracker.daemon.service, tracker.reports.circulars.lifecycle, tracker.reports.pictures.enclosed; "
        "print('resvg_py' in sys.modules or 'PIL' in sys.modules)"
    )

    async def run() -> bytes:
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", probe, stdout=asyncio.subprocess.PIPE)
        return (await child.communicate())[0]

    assert asyncio.run(run()).strip() == b"False"
