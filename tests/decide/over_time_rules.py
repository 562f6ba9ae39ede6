"""The county of the tables that run over months: eight departments, the duties a table picks from."""
# ruff: noqa: E501  (a line a department)

COUNTY = """\
county: small
name: 清河县
allow_private: true
start: 2015-01-01
packs: [small]
departments:
  huanbao: {name: 环保局, aliases: [环境保护局, 县环保局], liaison: {name: 甲, mail: huanbao@small.example}, lead: {name: 甲长, mail: huanbao-lead@small.example}}
  minzheng: {name: 民政局, aliases: [县民政局], liaison: {name: 乙, mail: minzheng@small.example}, lead: {name: 乙长, mail: minzheng-lead@small.example}}
  caizheng: {name: 财政局, aliases: [县财政局], liaison: {name: 丙, mail: caizheng@small.example}, lead: {name: 丙长, mail: caizheng-lead@small.example}}
  shijian: {name: 食药监局, aliases: [食品药品监督管理局, 市场监管局], liaison: {name: 丁, mail: shijian@small.example}, lead: {name: 丁长, mail: shijian-lead@small.example}}
  jiaoyu: {name: 教育局, aliases: [县教育局, 教体局], liaison: {name: 戊, mail: jiaoyu@small.example}, lead: {name: 戊长, mail: jiaoyu-lead@small.example}}
  anjian: {name: 安监局, aliases: [安全生产监督管理局], liaison: {name: 己, mail: anjian@small.example}, lead: {name: 己长, mail: anjian-lead@small.example}}
  guotu: {name: 国土局, aliases: [国土资源局], liaison: {name: 庚, mail: guotu@small.example}, lead: {name: 庚长, mail: guotu-lead@small.example}}
  shuiwu: {name: 水务局, aliases: [水利局], liaison: {name: 辛, mail: shuiwu@small.example}, lead: {name: 辛长, mail: shuiwu-lead@small.example}}
roles: {county-office: {mail: office@small.example}, supervisor: {mail: supervisor@small.example}}
channels:
  county-site:
    base: "${SMALL_SITE}"
    columns:
      hjbh: {title: 环境保护, url: /hjbh/}
      kqzl: {title: 空气质量, url: /kqzl/}
      shjz: {title: 社会救助, url: /shjz/}
      czyjs: {title: 财政预决算, url: /czyjs/}
      qlqd: {title: 权力清单, url: /qlqd/}
      spaq: {title: 食品安全, url: /spaq/}
      aqsc: {title: 安全生产, url: /aqsc/}
      jyxx: {title: 教育信息, url: /jyxx/}
      tdgy: {title: 土地供应, url: /tdgy/}
      ndbg: {title: 信息公开年报, url: /ndbg/}
      yjxx: {title: 应急信息, url: /yjxx/}
"""

RULES = {
    "head": """\
pack: small
title: 清河县方案
in_force: {from: 2015-01-01, until: 2015-12-31}
events:
  budget-approved: {title: 预算批复, needs: [year]}
  emergency: {title: 突发环境事件发生}
duties:
""",
    "water": """\
  - id: water
    title: 水环境质量月报
    clause: 一1
    departments: [huanbao]
    channels: county-site
    deadline: {every: month, about: previous}
    evidence: {column: hjbh, title: 水环境|水质}
""",
    "water-anywhere": """\
  - id: water
    title: 水环境质量月报
    clause: 一1
    departments: [huanbao]
    channels: {any_of: [county-site, new-site]}
    deadline: {every: month, about: previous}
    evidence: {column: hjbh, title: 水环境|水质}
""",
    "drinking": """\
  - id: drinking
    title: 饮用水监测信息
    clause: 一2
    departments: [shuiwu]
    channels: county-site
    deadline: {every: month, about: this, due: +10 days}
    evidence: {column: hjbh, title: 饮用水}
""",
    "air": """\
  - id: air
    title: 空气质量日报
    clause: 一3
    departments: [huanbao]
    channels: county-site
    deadline: {every: day, about: previous}
    evidence: {column: kqzl, title: 空气质量}
    escalation: standard
""",
    "relief": """\
  - id: relief
    title: 社会救助情况
    clause: 一4
    departments: [minzheng]
    channels: county-site
    deadline: {every: quarter, about: previous}
    evidence: {column: shjz, title: 社会救助|城乡低保}
    contents: [低保, 医疗救助, {any: [临时救助, 临时生活救助]}]
""",
    "budget": """\
  - id: budget
    title: 部门预算
    clause: 一5
    departments: [minzheng, jiaoyu, anjian]
    channels: county-site
    deadline: {within: 20 days, of: budget-approved}
    evidence: {column: czyjs, title: "{event.year}年.*预算"}
    contents: [{any: [支出功能分类, 项级科目]}, {any: [“三公”经费, 三公经费]}]
""",
    "powers": """\
  - id: powers
    title: 行政权力清单
    clause: 一6
    departments: [huanbao, minzheng, jiaoyu]
    channels: county-site
    deadline: {by: 2015-09-30}
    evidence: {column: qlqd, title: 权力清单|权责清单}
    contents: [{any: [职权名称, 权力名称]}, {any: [法律依据, 实施依据]}, {any: [监督电话, 监督方式]}]
""",
    "food": """\
  - id: food
    title: 食品抽检结果
    clause: 一7
    departments: [shijian]
    channels: county-site
    deadline: {every: week}
    evidence: {column: spaq, title: 抽检}
""",
    "accidents": """\
  - id: accidents
    title: 生产安全事故情况
    clause: 一8
    departments: [anjian]
    channels: county-site
    deadline: {every: month}
    evidence: {column: aqsc, title: 事故}
""",
    "schools": """\
  - id: schools
    title: 教育经费收支情况
    clause: 一9
    departments: [jiaoyu]
    channels: county-site
    deadline: {every: half-year, about: previous}
    evidence: {column: jyxx, title: 教育经费}
""",
    "land": """\
  - id: land
    title: 土地供应结果
    clause: 一10
    departments: [guotu]
    channels: county-site
    deadline: {every: quarter}
    evidence: {column: tdgy, title: 供应|出让结果|成交公示}
""",
    "yearly": """\
  - id: yearly
    title: 政府信息公开年度报告
    clause: 一11
    departments: [minzheng, caizheng]
    channels: county-site
    deadline: {by: 2015-03-31}
    evidence: {column: ndbg, title: "2014年.*(年度报告|年报)"}
""",
    "emergency": """\
  - id: emergency
    title: 突发环境事件信息
    clause: 一12
    departments: [huanbao]
    channels: county-site
    deadline: {within: 24 hours, of: emergency}
    escalation: standard
    evidence: {column: yjxx, title: 污染|泄漏|环境事件}
""",
    "water-everywhere": """\
  - id: water
    title: 水环境质量月报
    clause: 一1
    departments: [huanbao]
    channels: {all_of: [county-site, new-site]}
    deadline: {every: month, about: previous}
    evidence: {column: hjbh, title: 水环境|水质}
""",
    "nature": """\
  - id: nature
    title: 环境质量信息
    clause: 一13
    departments: [huanbao]
    channels: county-site
    deadline: {every: month, about: previous}
    evidence: {column: hjbh, publisher: any}
    parts:
      water: {title: 水环境质量, evidence: {title: 水环境|水质}}
      sources: {title: 污染源监管, evidence: {title: 污染源}}
""",
    "hotline": """\
  - id: hotline
    title: 举报电话
    clause: 一14
    departments: [anjian]
    channels: county-site
    deadline: {by: 2015-07-31}
    evidence: {page: hotline}
    contents: [举报电话]
""",
    "own-land": """\
  - id: own-land
    title: 土地供应结果
    clause: 一15
    departments: [guotu, shuiwu]
    channels: own-site
    deadline: {every: month}
    evidence: {column: gongshi, title: 公示|公告}
""",
    "joint": """\
  - id: joint
    title: 校园食品安全检查情况
    clause: 一16
    departments: {jointly: [jiaoyu, shijian]}
    channels: county-site
    deadline: {by: 2015-09-30}
    accepts: [news]
    evidence: {column: spaq, title: 校园}
""",
    "aqi": """\
  - id: aqi
    title: 空气质量指数日报
    clause: 一17
    departments: [huanbao]
    channels: county-site
    deadline: {every: day, about: previous}
    evidence: {column: kqzl, title: 空气质量|AQI}
    contents: [{any: [AQI, 空气质量指数], number: 0-500}, {names: day}]
    escalation: standard
""",
    "powers-kept": """\
  - id: powers
    title: 行政权力清单
    clause: 一18
    departments: [huanbao]
    channels: county-site
    deadline: [{by: 2015-03-31}, {every: quarter, upkeep: true}]
    evidence: {column: qlqd, title: 权力清单}
""",
    "foi": """\
  - id: foi
    title: 依申请公开办理情况
    clause: 一19
    departments: [minzheng]
    channels: county-site
    deadline: {every: quarter, zero_report: true}
    evidence: {column: shjz, title: 依申请公开}
""",
}
