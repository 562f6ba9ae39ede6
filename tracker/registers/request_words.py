"""The heads and words that offices write in their sheets of requests, by what Duban calls them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping


def _split(texts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(text.split()) for key, text in texts.items()}


#: What a column can hold, with the heads that offices write; the first is the field's Chinese name.
HEADS: Mapping[str, tuple[str, ...]] = _split(
    {
        "number": "登记编号 登记号 编号 申请编号 受理编号 收件编号 登记表编号",
        "kind": "来件类别 来件类型 事项类别 事项类型",
        "department": "受理机关 受理单位 受理部门 登记单位 登记机关 收件单位 收件机关 接收单位",
        "owner": (
            "承办单位 承办部门 承办机关 主办单位 责任单位 责任部门 办理单位 办理部门 答复单位 答复机关 被申请单位 "
            "被申请机关 单位 部门"
        ),
        "way": (
            "申请方式 申请途径 申请渠道 申请形式 提交方式 提交途径 收件方式 接收方式 受理方式 来件方式 来源渠道 渠道"
        ),
        "filed": "申请时间 申请日期 提交时间 提交日期 提出时间 提出日期 寄出日期 投诉日期 投诉时间 来电日期 来电时间",
        "received": (
            "收到日期 收到时间 收到申请日期 收到申请时间 接收日期 接收时间 收件日期 收件时间 受理日期 受理时间 "
            "签收日期 签收时间 收文日期"
        ),
        "registered": "登记日期 登记时间",
        "applicant": "申请人 申请人姓名 申请人名称 申请人姓名或名称 姓名 姓名或名称 投诉人 投诉人姓名 来电人 咨询人",
        "applicant_kind": "申请人类别 申请人类型 申请人性质 申请人属性 申请主体 主体类型",
        "id_type": "证件类型 证件种类 证件名称",
        "id_number": (
            "身份证号 身份证号码 身份证 证件号码 证件号 公民身份号码 居民身份证号 居民身份证号码 统一社会信用代码 "
            "有效证件号码"
        ),
        "phone": "联系电话 电话 电话号码 联系方式 手机 手机号 手机号码",
        "address": "联系地址 地址 通讯地址 通信地址 邮寄地址 住址",
        "mail": "电子邮箱 邮箱 电子邮件地址",
        "title": "事项名称 标题 申请标题 信息名称 所需信息名称 申请信息名称",
        "text": (
            "申请内容 申请事项 申请公开内容 申请公开事项 申请公开的信息 申请公开的内容 申请公开的政府信息 "
            "申请信息内容 所需信息 所需信息内容 所需信息的内容描述 所需政府信息 内容描述 申请内容描述 投诉内容 "
            "投诉事项 咨询内容 诉求内容 来件内容"
        ),
        "topic": "信息主题 主题 主题分类 信息分类",
        "asked": "告知补正日期 补正告知日期 补正告知时间 补正通知日期 通知补正日期 要求补正日期 发出补正日期",
        "until": "补正期限 补正截止日期",
        "corrected": "收到补正日期 补正收到日期 补正完成日期 申请人补正日期 补正材料收到日期 补正回复日期",
        "consulted": "征求第三方意见日期 征求意见日期 征求意见时间 征求第三方日期",
        "opinion": "收到第三方意见日期 第三方意见收到日期 收到意见日期 第三方反馈日期 反馈意见日期",
        "opinion_result": "第三方意见 征求意见结果 反馈意见",
        "extended": "延期告知日期 延期 延期日期 告知延期日期 延期告知时间 延期通知日期 延期答复告知日期 是否延期",
        "extended_again": "再次延期日期 再次延期 第二次延期 第二次延期日期 二次延期",
        "reviewed": "审核日期 审核时间 审批日期",
        "author": "拟稿人 答复拟稿人 起草人 拟办人",
        "reviewer": "审核人 审核人员 审批人",
        "answered": "答复日期 答复时间 办结日期 办结时间 答复办结日期 实际答复日期 书面答复日期 回复日期 回复时间",
        "result": "答复类型 办理结果 答复结果 处理结果 答复种类 答复情况 办理情况 答复类别 结果",
        "ground": "不予公开理由 不公开理由 不予公开依据 不予公开的理由 不予公开原因",
        "archived": "归档日期 归档时间",
        "note": "备注 说明",
    }
)
#: Heads that say either of two things; where the sheet has a column for the one, they say the other.
AMBIGUOUS_HEADS: Mapping[str, tuple[str, str]] = dict.fromkeys(("补正日期", "补正时间", "补正"), ("corrected", "asked"))

#: The words of closed lists, by field and code; the first is the one that errors name.
WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "kind": _split(
        {
            "request": "依申请公开 申请 信息公开申请",
            "complaint": "投诉 举报 投诉举报",
            "question": "咨询 12345 咨询求助 12345热线",
        }
    ),
    "way": _split(
        {
            "in-person": "当面 当面提交 当面递交 现场 现场提交 现场申请 窗口 窗口提交 上门 来人",
            "registered-post": "挂号信 挂号 挂号邮寄 ems 特快专递 邮政特快专递 邮政快递 快递 邮政ems",
            "ordinary-post": "平常信函 平信 普通信函 普通信件 普通邮寄 平邮",
            "online": "网络 网上 网站 互联网 在线 在线申请 网上申请 网站申请 网络申请 政府网站 网页",
            "fax": "传真",
            "mail": "电子邮件 电子邮箱 邮箱 e-mail email",
            "oral": "口头 口头申请 电话 来电 热线",
        }
    ),
    "applicant_kind": _split(
        {
            "natural": "自然人 公民 个人",
            "company": "商业企业 企业 公司",
            "research": "科研机构 科研院所 高校",
            "welfare": "社会公益组织 公益组织 社会组织",
            "legal": "法律服务机构 律师事务所 律所",
            "other": "其他 其它 其他组织",
        }
    ),
    "result": _split(
        {
            "published": "已主动公开 主动公开 属于主动公开 已公开",
            "disclosed": "予以公开 公开 同意公开 全部公开 属于公开范围 已予公开",
            "partly": "部分公开 同意部分公开 予以部分公开 区分处理",
            "withheld": "不予公开 不公开 不同意公开",
            "special-register": "法律法规另有规定 另有规定 不动产登记资料查询",
            "nonexistent": "信息不存在 不存在 政府信息不存在 申请信息不存在",
            "not-held": (
                "不属于本机关负责公开 不属于本机关公开 非本机关公开 不属于本机关 本机关不掌握 非本机关掌握 "
                "不属于本机关掌握"
            ),
            "needs-making": "需要另行制作 需另行制作 没有现成信息 无现成信息",
            "unclear": "补正后内容仍不明确 补正后仍不明确 申请内容不明确 内容不明确",
            "petition": "信访 信访投诉 信访投诉举报 信访举报投诉类申请",
            "repeated": "重复申请 不予重复处理 不重复处理",
            "publications": "要求提供公开出版物 公开出版物",
            "excessive": "无正当理由大量反复申请 大量反复申请",
            "reissue": "确认或重新出具 要求确认或重新出具 重新出具",
            "uncorrected": "逾期不补正 不补正",
            "unpaid": "逾期不缴费 未缴费",
            "other": "其他 其它 其他处理",
            "withdrawn": "撤回 申请人撤回 撤销申请 申请人撤销申请 撤回申请",
            "abandoned": "视为放弃 放弃 放弃申请 视为放弃申请",
            "open": "办理中 在办 未答复 待答复 正在办理 未办结",
        }
    ),
    "ground": _split(
        {
            "secret": "国家秘密 属于国家秘密",
            "prohibited": "法律、行政法规禁止公开 法律法规禁止公开 法律行政法规禁止公开",
            "stability": "三安全一稳定 危及三安全一稳定 危及国家安全、公共安全、经济安全、社会稳定",
            "commercial-secret": "商业秘密 涉及商业秘密",
            "privacy": "个人隐私 涉及个人隐私",
            "internal": "内部事务信息 内部管理信息 三类内部事务信息",
            "process": "过程性信息 四类过程性信息",
            "enforcement-file": "行政执法案卷信息 行政执法案卷",
        }
    ),
    "opinion_result": _split(
        {
            "agree": "同意公开 同意",
            "refuse": "不同意公开 不同意",
            "silent": "逾期未提出意见 未答复 未回复",
        }
    ),
}
#: Words that may mean several codes, between which a rule makes a difference.
AMBIGUOUS_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "way": dict.fromkeys(("邮寄", "信函", "信件", "书信", "来信"), ("registered-post", "ordinary-post")),
    "applicant_kind": dict.fromkeys(
        ("法人", "法人或其他组织", "法人或者其他组织", "单位", "组织"), tuple(WORDS["applicant_kind"])[1:]
    ),
}
#: How a sheet says that nothing of the kind happened.
NOTHING = frozenset(("", "否", "无", "未", "没有", "/", "-", "—", "——", "不涉及", "未延期", "不延期"))


def squeeze_word(text: str) -> str:
    """A word of a closed list without blanks, in half width and lower case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold().rstrip("。;")
