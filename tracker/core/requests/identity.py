"""Checks the numbers by which a person or an organisation is identified, and finds personal data in a free text.

Sources: GB 11643-1999 (resident identity numbers: MOD 11-2), GB 32100-2015 (unified social credit codes: modulus 31).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal

from tracker.core.requests.values import Person
from tracker.core.values.message import Message

#: The kinds of document, by code. Only the first two have a check digit that is known here.
ID_TYPES: Mapping[str, str] = {
    "resident": "居民身份证",
    "credit": "统一社会信用代码",
    "passport": "护照",
    "hk-macao": "港澳居民来往内地通行证",
    "taiwan": "台湾居民来往大陆通行证",
    "military": "军官证",
    "other": "其他证件",
}
#: The first two digits of a resident number: the provinces of GB/T 2260, and 82, 83 of residence permits.
_PROVINCE_CODE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_RESIDENT_CHECKS = "10X98765432"
_CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_OLD, _NEW = re.compile(r"\d{15}"), re.compile(r"\d{17}[\dX]")
_RESIDENT_LIKE = re.compile(r"(?<![0-9A-Za-z])(?:\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx]|\d{15})(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_MOBILE_DIGITS = 11
#: How names of organisations end.
_ORGANISATION = re.compile(
    "(公司|集团|事务所|合作社|委员会|协会|商会|学会|基金会|大学|学院|研究院|研究所|医院|中心|工厂|商行)$"
)

PersonalData = Literal["id-number", "mobile"]


def normalize_number(number: str) -> str:
    """The number in half-width capitals without blanks and hyphens."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", number)).upper()


def is_organisation(person: Person) -> bool:
    """Whether the name or the number is that of an organisation."""
    return person.id_type == "credit" or _ORGANISATION.search(person.name.strip()) is not None


def parse_id_type(text: str) -> str | None:
    """The code of a kind of document that is written by its code or its Chinese name; None where it is unknown."""
    named = {title: code for code, title in ID_TYPES.items()} | {"身份证": "resident", "信用代码": "credit"}
    plain = text.strip()
    return plain if plain in ID_TYPES or not plain else named.get(plain)


def infer_id_type(number: str) -> str:
    """The kind of document by the form of a normalized number: "resident", "credit", else "other"."""
    looks_born = (
        _PROVINCE_CODE.match(number) and len(number) == 18 and number[6:14].isdecimal() and _parse_birth(number)
    )
    if _NEW.fullmatch(number) and not looks_born and find_credit_error(number) is None:
        return "credit"
    if re.fullmatch(r"\d{15}|\d{17}[\dX]?", number):
        return "resident"
    return "credit" if re.fullmatch(r"(?=.*\d)[0-9A-Z]{18}", number) else "other"


def find_id_error(id_type: str, number: str) -> Message | None:
    """What is wrong with a normalized number of this kind, with the place and what would be right; None: nothing."""
    match id_type:
        case "resident":
            return find_resident_error(number)
        case "credit":
            return find_credit_error(number)
    return None


def find_resident_error(number: str) -> Message | None:
    """What is wrong with a resident identity number of 18 characters, or of 15 digits as until 1999."""
    if len(number) not in (15, 18):
        return Message("an identity number has 18 characters (before 1999: 15), not {count}", count=len(number))
    for place, letter in enumerate(number[: 17 if len(number) == 18 else 15], 1):
        if letter not in "0123456789":
            return Message("character {place} of the identity number is {letter}, no digit", place=place, letter=letter)
    if not _PROVINCE_CODE.match(number):
        return Message("the identity number begins with {code}, which is no province (characters 1-2)", code=number[:2])
    if _parse_birth(number) is None:
        span = "7-14" if len(number) == 18 else "7-12"
        return Message("characters {span} of the identity number are no date of birth", span=span)
    if len(number) == 18 and number[17] != (right := compute_resident_check(number)):
        return Message(
            "the check digit of the identity number is wrong: character 18 would be {right} if the others are right",
            right=right,
        )
    return None


def _parse_birth(number: str) -> date | None:
    digits = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return born if 1850 < born.year < 2100 else None


def compute_resident_check(number: str) -> str:
    """The 18th character for the first 17 digits (GB 11643: MOD 11-2)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return _RESIDENT_CHECKS[total % 11]


def find_credit_error(number: str) -> Message | None:
    """What is wrong with a unified social credit code of 18 characters."""
    if len(number) != 18:
        return Message("a unified social credit code has 18 characters, not {count}", count=len(number))
    if wrong := [place for place, letter in enumerate(number) if letter not in _CREDIT_LETTERS]:
        return Message(
            "character {place} of the credit code is {letter}: I, O, S, V and Z are not used",
            place=wrong[0] + 1,
            letter=number[wrong[0]],
        )
    if number[17] != (right := compute_credit_check(number)):
        return Message(
            "the check character of the credit code is wrong: character 18 would be {right} if the others are right",
            right=right,
        )
    return None


def compute_credit_check(number: str) -> str:
    """The 18th character for the first 17 (GB 32100: modulus 31)."""
    total = sum(_CREDIT_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(number[:17]))
    return _CREDIT_LETTERS[-total % 31]


def find_personal_data(text: str) -> Iterator[tuple[PersonalData, int]]:
    """Yield what in a free text identifies a person: identity numbers (a wrong check digit too) and mobile numbers.

    With the place of the first character, counted from 1. Width and single blanks or hyphens do not matter.
    """
    plain = "".join(_narrow(letter) for letter in text)
    for found in _RESIDENT_LIKE.finditer(plain):
        number = normalize_number(found[0])
        if len(number) == 18 and number[17] != compute_resident_check(number) and find_credit_error(number) is None:
            continue  # an organisation's
        if _PROVINCE_CODE.match(number) and _parse_birth(number) is not None:
            yield "id-number", found.start() + 1
    for found in _MOBILE.finditer(plain):
        yield "mobile", found.start() + 1


def _narrow(letter: str) -> str:
    """The letter in half width, where that is one letter: places stay the same."""
    narrow = unicodedata.normalize("NFKC", letter)
    return narrow if len(narrow) == 1 else letter


def identify(person: Person) -> tuple[str, ...]:
    """The texts by which the same person is known again: the number of the document, else name and telephone, name and
    mail, or name and address. Empty where there is only a name, which many people share.

    Numbers of 15 digits are told in the form of 18, so that an old and a new document are the same person's.
    """
    if number := normalize_number(person.id_number):
        id_type = person.id_type or infer_id_type(number)
        if id_type == "resident" and _OLD.fullmatch(number):
            number = f"{number[:6]}19{number[6:]}"
            number += compute_resident_check(number)
        return (id_type, number)
    name = _squeeze(person.name)
    if not name:
        return ()
    if phone := re.sub(r"\D", "", unicodedata.normalize("NFKC", person.phone)):
        return ("phone", name, phone[-_MOBILE_DIGITS:] if _MOBILE.fullmatch(phone) else phone)
    if mail := _squeeze(person.mail):
        return ("mail", name, mail)
    if address := _squeeze(person.address):
        return ("address", name, address)
    return ()


def _squeeze(text: str) -> str:
    """The text without blanks, in half width and lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
