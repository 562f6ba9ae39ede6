"""A list of one page without a pager: growth and a person tell that it is whole, and a dropped row takes it back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.evidence.crawled import Office, Site
from tests.evidence.test_thinned_lists import NAMES, leave, reached
from tracker.core.values.certificate import Confirmation, PartName
from tracker.store.certificates import add_confirmation, load_certificates


async def test_a_list_without_a_pager_is_whole_once_it_grew_or_a_person_said_so(
    site: Site, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = site.listing
    monkeypatch.setattr(site, "listing", lambda column: re.sub("<p>共.*条</p>", "", counted(column)))
    for name in NAMES[:7]:
        site.publish(name, f"环境保护工作简报第{name}期", f"2015-07-0{name}" if name != "1" else "2014-12-01")
    assert (await reached(office))[0] is None  # the oldest stands at the head, so it says nothing of other days
    site.publish("8", "环境保护工作简报第8期", "2015-07-08")
    assert [(await reached(office, 1))[0] for _ in range(2)] == ["end", "end"]
    leave(site, NAMES[1:8])  # the oldest is pushed out
    assert (await reached(office, 1))[0] is None
    with office.store.begin() as tx:
        column = office.columns["county-site/environment"]
        at = office.clock.now + timedelta(minutes=30)
        add_confirmation(tx, "sample", Confirmation(column.key, "王主任", at, url=column.url))
    assert (await reached(office, 1))[0] == "end"
    with office.store.read() as tx:
        visits = [one for one in office.facts().visits if one.column == "county-site/environment"]
        stored = load_certificates(tx, "sample", [one.certificate for one in visits])
    assert [stored[one.certificate].reached for one in visits] == [one.reached for one in visits]
    assert [stored[one.certificate].holds(PartName.END_KNOWN) for one in visits] == [None, True, True, None, True]
