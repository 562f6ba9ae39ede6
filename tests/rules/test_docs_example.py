"""The worked example of docs/adding-a-duty.md loads, and its own examples hold."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.examples import check_examples
from tracker.rulebook.load import load

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "adding-a-duty.md").read_text(encoding="utf-8")
PACK = next(iter(re.findall(r"```yaml\n(pack: prices-2015\n.*?)```", DOC, re.DOTALL)))


def _lay_out(folder: Path, pack: str) -> Path:
    shutil.copytree(ROOT / "rules", folder / "rules")
    shutil.copy(ROOT / "schedule.yaml", folder)
    (folder / "rules" / "packs" / "prices-2015.yaml").write_text(pack, encoding="utf-8")
    county = folder / "rules" / "counties" / "sample" / "county.yaml"
    text = county.read_text(encoding="utf-8")
    county.write_text(text.replace("packs: [plan-2015, ", "packs: [plan-2015, prices-2015, "), encoding="utf-8")
    return folder


def test_the_example_of_the_page_loads_and_its_examples_hold(tmp_path: Path) -> None:
    loaded = load(_lay_out(tmp_path, PACK), {})
    [rulebook] = loaded.rulebooks
    duty = rulebook.duty("prices-2015", "market-prices")
    assert duty is not None
    assert len(duty.examples) == 6
    assert check_examples(rulebook, loaded.calendar) == []


@pytest.mark.parametrize(
    ("said", "instead", "message"),
    [
        ("deadline: {", "deadlin: {", "unknown key 'deadlin', did you mean 'deadline'?"),
        ("{every: month, about: this, due: +10 days}", "{within: 20, of: x}", "a span without unit: '20'"),
        ("about: this, ", "", "`due` lies past the period's end: an entry then proves the period it names"),
        ("due: 2015-07-10", "due: 2015-06-31", "no such day: '2015-06-31'"),
        ("[wujia]", "[wujiaju]", "unknown department 'wujiaju' in county 'sample'"),
        ("column: prices", "column: price", "unknown column 'price' on 'county-site' in county 'sample'"),
        ("{every: month, about: this, due: +10 days}", "timely", "unknown reading 'timely'"),
        ("副食品.*价格}", '"副食品(?!补贴)"}', "RE2 refuses the pattern '副食品(?!补贴)'"),
        ("id: market-prices", "id: prices", "the duty 'prices' is in the pack 'plan-2015' too"),
        ("due: +10 days}", "due: +10 days, assumed: true}", "assumed outside a named reading"),
        ("[wujia]", "concerned", "the duty 'market-prices' needs the county to name its departments"),
    ],
)
def test_each_error_that_the_page_lists_is_said_so(tmp_path: Path, said: str, instead: str, message: str) -> None:
    assert said in PACK
    assert f"`{message}`" in DOC or f"`` {message} ``" in DOC
    with pytest.raises(RuleErrors, match=re.escape(message)):
        load(_lay_out(tmp_path, PACK.replace(said, instead, 1)), {})


def test_an_example_worked_wrongly_is_named_with_what_came_out(tmp_path: Path) -> None:
    loaded = load(_lay_out(tmp_path, PACK.replace("due: 2015-10-10", "due: 2015-10-12")), {})
    [error] = check_examples(loaded.rulebooks[0], loaded.calendar)
    assert "2015-09 is due on 2015-10-10, not on 2015-10-12" in str(error)
    assert "`2015-09 is due on 2015-10-10, not on 2015-10-12`" in DOC
