"""Compares a year of four counties as the working tree lives it with the year of the commit before.

    python3 dev.py compare [COUNTY …] [--most N] [--again]

Exit status 1: something differs that `explained.txt` does not explain. What the earlier commit made is kept in
`.compare/` and made once; what the working tree made lies beside it, until the next comparison.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.compare.checkouts import CACHE, Checkout, CheckoutError, earlier, working_tree
from tests.compare.counties import COUNTIES, ComparedCounty
from tests.compare.differences import Difference, differences, read_explained, split, told
from tests.compare.living import LivedYear, LivingError, inputs_digest, live
from tests.compare.snapshot import snapshot

EXPLAINED = Path(__file__).with_name("explained.txt")
#: Years that are lived at the same time.
AT_ONCE = 2


def main() -> int:
    arguments = _arguments()
    explanations = read_explained(EXPLAINED)
    try:
        before = earlier()
        found = list(_compare(before, working_tree(), arguments))
    except (CheckoutError, LivingError) as error:
        print(error, file=sys.stderr)
        return 2
    except sqlite3.OperationalError as error:
        print(f"a table is another one now, so tests/compare/snapshot.py cannot read it: {error}", file=sys.stderr)
        return 2
    left, counts = split(found, explanations)
    for line in told(left, arguments.most):
        print(line)
    for explanation, count in counts.items():
        print(f"explained: {count} differences in {explanation.table}: {explanation.reason}")
    print(f"{len(left)} differences" if left else "no differences")
    return int(bool(left))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py compare", description=__doc__.partition("\n")[0])
    names = [county.name for county in COUNTIES]
    parser.add_argument("counties", nargs="*", metavar="COUNTY", help=f"some of {', '.join(names)} (default: all)")
    parser.add_argument("--most", type=int, default=12, metavar="N", help="differences shown of each table")
    parser.add_argument("--again", action="store_true", help="let the earlier commit live its years once more too")
    arguments = parser.parse_args()
    if unknown := set(arguments.counties) - set(names):
        parser.error(f"no county {', '.join(sorted(unknown))} (there are: {', '.join(names)})")
    return arguments


def _compare(before: Checkout, after: Checkout, arguments: argparse.Namespace) -> Iterator[Difference]:
    """The differences of every county that was asked for, once both sides have lived its year.

    The earlier commit goes first: the two sides of a county serve its site at the same address.
    """
    counties = [county for county in COUNTIES if county.name in arguments.counties or not arguments.counties]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        places = [_places(before, county) for county in counties]
        old = list(pool.map(lambda county, place: _kept(before, county, *place, arguments.again), counties, places))
        new = list(pool.map(lambda county, place: _lived(after, county, place[0]), counties, places))
    for county, *sides in zip(counties, old, new, strict=True):
        one, other = (snapshot(year) for year in sides)
        print(f"{county.name}: {sum(map(len, one.values())):,} rows compared", file=sys.stderr, flush=True)
        yield from differences(county.name, one, other)


def _places(before: Checkout, county: ComparedCounty) -> tuple[Path, Path]:
    """The county's folder of rules, and the folder of what the earlier commit makes of it."""
    rules = before.folder.parent / "rules" / county.name
    county.write_rules(before.folder, rules)
    return rules, before.folder.parent / "lived" / f"{county.name}-{inputs_digest(county, rules)}"


def _kept(side: Checkout, county: ComparedCounty, rules: Path, folder: Path, again: bool) -> LivedYear:
    """The year as it was kept, else lived now."""
    done = folder / "lived"
    if again or not done.exists():
        _lived(side, county, rules, folder)
        done.touch()
    return LivedYear(folder)


def _lived(side: Checkout, county: ComparedCounty, rules: Path, folder: Path | None = None) -> LivedYear:
    began = time.monotonic()
    year = live(side, county, rules, folder or CACHE / side.name / county.name)
    print(f"{county.name}, {side.name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return year


if __name__ == "__main__":
    sys.exit(main())
