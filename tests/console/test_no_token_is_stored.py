"""The links by which mails are answered: a copy of the database opens none, and repeats carry the same bytes."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from tests.console.served_pages import House, html_of, text_of
from tracker.console import links
from tracker.store.tables import messages, notices

TOKEN = re.compile(r"r/([\w.-]{40,})")


def stored_tokens(house: House) -> set[str]:
    """Whatever looks like a token in any table, in mails as their readers see them too."""
    found: set[str] = set()
    for table, rows in house.everything().items():
        for row in rows:
            found |= {token for value in row.values() for token in TOKEN.findall(str(value))}
            if table == "messages" and row["body"]:
                found |= {token for part in (text_of, html_of) for token in TOKEN.findall(str(part(row["body"])))}
    return found


async def test_a_copy_of_the_database_opens_no_page(house: House) -> None:
    (link,) = house.links()
    assert (await house.open(link))[0] == 200
    stored = stored_tokens(house)
    assert stored == {links.placeholder(row["id"]) for row in house.rows(messages)} & stored
    assert stored
    for token in stored:
        assert (await house.open(f"{house.base}r/{token}"))[0] == 404
    dump = "".join(str(row) for rows in house.everything().values() for row in rows)
    assert link.rpartition(".")[2] not in dump


async def test_all_links_of_a_mail_are_filled_in_and_nothing_else_changes(house: House) -> None:
    (row,) = [row for row in house.rows(messages) if row["recipient"].startswith("huanbao@")]
    (mail,) = house.letters.bodies()
    assert len(mail) == len(row["body"])
    token = links.make(links_secret(house), row["id"])
    for part in (text_of, html_of):
        before, after = str(part(row["body"])), str(part(mail))
        assert before.replace(links.placeholder(row["id"]), token) == after != before
    for found in re.findall(rf'href="({house.base}r/[^"]+)"', html_of(mail).decode()):
        assert (await house.open(html.unescape(found)))[0] == 200


async def test_a_repeat_carries_the_same_bytes(house: House) -> None:
    with house.small.office.store.begin() as tx:  # as if the record had been lost
        tx.execute(notices.update().values(state="claimed"))
        tx.execute(messages.update().values(state="sending", attempts=1))
    house.small.clock.now += timedelta(minutes=1)
    first = house.letters.bodies()
    await house.small.office.deliver()
    assert house.letters.bodies() == first * 2


async def test_a_mail_that_an_earlier_version_froze_leaves_as_it_is(house: House) -> None:
    (row,) = [row for row in house.rows(messages) if row["recipient"].startswith("huanbao@")]
    (mail,) = house.letters.bodies()  # its token stands in it
    with house.small.office.store.begin() as tx:
        tx.execute(notices.update().where(notices.c.message == row["id"]).values(state="claimed"))
        tx.execute(messages.update().where(messages.c.id == row["id"]).values(state="sending", attempts=1, body=mail))
    house.small.clock.now += timedelta(minutes=1)
    await house.small.office.deliver()
    assert house.letters.bodies() == [mail, mail]


def links_secret(house: House) -> str:
    console = house.small.office.loaded.schedule.console
    assert console is not None
    return console.secret.reveal()
