"""The words by which titles are read, loaded from `rulebook/titles.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: The kinds of document that are only about the owed publication, and that a rule may accept in its place: a report on
#: an activity, a plan, an explanation or blank form, a draft, a document passed on for another body, a request or
#: invitation, a correction. With `accepts: [news]`, 我县开展检查 proves a duty to publish the results of inspections.
Accepted = Literal["news", "plan", "guide", "draft", "forward", "call", "correction"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The lists of words of `rulebook/titles.yaml`; its comments say what the words of each list do in a title.

    Behind each list stand two of its words.
    """

    # -- The last noun names the kind of the entry: the entry may be the owed publication
    list_nouns: tuple[str, ...]  # 清单 名单
    table_nouns: tuple[str, ...]  # 一览表 明细表
    record_nouns: tuple[str, ...]  # 情况 结果
    periodical_nouns: tuple[str, ...]  # 简报 播报
    data_nouns: tuple[str, ...]  # 预算 决算
    # -- The last noun names the kind of the entry: the entry is another document
    plan_nouns: tuple[str, ...]  # 方案 应急预案
    rule_nouns: tuple[str, ...]  # 办法 管理办法
    guide_nouns: tuple[str, ...]  # 指南 申请表
    news_nouns: tuple[str, ...]  # 会议 座谈会
    invitation_nouns: tuple[str, ...]  # 招聘 启事
    work_report_nouns: tuple[str, ...]  # 工作总结 落实情况
    ambiguous_nouns: tuple[str, ...]  # 综述 批复
    # -- What only announces the noun before it
    announcement_nouns: tuple[str, ...]  # 公告 说明
    publishing_nouns: tuple[str, ...]  # 公示 公布
    announced_nouns: tuple[str, ...]  # 认定 项目
    # -- States and sources
    draft_words: tuple[str, ...]  # 征求意见稿 草案
    sample_words: tuple[str, ...]  # 样本 模板
    forwarding_words: tuple[str, ...]  # 转发 转载
    correction_words: tuple[str, ...]  # 更正 勘误
    not_current_words: tuple[str, ...]  # 推迟 终止
    not_current_exceptions: tuple[str, ...]  # 拟聘用 工期延期
    question_words: tuple[str, ...]  # 如何 是什么
    letter_words: tuple[str, ...]  # 来信 留言
    leading_tags: tuple[str, ...]  # 政策解读 文件解读
    # -- The verb after 关于, which says what the document does
    issuing_verbs: tuple[str, ...]  # 印发 公布
    publishing_verbs: tuple[str, ...]  # 公布 公示
    request_verbs: tuple[str, ...]  # 报送 召开
    work_verbs: tuple[str, ...]  # 开展 检查
    measure_verbs: tuple[str, ...]  # 修订 启用
    decision_verbs: tuple[str, ...]  # 核准 批准
    official_act_verbs: tuple[str, ...]  # 取消 下放
    # -- Verbs of headlines, in which somebody does something
    occasion_verbs: tuple[str, ...]  # 召开 举行
    launch_verbs: tuple[str, ...]  # 上线 进驻
    meeting_verbs: tuple[str, ...]  # 部署 学习
    activity_words: tuple[str, ...]  # 开展 推进
    emphasis_words: tuple[str, ...]  # 积极 扎实
    # -- Words that turn a record to another matter
    diverting_words: tuple[str, ...]  # 培训 平台
    always_diverting_words: tuple[str, ...]  # 优秀 全省
    staff_nouns: tuple[str, ...]  # 人员 工作者
    recipient_words: tuple[str, ...]  # 就业 失业
    diverting_exceptions: tuple[str, ...]  # 被执行人 培训补贴
    body_name_endings: tuple[str, ...]  # 局 监测站
    filler_nouns: tuple[str, ...]  # 有关 年度
    headline_subjects: tuple[str, ...]  # 我县 全县
    leader_titles: tuple[str, ...]  # 县领导 县长

    def __hash__(self) -> int:
        # Every reading of a title hashes the lexicon as part of a cache key. One list suffices: there is one lexicon.
        return hash(self.list_nouns)
