"""The words county sites are made of: made-up counties, departments, titles, paragraphs. Seeded, never the clock."""

# ruff: noqa: E501  (lists of Chinese words)

from __future__ import annotations

from datetime import date, timedelta
from random import Random

COUNTIES = ["阳黎县", "青岚县", "溪屏县", "北渡县", "石垭县", "云坪县", "清柘县", "望淮县", "梧浦县", "龙坞县"]

DEPARTMENTS = [
    "环境保护局", "财政局", "民政局", "教育局", "卫生和计划生育局", "国土资源局", "安全生产监督管理局",
    "食品药品监督管理局", "住房和城乡建设局", "人力资源和社会保障局", "审计局", "农业局", "水务局", "统计局",
    "发展和改革局", "公安局", "交通运输局", "林业局", "市场监督管理局", "扶贫开发办公室",
]  # fmt: skip

_TOWNS = [
    "城关镇", "河口镇", "柳坝镇", "大坪乡", "金沙镇", "白马乡", "石桥镇", "兴隆镇", "双河乡", "东岭街道", "沙湾镇",
]  # fmt: skip

_TOPICS = [
    "做好今冬明春农田水利建设工作", "开展食品安全专项检查", "城乡居民最低生活保障对象名单", "建设用地规划许可",
    "农村危房改造补助资金分配", "公开招聘事业单位工作人员", "集中式生活饮用水水源水质监测信息", "重点污染源监督性监测结果",
    "国有土地使用权出让", "医疗救助资金发放", "安全生产大检查情况", "保障性住房分配", "义务教育阶段招生",
    "行政审批事项清理结果", "征地补偿安置方案", "惠农补贴资金兑付", "政府采购中标结果", "价格和收费监督检查",
    "加强森林防火工作", "地质灾害隐患点排查", "药品零售企业飞行检查", "防汛抗旱应急预案修订", "临时救助资金使用",
    "校车安全管理", "残疾人两项补贴发放", "农产品质量安全例行监测", "道路交通安全整治", "小额工程招标备案",
    "行政处罚案件办理", "公共卫生服务项目考核", "重大建设项目环境影响评价受理", "就业困难人员认定", "粮食收购资格核查",
    "畜禽养殖污染治理", "科技项目申报", "公益性岗位设置", "企业退休人员基本养老金调整", "涉企收费目录清单",
]  # fmt: skip

_KINDS = ["通知", "公告", "公示", "通报", "意见", "情况说明", "通告", "函"]

SENTENCES = [
    "各乡镇人民政府、街道办事处，县政府各部门要高度重视，明确责任分工，确保各项工作落到实处。",
    "根据上级有关文件精神，结合我县实际，经县政府常务会议研究同意，现将有关事项通知如下。",
    "要坚持问题导向，建立工作台账，逐项明确整改措施、责任人和完成时限。",
    "相关单位应当于规定时间内将落实情况报县政府办公室，逾期未报的将予以通报。",
    "本次检查共出动执法人员一百二十六人次，检查经营单位八十七家，发现问题三十一处，已全部责令整改。",
    "公示期间，任何单位和个人如有异议，可以书面形式向我局反映，并提供联系方式。",
    "要加强宣传引导，通过广播、电视、网络和张贴公告等形式，使群众了解政策、参与监督。",
    "资金实行专账管理、专款专用，任何单位和个人不得截留、挤占、挪用。",
    "对工作推进不力、造成不良影响的，将依照有关规定追究相关人员责任。",
    "全县共排查隐患点四十二处，其中重大隐患三处，均已落实监测人员和防范措施。",
    "申请人应当如实提供材料，对材料的真实性负责；弄虚作假的，取消资格并记入信用记录。",
    "经现场核查和专家评审，符合条件的予以受理，不符合条件的一次性告知需要补正的全部内容。",
    "与上年同期相比，各项指标总体保持平稳，部分指标略有改善。",
    "县级财政已足额安排配套资金，并于上月拨付到位。",
    "各责任单位要按照职责分工，密切配合，形成工作合力。",
    "监测数据由县环境监测站提供，采样和分析方法符合国家标准要求。",
]


def title(rng: Random, county: str, day: date) -> str:
    """A title that could stand in a county's list on that day."""
    department, town, topic = rng.choice(DEPARTMENTS), rng.choice(_TOWNS), rng.choice(_TOPICS)
    form = rng.randrange(9)
    last = day.replace(day=1) - timedelta(days=1)
    if form == 0:
        return f"{county}{department}关于{topic}的{rng.choice(_KINDS)}"
    if form == 1:
        return f"关于{town}{topic}的{rng.choice(_KINDS)}"
    if form == 2:
        return f"{county}{last.month}月份{rng.choice(['水环境质量', '环境空气质量', '城区噪声'])}状况"
    if form == 3:
        return f"{county}{department}{day.year}年{topic}{rng.choice(['情况', '结果', '工作总结', '实施方案'])}"
    if form == 4:
        return f"关于印发《{county}{topic}实施方案》的通知"
    if form == 5:
        return f"{town}召开{topic}工作推进会"
    if form == 6:
        return f"{county}人民政府办公室关于{topic}的{rng.choice(_KINDS)}（{county[0]}政办发〔{day.year}〕{rng.randrange(3, 180)}号）"
    if form == 7:
        return f"{department}{day.year}年第{rng.randrange(1, 40)}号{rng.choice(['公告', '公示', '通告'])}"
    return f"{county}{day.year}年{topic}公示（第{rng.choice('一二三四五六七八')}批）"


def days_back(rng: Random, newest: date, count: int, *, step: int = 5) -> list[date]:
    """Days from new to old, several of them alike now and then."""
    days = [newest]
    while len(days) < count:
        days.append(days[-1] - timedelta(days=rng.choice([0, 1, 1, 2, 3, step])))
    return days


def paragraphs(rng: Random, count: int) -> list[str]:
    return ["".join(rng.sample(SENTENCES, rng.randrange(2, 5))) for _ in range(count)]


def shortened(text: str, length: int = 22) -> str:
    return text if len(text) <= length else f"{text[:length]}…"


def chinese(day: date) -> str:
    """二〇一五年九月二十八日."""
    digits = "〇一二三四五六七八九"
    return f"{''.join(digits[int(d)] for d in str(day.year))}年{_count(day.month)}月{_count(day.day)}日"


def _count(number: int) -> str:
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return f"{head}{digits[ones] if ones else ''}"


def weekday(day: date) -> str:
    return f"星期{'一二三四五六日'[day.weekday()]}"
