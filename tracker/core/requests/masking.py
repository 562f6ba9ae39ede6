"""Masks personal data for lists, logs, mails and exports: enough to tell two people apart, not to know one.

Stars do not tell how long an address or a mailbox is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.core.requests.identity import normalize_number
from tracker.core.requests.values import Person

#: Surnames of two characters that are borne today.
_DOUBLE_SURNAMES = re.compile(
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|司空|夏侯|端木|南宫|闻人|澹台|宇文|长孙|轩辕|钟离|呼延|"
    "申屠|太史|鲜于|闾丘|公冶|宗政|濮阳|淳于|单于|太叔|赫连|独孤|拓跋|完颜|耶律|左丘|东郭|西门|百里|万俟"
)
_HIDDEN = "***"
#: From so many characters on a Chinese name is an organisation's: its end says what it is.
_ORGANISATION = 6
_PROVINCE = r"[^省市县区]{2,3}省|[^省市县区]{2,7}自治区"
_PREFECTURE = r"[^省市州盟县区旗路街]{2,10}(?:市|自治州|盟|地区)"
_COUNTY = r"[^县区旗市镇乡村路街]{1,8}(?:县|(?<![小社园校厂])区|旗|市)"
#: An address as far as its county, where at least the province or the prefecture stands before.
_AREA = re.compile(f"(?:(?:{_PROVINCE})(?:{_PREFECTURE})?|{_PREFECTURE})(?:{_COUNTY})?")
_SPACES = re.compile(r"\s+")


def mask_person(person: Person) -> Person:
    """The person as lists show them. What they wrote is left out."""
    return replace(
        person,
        name=mask_name(person.name),
        id_number=mask_id_number(person.id_number),
        phone=mask_phone(person.phone),
        address=mask_address(person.address),
        mail=mask_mail(person.mail),
        text="",
    )


def mask_name(name: str) -> str:
    """张三 as 张*, 欧阳娜娜 as 欧阳**, 阿依古丽·买买提 as 阿***·***, 某某建材有限公司 as 某某****公司."""
    plain = _SPACES.sub(" ", name.strip())
    if "·" in plain or " " in plain:
        return re.sub(r"[^·• ]+", lambda part: f"{part[0][0]}{'*' * (len(part[0]) - 1)}", plain)
    if len(plain) >= _ORGANISATION and not plain.isascii():
        return f"{plain[:2]}{'*' * (len(plain) - 4)}{plain[-2:]}"
    shown = 2 if len(plain) > 2 and _DOUBLE_SURNAMES.match(plain) else 1
    return f"{plain[:shown]}{'*' * (len(plain) - shown)}" if len(plain) > 1 else "*" * len(plain)


def mask_id_number(number: str) -> str:
    """The prefecture and the last character: 3713*************X; of short numbers the last two characters."""
    plain = normalize_number(number)
    if len(plain) < 12:
        return f"{'*' * max(len(plain) - 2, 0)}{plain[-2:]}" if len(plain) > 4 else "*" * len(plain)
    return f"{plain[:4]}{'*' * (len(plain) - 5)}{plain[-1]}"


def mask_phone(phone: str) -> str:
    """138****5678; of a line 0539-****78, of any other number the last two digits."""
    plain = normalize_number(phone).removeprefix("+86")
    if len(plain) == 11 and plain.startswith("1"):
        return f"{plain[:3]}****{plain[-4:]}"
    area = re.match(r"0(?:10|2\d|[3-9]\d\d)", plain)
    if area:
        return f"{area[0]}-****{plain[-2:]}"
    return f"****{plain[-2:]}" if len(plain) > 4 else "*" * len(plain)


def mask_address(address: str) -> str:
    """As far as the county: 山东省临沂市沂水县***; nothing of an address that begins below the prefecture."""
    plain = _SPACES.sub("", address)
    area = _AREA.match(plain)
    return f"{area[0] if area and area[0] != plain else ''}{_HIDDEN}" if plain else ""


def mask_mail(mail: str) -> str:
    """z***@example.com."""
    plain = mail.strip()
    box, at, host = plain.rpartition("@")
    return f"{box[:1]}{_HIDDEN}@{host}" if at else _HIDDEN if plain else ""
