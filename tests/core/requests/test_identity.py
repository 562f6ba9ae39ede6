"""Identity numbers and credit codes are checked, the same person is known again, and personal data in texts is found.

No number here is a living person's: the areas or days are invented, the check digits computed.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.requests.identity import (
    compute_credit_check,
    compute_resident_check,
    find_credit_error,
    find_id_error,
    find_personal_data,
    find_resident_error,
    identify,
    infer_id_type,
    normalize_number,
    parse_id_type,
)
from tracker.core.requests.values import Person

#: GB 11643's own example, and codes of GB 32100's form.
RESIDENT, CREDIT = "11010519491231002X", "91350100M000100Y43"

NUMBERS = [
    # what is written, its kind, what is wrong ("": nothing)
    (RESIDENT, "resident", ""),
    ("110105491231002", "resident", ""),
    (CREDIT, "credit", ""),
    ("110105194912310020", "resident", "character 18 would be X"),
    ("11010519491231003X", "resident", "character 18 would be 8"),
    ("11010519491331002X", "resident", "characters 7-14"),
    ("110105491331002", "resident", "characters 7-12"),
    ("99010519491231002X", "resident", "begins with 99"),
    ("1101051949123100", "resident", "not 16"),
    ("1101051949I231002X", "resident", "character 11 of the identity number is I"),
    ("91350100M000100Y44", "credit", "character 18 would be 3"),
    ("91350100MO00100Y43", "credit", "character 10 of the credit code is O"),
    ("91350100M000100Y4", "credit", "not 17"),
    ("G12345678", "passport", ""),
]


@pytest.mark.parametrize(("number", "kind", "wrong"), NUMBERS)
def test_a_wrong_number_is_told_with_its_place_and_what_would_be_right(number: str, kind: str, wrong: str) -> None:
    error = find_id_error(kind, number)
    assert (error is None) if not wrong else (wrong in str(error))


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (RESIDENT, "resident"),
        ("110105194912310020", "resident"),  # a typo is still a person's
        ("110105491231002", "resident"),
        (CREDIT, "credit"),
        ("113713000045123456", "resident"),
        ("E12345678", "other"),
    ],
)
def test_the_kind_follows_from_the_form(number: str, kind: str) -> None:
    assert infer_id_type(number) == kind


def test_a_credit_code_of_digits_alone_is_no_identity_number() -> None:
    code = "91110108592366240"
    code += compute_credit_check(code)
    assert code.isdigit()
    assert infer_id_type(code) == "credit"


def test_kinds_are_written_in_chinese_too() -> None:
    assert [parse_id_type(text) for text in ("居民身份证", "身份证", "passport", "", "驾驶证")] == [
        "resident", "resident", "passport", "", None,
    ]  # fmt: skip


@given(st.text("0123456789", min_size=14, max_size=14), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(tail: str, place: int, step: int) -> None:
    """MOD 11-2 finds every single wrong digit."""
    digits = f"371{tail}"
    wrong = f"{digits[:place]}{(int(digits[place]) + step) % 10}{digits[place + 1 :]}"
    assert compute_resident_check(digits) != compute_resident_check(wrong)


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.integers(0, 15))
def test_two_letters_changed_over_never_pass(code: str, place: int) -> None:
    swapped = f"{code[:place]}{code[place + 1]}{code[place]}{code[place + 2 :]}"
    same = swapped == code
    assert (compute_credit_check(swapped) == compute_credit_check(code)) == same
    assert find_credit_error(code + compute_credit_check(code)) is None


SAME = [
    # two ways to write one person
    (Person("张三", id_number=RESIDENT), Person("张 三", "resident", "１１０１０５ 19491231 002x")),
    (Person("张三", id_number="110105491231002"), Person("张三", id_number=RESIDENT)),
    (Person("张三", phone="13800001234"), Person(" 张三", phone="+86 138-0000-1234")),
    (Person("张三", mail="Z@Example.com"), Person("张三", mail="z@example.com")),
    (Person("张三", address="某镇 某村 １号"), Person("张三", address="某镇某村1号")),
]
OTHERS = [
    (Person("张三", id_number=RESIDENT), Person("张三", phone="13800001234")),
    (Person("张三", phone="13800001234"), Person("李四", phone="13800001234")),
    (Person("张三", "passport", "G12345678"), Person("张三", "military", "G12345678")),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_same_person_is_known_again(first: Person, second: Person) -> None:
    assert identify(first) == identify(second) != ()


@pytest.mark.parametrize(("first", "second"), OTHERS)
def test_others_are_told_apart(first: Person, second: Person) -> None:
    assert identify(first) != identify(second)


def test_a_name_alone_identifies_nobody() -> None:
    assert identify(Person("张伟")) == ()


TEXTS = [
    ("关于某某村土地征收补偿方案", []),
    (f"身份证{RESIDENT}的宅基地登记", [("id-number", 4)]),
    ("身份证１１０１０５１９４９１２３１００２Ｘ的登记", [("id-number", 4)]),
    ("110105 19491231 0020 的登记", [("id-number", 1)]),  # a wrong check digit too
    ("旧证110105491231002", [("id-number", 3)]),
    ("联系电话138 0000 1234", [("mobile", 5)]),
    ("电话：+86-13800001234", [("mobile", 4)]),
    (f"某公司（{CREDIT}）的用地批文", []),
    ("鲁政土字〔2015〕13800号、沂建许字20150102003", []),
    ("公示电话0539-2251234", []),
    ("流水号201512310000123456789", []),
    ("工程编号371323201500", []),
    ("金额13800001234567元", []),
]


@pytest.mark.parametrize(("text", "found"), TEXTS)
def test_personal_data_in_a_text_is_found_at_its_place(text: str, found: list[tuple[str, int]]) -> None:
    assert list(find_personal_data(text)) == found


def test_no_error_repeats_the_number() -> None:
    for number, kind, wrong in NUMBERS:
        if wrong:
            assert normalize_number(number)[6:] not in str(find_id_error(kind, number))
    assert find_resident_error(RESIDENT) is None
