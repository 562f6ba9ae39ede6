"""The plan of 2015 as a table, transcribed from the instrument by hand: every duty with all its columns.

Columns: clause, who, form (deadlines by their reading or in their own words), channels (`+` all, `|` any),
contents (`any of` marks kinds; `?` marks what is advisory; the first spelling of each item).
"""

from __future__ import annotations

from typing import NamedTuple

ALL = (
    "bianban fagai caizheng gongguan chengjian guotu shebao weisheng renji minzheng huanbao shijian "
    "anjian renshe shenji keji wujia fuwu xianfuban"
)
LEADS = (
    "fagai caizheng gongguan chengjian guotu shebao weisheng renji minzheng huanbao shijian bianban "
    "anjian renshe shenji keji wujia"
)
HALF_YEARLY, RELIEF = "half-year-before", "救助对象人数 救助标准 补助水平 资金支出"
ITEM_FACTS = "设定依据 申请条件 申请材料 办理地点及时间 联系电话 基本流程 审批时限 收费依据及标准 注意事项"


class Row(NamedTuple):
    clause: str
    who: str
    form: str
    channels: str
    contents: str


SITE = "county-site"
SITE_OR_MEDIA = "county-site|news-media"
EITHER_SITE = "county-site|approval-site"
FILED_OR_SITE = "attested|county-site"

# What the county names as concerned; the lead owes it too and is copied.
CONCERNED = "fagai chengjian guotu huanbao"

PLAN = {
    "approval-reform": Row("一（一）1", "bianban", "timely", SITE, "any of 取消 下放 调整 非行政许可审批清理"),
    "approval-items": Row("一（一）1", ALL, "listed", "county-site+approval-site", ITEM_FACTS),
    "approval-items-change": Row(
        "一（一）1", ALL, "first-moment of approval-item-changed", "county-site+approval-site", ITEM_FACTS
    ),
    "approval-progress": Row(
        "一（一）1", "fuwu", "instantly of approval-step, each-workday", EITHER_SITE, "any of 受理 进展 结果"
    ),
    "power-list": Row(
        "一（一）2", ALL, "by 2015-09-30", SITE, "行政职权 法律依据 实施主体 办理地点及时间 联系电话 运行流程 监督方式"
    ),
    "budget": Row(
        "一（二）1",
        ALL,
        "20 days of budget-approved",
        SITE,
        "支出功能分类项级科目 “三公”经费预算 基本支出经济分类款级科目? 增减变化原因? 机关运行经费?",
    ),
    "final-accounts": Row(
        "一（二）1",
        ALL,
        "20 days of final-accounts-approved",
        SITE,
        "支出功能分类项级科目 “三公”经费决算 基本支出经济分类款级科目? 增减变化原因? 机关运行经费?",
    ),
    "public-resource-trading": Row("一（二）2", "gongguan", "timely", SITE, "any of 项目信息 中标结果 成交结果"),
    "affordable-housing": Row("一（三）1", "chengjian", "timely", SITE, "any of 保障性住房建设 棚户区改造 分配"),
    "housing-fund": Row("一（三）1", "chengjian", "year-before", SITE, "住房公积金 管理运行"),
    "construction-quality": Row(
        "一（三）1", "chengjian", "timely", SITE, "any of 治理行动进展 存在质量问题的项目 施工企业"
    ),
    "expropriation": Row(
        "一（三）2",
        "chengjian",
        "timely",
        SITE,
        "any of 征收决定 补助奖励政策和标准 初步评估结果 补偿方案 补偿标准 补偿结果",
    ),
    "land-supply/transactions": Row(
        "一（三）3", "guotu", "timely", "county-site+own-site", "any of 出让公告 成交公示 供应结果"
    ),
    "land-supply/plan": Row(
        "一（三）3",
        "guotu",
        "year-end",
        "county-site+own-site",
        "供应计划 供地时序? 宗地规划条件? 土地使用要求?",
    ),
    "project-approval": Row("一（四）", CONCERNED, "timely", SITE_OR_MEDIA, "any of 审批 核准 备案"),
    "project-execution": Row(
        "一（四）",
        CONCERNED,
        "timely",
        SITE_OR_MEDIA,
        "any of 基本信息 招投标 征地征收 重大设计变更 施工管理 合同履约 质量安全检查 资金管理 验收",
    ),
    "social-insurance": Row("一（五）1", "shebao", "quarter-before", SITE, "参保情况 待遇支付 基金收支 结余 收益"),
    "insurance-catalogues": Row(
        "一（五）1", "shebao", "by 2015-09-30", "county-site+clinics", "药品目录 诊疗项目 辅助器具目录"
    ),
    "medical-institutions": Row("一（五）2", "weisheng renji", "listed", SITE, "机构目录 医疗服务 价格 收费"),
    "social-assistance/minimum": Row("一（五）3", "minzheng", HALF_YEARLY, SITE, f"低保 {RELIEF}"),
    "social-assistance/destitute": Row("一（五）3", "minzheng", HALF_YEARLY, SITE, f"特困 {RELIEF}"),
    "social-assistance/medical": Row("一（五）3", "minzheng", HALF_YEARLY, SITE, f"医疗救助 {RELIEF}"),
    "social-assistance/temporary": Row("一（五）3", "minzheng", HALF_YEARLY, SITE, f"临时救助 {RELIEF}"),
    "soe-guidance": Row("一（六）", "caizheng", "year-end", SITE, "范围 内容 程序 工作要求"),
    "soe-annual": Row("一（六）", "caizheng", "year-before", SITE, "主要财务指标 整体运行情况 业绩考核结果"),
    "soe-changes": Row(
        "一（六）", "caizheng", "timely-by-plan", SITE, "any of 保值增值 改革重组 负责人职务变动 公开招聘"
    ),
    "air-quality": Row("一（七）1", "huanbao", "every day about previous", SITE, "AQI 所属日期"),
    "environment-monthly/water": Row("一（七）1", "huanbao", "every month about previous", SITE, "水环境质量"),
    "environment-monthly/sources": Row("一（七）1", "huanbao", "every month about previous", SITE, "污染源"),
    "environment-monthly/eia": Row("一（七）1", "huanbao", "every month about previous", SITE, "建设项目环评"),
    "environment-monthly/regional": Row("一（七）1", "huanbao", "every month about previous", SITE, "区域环境质量"),
    "emissions-annual/totals": Row("一（七）1", "huanbao", "year-before", SITE, "主要污染物排放总量"),
    "emissions-annual/supervised": Row("一（七）1", "huanbao", "every year", SITE, "重点监管对象名录"),
    "environment-enforcement": Row("一（七）2", "huanbao", "timely", SITE, "any of 依据 内容 标准 程序 结果"),
    "environment-hotline": Row("一（七）2", "huanbao", "year-end-kept", SITE, "在线举报"),
    "environment-complaints": Row(
        "一（七）2", "huanbao", "timely", SITE, "any of 处理情况 违法违规单位 法定代表人 整改情况"
    ),
    "environment-emergency/response": Row(
        "一（七）3", "huanbao", "first-moment of environment-emergency", "county-site+news-media", "应对情况"
    ),
    "environment-emergency/findings": Row(
        "一（七）3",
        "huanbao",
        "first-moment of environment-emergency-investigated",
        "county-site+news-media",
        "调查结果",
    ),
    "environment-emergency/concerns": Row(
        "一（七）3", "huanbao", "answered of environment-emergency", FILED_OR_SITE, "回应关切"
    ),
    "food-drug": Row("一（八）", "shijian", "timely", SITE, "any of 政策信息 典型案件 抽检结果 专项行动"),
    "social-organisations": Row(
        "一（九）1", "minzheng", "timely", SITE, "any of 成立 变更 注销 评估 年检 查处 服务收费 慈善"
    ),
    "intermediaries": Row(
        "一（九）2", "fagai chengjian guotu huanbao weisheng anjian", "listed", SITE, "名称 经营地址 资质状况 收费标准?"
    ),
    "safety-production": Row("一（十）1", "anjian", "timely", SITE, "安全生产"),
    "employment": Row("一（十）1", "renshe", "timely", SITE, "就业"),
    "fiscal-audit": Row("一（十）1", "shenji", "timely", SITE, "审计"),
    "science-funds": Row("一（十）1", "keji", "timely", SITE, "any of 科技管理 项目经费"),
    "prices": Row("一（十）1", "wujia", "timely", SITE, "any of 价格 收费"),
    "credit": Row("一（十）1", "fagai", "timely", SITE, "信用"),
    "focus-column": Row("一（十）2", "xianfuban", "by 2015-07-31", SITE, ""),
    "focus-column-backend": Row("一（十）2", "xianfuban", "backend-with-column", "attested", "后台账号已开放"),
    "focus-column-upkeep": Row("一（十）2", LEADS, "timely-by-plan after focus-column-backend", SITE, ""),
    "proactive": Row("二（一）", ALL, "timely", SITE_OR_MEDIA, "any of 决策 执行 管理 服务 结果"),
    "foi-rules": Row("三", "xianfuban", "year-end", FILED_OR_SITE, "接收 登记 办理 审核 答复 归档"),
    "foi-templates": Row("三", "xianfuban", "year-end", FILED_OR_SITE, "答复格式 标准化文本"),
    "foi-review": Row("三", ALL, "requests-sorted", "attested", "申请内容 答复情况 问题 建议"),
    "foi-request": Row("三", ALL, "15 workdays of foi-request-received", "tracker", ""),
    "secrecy-review": Row("四", ALL, "year-end", "attested", "保密审查制度"),
    "assessment": Row("四", ALL, "year-end", FILED_OR_SITE, "考核评议制度 问责?"),
    "content-upkeep-system": Row("四", ALL, "year-end", FILED_OR_SITE, "内容保障制度"),
    "work-briefing": Row("四", ALL, "half-yearly", "attested", "汇报材料"),
    "responsible-person": Row("四", ALL, "year-end-kept", FILED_OR_SITE, "分管负责同志 工作人员"),
    "supervision": Row("四", "xianfuban", "monthly-supervision", "tracker", ""),
    "circular": Row("四", "xianfuban", "monthly-circular", "tracker", ""),
}

#: Duties whose clause leaves open which of the kinds comes: 中标或成交; by the kind of project; its stages; everything.
ANY_ONE = ("public-resource-trading", "project-approval", "project-execution", "proactive")

#: name -> (deadlines in words, those assumed)
READINGS = {
    "timely": (["20 workdays of information-formed", "every quarter, zero report"], ["every quarter, zero report"]),
    "timely-by-plan": (
        ["20 workdays of information-formed", "every quarter, zero report"],
        ["20 workdays of information-formed", "every quarter, zero report"],
    ),
    "first-moment": (["24 hours"], ["24 hours"]),
    "answered": (["20 workdays"], ["20 workdays"]),
    "instantly": (["same workday"], ["same workday"]),
    "each-workday": (["every workday, zero report"], ["every workday, zero report"]),
    # 31 July is said of the county office's column: that the lists are due with it is an interpretation.
    "listed": (["by 2015-07-31", "every quarter, upkeep"], ["by 2015-07-31", "every quarter, upkeep"]),
    "quarter-before": (["every quarter about previous"], ["every quarter about previous"]),
    "half-year-before": (["every half-year about previous"], ["every half-year about previous"]),
    "year-before": (["every year about previous"], ["every year about previous"]),
    "backend-with-column": (["by 2015-07-31"], ["by 2015-07-31"]),
    "year-end": (["by 2015-12-31"], ["by 2015-12-31"]),
    "year-end-kept": (["by 2015-12-31", "every quarter, upkeep"], ["by 2015-12-31", "every quarter, upkeep"]),
    "requests-sorted": (["every quarter, zero report", "every year"], ["every quarter, zero report", "every year"]),
    "half-yearly": (["every half-year"], ["every half-year"]),
    "monthly-supervision": (["every month"], ["every month"]),
    "cover-year": (["every year, zero report"], ["every year, zero report"]),
    "monthly-circular": (["every month, zero report"], ["every month, zero report"]),
}

#: What the Regulations of 2007 ask of every year beside the plan.
REGULATIONS = {
    "annual-report": Row(
        "第三十一条、第三十二条", ALL, "every year about previous", SITE, "主动公开 依申请公开 收费 行政复议 主要问题"
    ),
    "guide-and-catalogue/guide": Row(
        "第十九条", ALL, "in-place", SITE, "编排体系 获取方式 工作机构 办公地址 办公时间 联系电话 传真 电子邮箱"
    ),
    "guide-and-catalogue/catalogue": Row("第十九条", ALL, "in-place", SITE, "索引 名称 内容概述 生成日期"),
    "reading-places": Row("第十六条", "xianfuban", "yearly", "attested", "档案馆 公共图书馆"),
    "complaint-answer": Row("第三十三条", ALL, "complaints of complaint-received", "tracker", ""),
    "foi-new-answer": Row(
        "复议决定、判决责令重新答复",
        ALL,
        "0 stated-day of foi-again-ordered, new-answer of foi-again-ordered-undated",
        "tracker",
        "",
    ),
    "publication-review": Row("第十四条", ALL, "review of review-asked", "tracker", ""),
}
