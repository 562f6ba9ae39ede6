"""Personal data as lists show it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracker.core.requests.masking import (
    mask_address,
    mask_id_number,
    mask_mail,
    mask_name,
    mask_person,
    mask_phone,
)
from tracker.core.requests.values import Person

MASKS = [
    (mask_name, "张三", "张*"),
    (mask_name, "张三丰", "张**"),
    (mask_name, "欧阳娜娜", "欧阳**"),
    (mask_name, "欧阳", "欧*"),
    (mask_name, "张", "*"),
    (mask_name, "阿依古丽·买买提", "阿***·买**"),
    (mask_name, "John Smith", "J*** S****"),
    (mask_name, "沂水县某某建材有限公司", "沂水*******公司"),
    (mask_name, "", ""),
    (mask_id_number, "11010519491231002X", "1101*************X"),
    (mask_id_number, "110105491231002", "1101**********2"),
    (mask_id_number, "91350100M000100Y43", "9135*************3"),
    (mask_id_number, "G12345678", "*******78"),
    (mask_id_number, "123", "***"),
    (mask_phone, "13800001234", "138****1234"),
    (mask_phone, "+86 138-0000-1234", "138****1234"),
    (mask_phone, "0539-2251234", "0539-****34"),
    (mask_phone, "01012345678", "010-****78"),
    (mask_phone, "2251234", "****34"),
    (mask_phone, "110", "***"),
    (mask_address, "山东省临沂市沂水县某某镇某村12号", "山东省临沂市沂水县***"),
    (mask_address, "山东省 临沂市 兰山区某路", "山东省临沂市兰山区***"),
    (mask_address, "北京市海淀区某路1号", "北京市海淀区***"),
    (mask_address, "内蒙古自治区呼和浩特市新城区某街", "内蒙古自治区呼和浩特市新城区***"),
    (mask_address, "临沂市向阳小区3号楼", "临沂市***"),
    (mask_address, "向阳小区3号楼", "***"),
    (mask_address, "某镇某村12号", "***"),
    (mask_address, "沂水县", "***"),
    (mask_mail, "zhangsan@example.com", "z***@example.com"),
    (mask_mail, "no address", "***"),
    (mask_mail, "", ""),
]


@pytest.mark.parametrize(("mask", "text", "masked"), MASKS)
def test_masks(mask: Callable[[str], str], text: str, masked: str) -> None:
    assert mask(text) == masked


def test_what_a_person_wrote_is_left_out() -> None:
    person = Person("张三", "resident", "11010519491231002X", "13800001234", "某村", "z@example.com", "请公开我的补偿")
    assert mask_person(person) == Person(
        "张*", "resident", "1101*************X", "138****1234", "***", "z***@example.com", ""
    )


def test_a_log_or_an_error_that_prints_a_person_tells_nothing() -> None:
    assert f"{Person('张三', phone='13800001234')} {[Person('张三')]!r}" == "Person(…) [Person(…)]"
