"""Records the personal data of requests, shows it to who handles them, and refuses it in every other text."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime

from tracker.core.law.county import Rulebook
from tracker.core.requests.identity import (
    ID_TYPES,
    find_id_error,
    find_personal_data,
    infer_id_type,
    normalize_number,
    parse_id_type,
)
from tracker.core.requests.masking import mask_person
from tracker.core.requests.values import Person, Request
from tracker.core.values.message import ListedWord, Message
from tracker.registers.checks import begin_act, is_same_person
from tracker.registers.errors import Registered, RegisterError, suggest_names
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.person_keys import Keys
from tracker.store.person_looks import Look, add_look
from tracker.store.persons import (
    PersonPlace,
    Role,
    StoredPerson,
    add_person,
    compute_digests,
    delete_person,
    find_same_person,
    list_handlers,
    list_persons,
    list_persons_of,
    read_person,
)

#: The Chinese names of the fields, in files and tables.
FIELD_TITLES: Mapping[str, str] = {
    "name": "姓名",
    "id_type": "证件类型",
    "id_number": "证件号码",
    "phone": "电话",
    "address": "地址",
    "mail": "邮箱",
    "text": "申请内容",
}
_ALSO = {"名称": "name", "身份证号": "id_number", "联系电话": "phone", "通信地址": "address", "电子邮箱": "mail"}
_LONGEST_TEXT = 20_000
#: What names a person. An organisation's name may stand in a title: what it asks for is often about itself.
_NAMING = ("name", "id_number", "phone", "address", "mail")
#: The roles of which a request has one person at most; a new one takes the place of the one before.
_SINGLE: tuple[Role, ...] = ("applicant", "agent")


def parse_person(given: Mapping[str, str]) -> Person:
    """The person of a file or a row, whose fields are named in English or Chinese. Raises RegisterError."""
    names = {title: name for name, title in FIELD_TITLES.items()} | _ALSO | {name: name for name in FIELD_TITLES}
    if unknown := [name for name in given if name.strip() not in names]:
        raise RegisterError(
            "{field}: no field of a person ({hint})", field=unknown[0], hint=suggest_names(unknown[0], names)
        )
    texts = {names[name.strip()]: text or "" for name, text in given.items()}
    if any(name.strip() == "身份证号" and text for name, text in given.items()):
        texts["id_type"] = texts.get("id_type") or "resident"
    return check_person(Person(**{"name": "", **texts}))


def check_person(person: Person) -> Person:
    """The person with a clean number and the code of its kind. Raises RegisterError; no message repeats the data."""
    texts = {field.name: unicodedata.normalize("NFC", getattr(person, field.name)).strip() for field in fields(Person)}
    if not texts["name"]:
        raise RegisterError("the name of the person is missing ({field})", field=FIELD_TITLES["name"])
    for name, text in texts.items():
        if name != "text" and not _is_clean(text):
            raise RegisterError(
                "{field}: too long, or it holds what nobody sees: write it anew", field=FIELD_TITLES[name]
            )
    if len(texts["text"]) > _LONGEST_TEXT:
        raise RegisterError("{field}: at most {longest} characters", field=FIELD_TITLES["text"], longest=_LONGEST_TEXT)
    id_type = parse_id_type(texts["id_type"])
    if id_type is None:
        known = "、".join(ID_TYPES.values())
        raise RegisterError(
            "{field}: unknown kind of document (one of: {known})", field=FIELD_TITLES["id_type"], known=known
        )
    number = normalize_number(texts["id_number"])
    id_type = id_type or (infer_id_type(number) if number else "")
    if number and (error := find_id_error(id_type, number)) is not None:
        raise RegisterError(error)
    return Person(**texts | {"id_type": id_type, "id_number": number})


def _is_clean(text: str) -> bool:
    return len(text) <= 512 and not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in text)


def check_no_personal_data(persons: Collection[Person] = (), /, **texts: str) -> None:
    """Refuse a text that everybody may read and that identifies a person: by an identity or mobile number, or by what
    is known of `persons`. Call it for each title, reason and field of a request."""
    for label, text in texts.items():
        for kind, place in find_personal_data(text):
            what = Message("an identity number") if kind == "id-number" else Message("a mobile number")
            raise RegisterError(
                "{label}: {what} stands at character {place}: leave it out here; it belongs to the person "
                "(duban request person … --file FILE), where it is stored encrypted",
                label=label,
                what=what,
                place=place,
            )
        plain = _squeeze(text)
        for person in persons:
            for name in _NAMING if person.id_type != "credit" else ():
                known = _squeeze(getattr(person, name))
                if len(known) > 1 and known in plain:
                    raise RegisterError(
                        "{label}: it holds the {field} of the person: write it without ('the applicant' is enough)",
                        label=label,
                        field=FIELD_TITLES[name],
                    )


def check_names_nobody(tx: Tx, keys: Keys, request: Request, **texts: str) -> None:
    """Refuse a text that names a person of the request. Persons whose key is missing are not compared: a step of a
    request must not wait for a key."""
    stored = [row for row in list_persons(tx, request.id) if row.key in keys.by_name]
    check_no_personal_data([read_person(keys, request.county, row) for row in stored], **texts)


def _squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def person_subject(request: Request) -> str:
    """The subject of journal entries about the persons of a request."""
    return f"{request.kind}:{request.reference}"


def record_person(
    tx: Tx, rulebook: Rulebook, keys: Keys, request: Request, role: Role, person: Person, by: str, now: datetime
) -> Registered[StoredPerson]:
    """Store a person of a request, encrypted. A request has one applicant and one agent: a new one takes the place of
    the one before; third parties add up. The journal gets the keyed hash, in no other form the data.

    Raises RegisterError for data that cannot be right, StoreError for a key that is missing.
    """
    county = rulebook.county.id
    begin_act(tx, county, now, by=by)
    person = check_person(person)
    check_no_personal_data((person,), title=request.title)
    stored = [row for row in list_persons(tx, request.id) if row.role == role]
    place = PersonPlace(county, request.id, role)
    digests = compute_digests(keys, person, place)
    same = next((row for row in stored if row.digest in digests), None)
    if same is not None and read_person(keys, county, same) == person:
        return Registered(
            same, False, Message("the {role} is on record with the same data", role=ListedWord("role", role))
        )
    replaced = [row for row in stored if role in _SINGLE or row is same]
    for row in replaced:
        delete_person(tx, row)
    added = add_person(tx, keys, request, role, person)
    assert added is not None  # what was the same is replaced
    action = "person.replaced" if replaced else "person.recorded"
    before = [_describe(row) for row in replaced] or None
    append_entries(tx, county, [JournalEntry(by, action, person_subject(request), before, _describe(added))], now)
    return Registered(added, True, Message("the {role} is recorded, encrypted", role=ListedWord("role", role)))


def _describe(row: StoredPerson) -> dict[str, str]:
    """A row in the journal: under which key its hash was made, which says who it is only to who has that key."""
    return {"role": row.role, "key": row.key, "digest": row.digest}


def look_at_persons(
    tx: Tx, rulebook: Rulebook, keys: Keys, request: Request, *, by: str, purpose: str, now: datetime
) -> list[tuple[Role, Person]]:
    """The persons of a request in clear, for who handles it. The look is recorded in the same transaction, so commit it
    before anything is shown. Raises RegisterError for anybody else."""
    county = rulebook.county.id
    begin_act(tx, county, now, by=by, purpose=purpose)
    if not _handles(tx, rulebook, request, by):
        raise RegisterError(
            "{by} does not handle {request}: its persons are shown to the liaison and lead of {department}, to the "
            "county office, and to who entered a step of it",
            by=by,
            request=request.name,
            department=rulebook.county.department_names(request.owner),
        )
    stored = list_persons(tx, request.id)
    shown: list[tuple[Role, Person]] = [(row.role, read_person(keys, county, row)) for row in stored]
    check_no_personal_data([person for _, person in shown], purpose=purpose)
    if shown:
        add_look(tx, Look(request.id, now, by, purpose))
        after = {"roles": sorted({role for role, _ in shown})}
        entry = JournalEntry(by, "person.looked", person_subject(request), None, after, purpose)
        append_entries(tx, county, [entry], now)
    return shown


def _handles(tx: Tx, rulebook: Rulebook, request: Request, by: str) -> bool:
    """Whether somebody is named in the county's file as liaison or lead of a department of the request or for the
    county office, or entered a move of the request. Nobody logs in: it is what they say of themselves."""
    county = rulebook.county
    contacts = [county.roles.get("county-office")]
    for key in {request.department, *request.owner.split("+")}:
        if (department := county.departments.get(key)) is not None:
            contacts += [department.liaison, department.lead]
    names = {name for contact in contacts if contact for name in (contact.name, contact.person) if name}
    return any(is_same_person(by, name) for name in names | list_handlers(tx, request.id))


def mask_persons(tx: Tx, keys: Keys, county: str, requests: Collection[int]) -> dict[int, list[tuple[Role, Person]]]:
    """The persons of these requests as lists show them, by the request's id: masked, which is no look. Where a key is
    missing, a person is but stars."""
    masked: dict[int, list[tuple[Role, Person]]] = {}
    for row in list_persons_of(tx, requests):
        can_be_read = row.key in keys.by_name
        person = mask_person(read_person(keys, county, row)) if can_be_read else Person("***")
        masked.setdefault(row.request, []).append((row.role, person))
    return masked


def list_requests_of_applicant(tx: Tx, rulebook: Rulebook, keys: Keys, request: Request) -> list[int]:
    """The ids of the county's other requests with the same applicant."""
    county = rulebook.county.id
    found: set[int] = set()
    for row in list_persons(tx, request.id):
        if row.role == "applicant":
            person = read_person(keys, county, row)
            digests = compute_digests(keys, person, PersonPlace(county, request.id, row.role))
            found.update(find_same_person(tx, county, digests))
    return sorted(found - {request.id})
