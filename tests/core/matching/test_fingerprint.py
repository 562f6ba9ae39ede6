"""Old texts under new dates are found again; reports of a fixed form are told apart."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.matching.fingerprint import are_alike, band_keys, fingerprint

NOTICE = (
    "各乡镇人民政府，县政府各部门：\n为做好汛期地质灾害防治工作，保障人民群众生命财产安全，现将有关事项通知如下。\n"
    "一、落实责任。各乡镇要把隐患点逐一落实到人，签订责任书，公布值守电话。\n"
    "二、加强巡查。汛期坚持每日巡查，强降雨期间加密频次，发现险情立即组织转移。\n"
    "三、强化宣传。通过广播、微信、明白卡等形式，让群众知道预警信号、撤离路线和安置地点。\n"
    "四、严肃纪律。对排查不力、瞒报漏报造成损失的，依法依规追究有关人员的责任。\n"
    "各单位落实情况请及时报县自然资源局，由其汇总后向县政府报告，并抄送县应急管理局备查。\n"
    "各乡镇应当结合本地实际制定具体方案，明确时间节点，建立台账，逐项销号，确保各项措施真正落到实处，"
    "做到隐患不消除、值守不撤离，整改不到位、督办不松手，切实提高基层防灾减灾救灾的能力和水平。\n"
    "县级有关部门要按照职责分工做好技术支撑和物资保障，财政部门要统筹安排资金，气象、水利部门要加强会商研判。\n"
    "样例县人民政府办公室\n2015年6月5日"
)


def monthly(month: str, *figures: float) -> str:
    cod, nh3, tp, do, flow, rate = figures
    return (
        f"{month}，全县共监测断面6个，其中水质优良的断面占{rate}%。化学需氧量平均浓度为{cod}毫克/升，"
        f"氨氮平均浓度为{nh3}毫克/升，总磷平均浓度为{tp}毫克/升，溶解氧为{do}毫克/升，平均流量为{flow}立方米/秒，"
        "与上年同期相比保持稳定，无劣五类断面，饮用水水源地水质全部达标。"
    )


AUGUST = monthly("2015年8月份", 15.2, 0.45, 0.08, 7.9, 33.1, 83.3)

SAME = {
    "the very same": (NOTICE, NOTICE),
    "white space": (NOTICE, NOTICE.replace("。", "。\n\n　　")),
    "another typography": (NOTICE, NOTICE.replace("，", ",").replace("2015", "２０１５")),
    "signed on another day": (NOTICE, NOTICE.replace("2015年6月5日", "2016年7月12日")),
    "signed in Chinese numerals": (NOTICE, NOTICE.replace("2015年6月5日", "二〇一六年七月十二日")),
    "date left out": (NOTICE, NOTICE.replace("2015年6月5日", "")),
    "one word changed": (NOTICE, NOTICE.replace("县自然资源局", "县国土资源局", 1)),
    "a foot added": (NOTICE, NOTICE + "\n（此件公开发布）"),
    "one figure of many changed": (AUGUST, AUGUST.replace("33.1", "34.1")),
    "the day of a report with its figures": (AUGUST + "2015年9月3日", AUGUST + "2015年10月8日"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_the_same_text_is_found_again(one: str, other: str) -> None:
    assert are_alike(fingerprint(one), fingerprint(other))


OTHER = {
    "the next month": (AUGUST, monthly("2015年9月份", 14.8, 0.39, 0.07, 8.2, 21.6, 100)),
    "the same month, other figures": (AUGUST, monthly("2015年8月份", 14.8, 0.39, 0.07, 8.2, 21.6, 100)),
    "the next month, the same figures": (AUGUST, AUGUST.replace("8月份", "9月份")),
    "three figures changed": (AUGUST, AUGUST.replace("15.2", "16.0").replace("0.45", "0.5").replace("33.1", "30")),
    "a daily notice without figures": (
        "2015年6月5日，全县空气质量为良，首要污染物为细颗粒物，适宜开展户外活动，敏感人群请注意防护，请广大市民知悉。",
        "2015年6月6日，全县空气质量为良，首要污染物为细颗粒物，适宜开展户外活动，敏感人群请注意防护，请广大市民知悉。",
    ),
    "another matter": (
        NOTICE,
        NOTICE.replace("地质灾害", "森林火灾").replace("降雨", "风").replace("隐患", "火")[:300],
    ),
    "too short": ("见附件。", "见附件。"),
    "nothing": ("", ""),
    "a table of other figures": (
        "月报\n" + "\n".join(f"断面{n}\t{n * 7 % 13}.{n}\t{n * 3 % 11}\t达标" for n in range(60)),
        "月报\n" + "\n".join(f"断面{n}\t{n * 5 % 17}.{n + 1}\t{n * 4 % 19}\t达标" for n in range(60)),
    ),
    "rosters of one form": (
        "经研究，决定任命：\n" + "、".join("张李王赵陈刘"[n % 6] + chr(0x4E00 + 97 * n) + "为科员" for n in range(40)),
        "经研究，决定任命：\n" + "、".join("孙周吴郑冯褚"[n % 6] + chr(0x5E00 + 89 * n) + "为科员" for n in range(40)),
    ),
}


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER)
def test_other_texts_are_not_taken_for_it(one: str, other: str) -> None:
    assert not are_alike(fingerprint(one), fingerprint(other))


def test_no_two_months_of_a_year_are_alike() -> None:
    draw = random.Random(1)
    reports = [
        fingerprint(monthly(f"2015年{n}月份", *(round(draw.uniform(1, 50), 1) for _ in range(6)))) for n in range(1, 13)
    ]
    assert not any(are_alike(one, other) for one in reports for other in reports if one is not other)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_texts_can_be_compared(one: str, other: str) -> None:
    a, b = fingerprint(one), fingerprint(other)
    assert len(a) <= 96
    assert are_alike(a, b) == are_alike(b, a)
    assert are_alike(a, a) == (a != "")


def test_what_another_version_wrote_is_like_nothing() -> None:
    assert not are_alike("1:2", fingerprint(NOTICE))
    assert not are_alike("1:2", "1:2")


def test_texts_that_may_be_alike_share_a_band_and_others_few() -> None:
    draw = random.Random(1)
    written = fingerprint(NOTICE)
    form = int(written[17:33], 16)

    def bands(bits: list[int]) -> set[tuple[int, int]]:
        changed = form
        for bit in bits:
            changed ^= 1 << bit
        return set(band_keys(f"{written[:17]}{changed:016x}{written[33:]}"))

    assert all(bands(draw.sample(range(64), 4)) & bands([]) for _ in range(200))
    assert not any(bands(list(range(first, 64, 9))) & bands([]) for first in range(5))
    assert band_keys("1:2") == ()
