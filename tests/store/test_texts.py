"""The article of an entry is that of its version as it was loaded, whatever versions there are beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracker.core.values.facts import Sighting
from tracker.store import site
from tracker.store.counties import ensure_county
from tracker.store.engine import Store

AT = datetime(2015, 5, 4, 1, tzinfo=UTC)
URL = "http://x/1.html"


def test_an_article_is_that_of_its_version(store: Store) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        entry = site.add_entries(tx, "sample", 1, "notices", [Sighting(URL, "公告", None)], AT)[URL]
        texts = {1: "初次公布", 2: "更正后", 3: "再次更正"}
        site.add_versions(
            tx,
            [
                site.NewVersion(
                    entry.id, number, AT + timedelta(days=number), "公告", None, "", text, "read", "", (),
                    replaces=number == 1,
                )
                for number, text in texts.items()
            ],
        )  # fmt: skip
        found = {
            number: {id: body[0] for id, body in site.load_texts(tx, [entry._replace(number=number)]).items()}
            for number in (1, 2, 3, 4)
        }
    assert found == {**{number: {entry.id: text} for number, text in texts.items()}, 4: {}}
