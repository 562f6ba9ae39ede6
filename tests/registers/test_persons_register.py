"""The personal data of requests: recorded with its hash, shown to who handles it, refused in every other text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.at_once import at_once
from tests.registers.register_office import NOW, RULES
from tracker.core.law.county import Contact
from tracker.core.requests.values import Move, MoveKind, Person, Request
from tracker.registers.errors import RegisterError
from tracker.registers.person_keys import retire_key, rotate_keys
from tracker.registers.persons import (
    check_no_personal_data,
    check_person,
    list_requests_of_applicant,
    look_at_persons,
    mask_persons,
    parse_person,
    record_person,
)
from tracker.store.counties import lock_county
from tracker.store.engine import Store, StoreError, Tx
from tracker.store.journal import JournalRow, list_rows
from tracker.store.person_keys import Keys, create_key_file, load_keys
from tracker.store.person_looks import Look, list_looks
from tracker.store.persons import count_persons_by_key, list_persons
from tracker.store.requests import add_move, add_request
from tracker.store.tables import journal

pytestmark = pytest.mark.both_databases

DAY = date(2015, 3, 9)
ZHANG = Person("张三", "resident", "11010519491231002X", "13800001234", "某镇某村", "z@example.com", "请公开补偿方案")
LI = Person("李四", phone="13900005678")
COMPANY = Person("沂河建材有限公司", "credit", "91350100M000100Y43")
DEPARTMENTS = dict(RULES.county.departments)
DEPARTMENTS["huanbao"] = replace(
    DEPARTMENTS["huanbao"], liaison=Contact("周联络"), lead=Contact("吴局长", person="吴秘书")
)
COUNTY = replace(RULES.county, departments=DEPARTMENTS, roles={"county-office": Contact("公开办", person="郑科长")})
BOOK = replace(RULES, county=COUNTY)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return create_key_file(tmp_path / "keys" / "persons.key", DAY)


def new_request(tx: Tx, number: int, title: str = "补偿方案") -> Request:
    request = Request(
        0, "sample", "request", "huanbao", 2015, number, "huanbao", "online", DAY, DAY, "natural", title,
        created_at=NOW, created_by="王五",
    )  # fmt: skip
    return add_request(tx, request)


def lines(tx: Tx) -> list[JournalRow]:
    return list_rows(tx, "sample", action="person")


def test_a_person_is_recorded_once_and_the_journal_holds_a_keyed_hash(county: Store, keys: Keys) -> None:
    with county.begin() as tx:
        request = new_request(tx, 1)
        done = record_person(tx, BOOK, keys, request, "applicant", ZHANG, "王五", NOW)
        again = record_person(tx, BOOK, keys, request, "applicant", ZHANG, "王五", NOW)
        assert (done.changed, again.changed) == (True, False)
        [line] = lines(tx)
        assert (line.who, line.action, line.subject) == ("王五", "person.recorded", "request:2015-huanbao-1")
        assert line.after == (f'{{"digest":"{done.value.digest}","key":"{keys.current.name}","role":"applicant"}}')


def test_a_new_applicant_takes_the_place_of_the_old_one_and_third_parties_add_up(county: Store, keys: Keys) -> None:
    with county.begin() as tx:
        request = new_request(tx, 1)
        for person in (ZHANG, replace(ZHANG, phone="13700000000"), LI):
            record_person(tx, BOOK, keys, request, "applicant", person, "王五", NOW)
        for person in (ZHANG, LI, replace(LI, address="某村"), COMPANY):
            record_person(tx, BOOK, keys, request, "third-party", person, "王五", NOW)
        roles = [row.role for row in list_persons(tx, request.id)]
        assert roles == ["applicant", "third-party", "third-party", "third-party"]
        assert [line.action for line in lines(tx)].count("person.replaced") == 3


def test_what_cannot_be_right_is_refused_and_nothing_is_written(county: Store, keys: Keys) -> None:
    wrong = [
        (Person(""), "the name of the person is missing"),
        (Person("张三", "resident", "110105194912310020"), "character 18 would be X"),
        (Person("张三", id_number="110105194912310020"), "character 18 would be X"),
        (Person("某公司", "credit", "91350100M000100Y44"), "character 18 would be 3"),
        (Person("张三", "驾驶证", "1"), "unknown kind of document"),
        (Person("张\u202e三"), "holds what nobody sees"),
        (Person("张三", text="字" * 20001), "at most 20000"),
    ]
    with county.begin() as tx:
        request = new_request(tx, 1)
        record_person(tx, BOOK, keys, request, "agent", LI, "王五", NOW)
        for person, why in wrong:
            with pytest.raises(RegisterError, match=why):
                record_person(tx, BOOK, keys, request, "applicant", person, "王五", NOW)
        assert [row.role for row in list_persons(tx, request.id)] == ["agent"]
        assert len(lines(tx)) == 1


def test_fields_are_named_in_chinese_or_english() -> None:
    person = parse_person({"姓名": " 张三", "证件类型": "居民身份证", "身份证号": "11010519491231002x", "phone": "138"})
    assert person == Person("张三", "resident", "11010519491231002X", "138")
    with pytest.raises(RegisterError, match="姓  名: no field of a person"):
        parse_person({"姓  名": "张三"})


TEXTS = [
    ("关于补偿方案", (), ""),
    ("关于13800001234反映的问题", (), "a mobile number stands at character 3"),
    ("关于 11010519491231002X", (), "an identity number stands at character 4"),
    ("关于张三的补偿方案", (ZHANG,), "it holds the 姓名"),
    ("关于 张 三 的补偿方案", (ZHANG,), "it holds the 姓名"),
    ("某镇某村的补偿方案", (ZHANG,), "it holds the 地址"),
    ("沂河建材有限公司的环评批复", (COMPANY,), ""),  # an organisation asks about itself
]


@pytest.mark.parametrize(("text", "persons", "why"), TEXTS)
def test_a_text_that_names_a_person_is_refused(text: str, persons: tuple[Person, ...], why: str) -> None:
    if not why:
        check_no_personal_data(persons, title=text)
        return
    with pytest.raises(RegisterError, match=why) as error:
        check_no_personal_data(persons, title=text)
    assert not any(word in str(error.value) for word in ("张三", "1380000", "110105"))


def test_a_title_that_names_the_applicant_is_refused_with_the_person(county: Store, keys: Keys) -> None:
    with pytest.raises(RegisterError, match="title: it holds the 姓名"), county.begin() as tx:
        record_person(tx, BOOK, keys, new_request(tx, 1, "张三家的补偿"), "applicant", ZHANG, "王五", NOW)


# -- looks ------------------------------------------------------------------------------------------

HANDLERS = ["周联络", "吴局长", "吴秘书", "公开办", "郑科长", "王五", "赵 六"]


@pytest.mark.parametrize("by", HANDLERS)
def test_who_handles_the_request_sees_the_data_and_the_look_is_recorded(county: Store, keys: Keys, by: str) -> None:
    with county.begin() as tx:
        request = new_request(tx, 1)
        add_move(tx, Move(0, request.id, 0, MoveKind.REGISTER, DAY, NOW, "赵六"))
        record_person(tx, BOOK, keys, request, "applicant", ZHANG, "王五", NOW)
        assert look_at_persons(tx, BOOK, keys, request, by=by, purpose="寄送答复书", now=NOW) == [("applicant", ZHANG)]
        assert list_looks(tx, "sample") == [Look(request.id, NOW, by, "寄送答复书")]
        line = lines(tx)[-1]
        assert (line.who, line.action, line.reason, line.after) == (
            by, "person.looked", "寄送答复书", '{"roles":["applicant"]}',
        )  # fmt: skip


def test_nobody_else_sees_it_and_nothing_is_seen_without_a_purpose(county: Store, keys: Keys) -> None:
    with county.begin() as tx:
        request = new_request(tx, 1)
        record_person(tx, BOOK, keys, request, "applicant", ZHANG, "王五", NOW)
        for by, purpose, why in (
            ("路人", "看看", "does not handle 2015-huanbao-1"),
            ("王五", " ", "purpose is missing"),
            ("王五", "给张三打电话", "it holds the 姓名"),
        ):
            with pytest.raises(RegisterError, match=why):
                look_at_persons(tx, BOOK, keys, request, by=by, purpose=purpose, now=NOW)
        assert list_looks(tx, "sample") == []
        assert lines(tx)[-1].action == "person.recorded"


def test_lists_get_masked_persons_which_is_no_look(county: Store, keys: Keys, tmp_path: Path) -> None:
    with county.begin() as tx:
        first, second, third = (new_request(tx, number) for number in (1, 2, 3))
        record_person(tx, BOOK, keys, first, "applicant", ZHANG, "王五", NOW)
        record_person(tx, BOOK, keys, second, "applicant", COMPANY, "王五", NOW)
        masked = mask_persons(tx, keys, "sample", [first.id, second.id, third.id])
        assert [(role, person.name, person.phone) for role, person in masked[first.id]] == [
            ("applicant", "张*", "138****1234")
        ]
        assert masked[second.id][0][1].name == "沂河****公司"
        assert third.id not in masked
        assert list_looks(tx, "sample") == []
        other = create_key_file(tmp_path / "other.key", DAY)
        lost = mask_persons(tx, other, "sample", [first.id])
        assert [person.name for _, person in lost[first.id]] == ["***"], "a list works without the key too"


def test_the_other_requests_of_an_applicant_are_found(county: Store, keys: Keys) -> None:
    with county.begin() as tx:
        first, second, third = (new_request(tx, number) for number in (1, 2, 3))
        for request, person in ((first, ZHANG), (second, replace(ZHANG, phone="")), (third, LI)):
            record_person(tx, BOOK, keys, request, "applicant", person, "王五", NOW)
        record_person(tx, BOOK, keys, third, "third-party", ZHANG, "王五", NOW)
        assert list_requests_of_applicant(tx, BOOK, keys, first) == [second.id]


# -- keys -------------------------------------------------------------------------------------------


def test_a_rotation_that_is_broken_off_goes_on_and_the_old_key_stays_until_no_row_needs_it(
    county: Store, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.registers.person_keys._BATCH", 2)
    with county.begin() as tx:
        found = [new_request(tx, number) for number in range(1, 6)]
        for request in found:
            record_person(tx, BOOK, keys, request, "applicant", ZHANG, "王五", NOW)

    class Killed(Exception):
        pass

    def kill(done: int) -> None:
        if done == 4:
            raise Killed

    old, path, later = keys.current.name, keys.path, DAY + timedelta(days=300)
    with pytest.raises(Killed):
        rotate_keys(county, path, "郑科长", NOW, later, progress=kill)
    half = load_keys(path)
    with county.read() as tx:
        assert count_persons_by_key(tx) == {old: 1, half.current.name: 4}
    with pytest.raises(RegisterError, match="1 persons are still encrypted"):
        retire_key(county, path, old, "郑科长", NOW)
    with county.begin() as tx:
        assert list_requests_of_applicant(tx, BOOK, half, found[0]) == [request.id for request in found[1:]]
    rest = rotate_keys(county, path, "郑科长", NOW, later)
    assert (rest.rows, rest.has_new_key, rest.key) == (1, False, half.current.name)
    assert set(load_keys(path).by_name) == {old, half.current.name}
    with pytest.raises(RegisterError, match="is the current key"):
        retire_key(county, path, half.current.name, "郑科长", NOW)
    retire_key(county, path, old, "郑科长", NOW)
    assert set(load_keys(path).by_name) == {half.current.name}
    with county.begin() as tx:
        shown = look_at_persons(tx, BOOK, load_keys(path), found[0], by="王五", purpose="核对", now=NOW)
        assert shown == [("applicant", ZHANG)]
        actions = [row.action for row in list_rows(tx, "sample", action="persons")]
        assert actions == ["persons.reencrypted"] * 3 + ["persons.key-retired"]


def test_a_rotation_without_every_key_changes_nothing(county: Store, keys: Keys) -> None:
    with county.begin() as tx:
        record_person(tx, BOOK, keys, new_request(tx, 1), "applicant", ZHANG, "王五", NOW)
    keys.path.unlink()
    other = create_key_file(keys.path, DAY)
    with pytest.raises(StoreError, match=f"the key {keys.current.name} is missing"):
        rotate_keys(county, keys.path, "郑科长", NOW, DAY)
    assert load_keys(keys.path) == other


def test_who_enters_during_a_rotation_and_a_retirement_loses_nothing(
    county: Store, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key file is read once the county is locked, and only then is a key taken out of it."""
    monkeypatch.setattr("tracker.registers.person_keys._BATCH", 2)
    old, path = keys.current.name, keys.path
    with county.begin() as tx:
        found = [new_request(tx, number) for number in range(1, 9)]
        for request in found[:4]:
            record_person(tx, BOOK, keys, request, "applicant", ZHANG, "王五", NOW)

    def enter(request: Request) -> None:
        with county.begin() as tx:
            lock_county(tx, "sample")
            record_person(tx, BOOK, load_keys(path), request, "applicant", LI, "王五", NOW)

    def rotate_and_retire() -> None:
        rotate_keys(county, path, "郑科长", NOW, DAY)
        while True:
            try:
                retire_key(county, path, old, "郑科长", NOW)
            except RegisterError:
                rotate_keys(county, path, "郑科长", NOW, DAY)
            else:
                return

    done = at_once([rotate_and_retire, *(partial(enter, request) for request in found[4:])])
    assert [outcome for outcome in done if outcome is not None] == []
    last = load_keys(path)
    assert old not in last.by_name
    with county.begin() as tx:
        for place, request in enumerate(found):
            shown = look_at_persons(tx, BOOK, last, request, by="王五", purpose="核对", now=NOW)
            assert shown == [("applicant", ZHANG if place < 4 else LI)]


def test_the_journal_holds_no_word_of_a_person(county: Store, keys: Keys) -> None:
    with county.begin() as tx:
        request = new_request(tx, 1)
        record_person(tx, BOOK, keys, request, "applicant", ZHANG, "王五", NOW)
        record_person(tx, BOOK, keys, request, "applicant", check_person(LI), "王五", NOW)
        look_at_persons(tx, BOOK, keys, request, by="王五", purpose="核对", now=NOW)
        text = str(tx.execute(sa.select(journal)).all())
    for person in (ZHANG, LI):
        assert not any(word in text for word in (person.name, person.id_number, person.phone, person.text) if word)
