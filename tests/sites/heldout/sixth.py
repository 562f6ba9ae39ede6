"""The sixth set held out, articles: what tables and prose hold of the items that rules ask for."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tests.sites.case import Case
from tests.sites.heldout.sixth_frames import PROSE, paper

SANGONG = "“三公”经费预算|“三公”经费|三公经费"
FUNCTION = "支出功能分类项级科目|支出功能分类|项级科目"
ECONOMY = "基本支出经济分类款级科目|经济分类|款级科目"
AQI = "AQI|空气质量指数#0-500"


def grid(rows: Sequence[Sequence[str]], attributes: str = 'border="1" cellspacing="0"') -> str:
    """A table; cells that begin with < are put in as they are."""
    cells = ("".join(one if one.startswith("<t") else f"<td>{one}</td>" for one in row) for row in rows)
    return f"<table {attributes}>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def _mso(*cells: str) -> str:
    """A row as Word pastes it."""
    return (
        "<tr style='mso-yfti-irow:1;height:15.6pt'>"
        + "".join(
            f"<td width=113 valign=top style='width:85.2pt;border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt 0cm 5.4pt'><p class=MsoNormal align=center style='text-align:center'><span lang=EN-US style='font-family:宋体;mso-bidi-font-family:宋体'>{one}<o:p></o:p></span></p></td>"
            for one in cells
        )
        + "</tr>"
    )


_EXCEL = (
    '<table x:str border=0 cellpadding=0 cellspacing=0 width=720 style="border-collapse:collapse;table-layout:fixed;width:540pt"><col width=72 span=6 style="mso-width-source:userset;mso-width-alt:2304"><tr height=36><td colspan=6 height=36 class=xl27 width=720>{title}</td></tr>'
    "<tr height=19><td rowspan=2 class=xl24>科目编码</td><td rowspan=2 class=xl24>科目名称</td><td colspan=2 class=xl25 style='border-right:.5pt solid black'>{left}</td><td colspan=2 class=xl25>{right}</td></tr><tr height=19><td class=xl26>上年</td><td class=xl26>本年</td><td class=xl26>上年</td><td class=xl26>本年</td></tr>{rows}</table>"
)

# name → (frame, text, items)
PAGES: dict[str, tuple[str, str, dict[str, str]]] = {
    "word-table": ("trs", PROSE + "<table class=MsoTableGrid border=1 style='border-collapse:collapse;mso-yfti-tbllook:1184'>" + _mso("项&nbsp; 目", "2014年决算", "2015年预算") + _mso("“三公”经费合计", "32.10", "28.40") + _mso("其中：公务接待费", "12.10", "9.40") + "</table>", {SANGONG: "found>三公", FUNCTION: "missing"}),
    "word-table-blank": ("trs", PROSE + "<table class=MsoTableGrid border=1>" + _mso("项&nbsp; 目", "2014年决算", "2015年预算") + _mso("“三公”经费合计", "&nbsp;", "&nbsp;") + _mso("其中：公务接待费", "", "&nbsp;") + "</table>", {SANGONG: "missing", ECONOMY: "missing"}),
    "excel-two-heads": ("jcms", _EXCEL.format(title="2018年部门预算表", left="支出功能分类", right="“三公”经费", rows="<tr><td>2010301</td><td>行政运行</td><td x:num>310.2</td><td x:num>322.8</td><td>12</td><td>10</td></tr>"), {FUNCTION: "found", SANGONG: "found"}),
    "excel-one-head-blank": ("jcms", _EXCEL.format(title="2018年部门预算表", left="支出功能分类", right="“三公”经费", rows="<tr><td>2010301</td><td>行政运行</td><td x:num>310.2</td><td x:num>322.8</td><td></td><td></td></tr><tr><td>2010302</td><td>一般行政管理事务</td><td>20</td><td>25</td><td>&nbsp;</td><td>　</td></tr>"), {FUNCTION: "found", SANGONG: "missing"}),
    "caption-over-figures": ("ucap", "<table><caption>2023年“三公”经费支出预算表</caption><thead><tr><th>单位</th><th>因公出国（境）费</th><th>公务接待费</th><th>公务用车费</th></tr></thead><tbody><tr><td>县司法局</td><td>0</td><td>2.3</td><td>4.5</td></tr></tbody></table>", {SANGONG: "found"}),
    "row-heads-noughts": ("boda", grid([["项目", "预算数（万元）"], ["因公出国（境）费用", "0"], ["“三公”经费合计", "0.00"], ["政府采购", "—"]]), {SANGONG: "found>0.00", "政府采购": "missing"}),
    "row-heads-none": ("boda", grid([["公开事项", "具体内容"], ["设定依据", "《中华人民共和国水法》第四十八条"], ["申请条件", "无"], ["收费依据及标准", "不收费"], ["注意事项", "/"], ["联系电话", ""]]), {"设定依据|审批依据": "found", "申请条件": "found", "收费依据及标准|收费依据|收费标准": "found", "注意事项": "found", "联系电话": "missing"}),
    "transposed": ("trs", grid([["科目", "行政运行", "机关服务", "合计"], ["支出功能分类项级科目（万元）", "210", "35", "245"], ["“三公”经费（万元）", "", "", ""], ["款级科目（万元）", "55", "", "55"]]), {FUNCTION: "found", SANGONG: "missing", ECONOMY: "found"}),
    "head-in-a-table-of-its-own": ("boda", '<div class="tb-head">' + grid([["序号", "救助对象人数", "救助标准", "资金支出"]]) + '</div><div class="tb-body" style="overflow:auto">' + grid([["1", "2311", "420元/月", "97.1万元"], ["2", "1876", "280元/月", "52.5万元"]]) + "</div>", {"救助对象人数|对象人数|保障人数": "found", "救助标准|保障标准": "found", "资金支出|支出资金": "found", "补助水平|补助标准": "missing"}),
    "table-goes-on-in-another": ("asp", grid([["单位", "基本支出", "三公经费"], ["县工商局", "210.1", ""]]) + "<p>（续上表）</p>" + grid([["单位", "基本支出", "三公经费"], ["县质监局", "190.4", "11.2"]]), {SANGONG: "found>11.2"}),
    "only-the-sum-filled": ("asp", grid([["单位", "三公经费"], ["局机关", ""], ["信息中心", ""], ["合计", "16.8"]]), {SANGONG: "found>16.8"}),
    "cell-announced-elsewhere": ("trs", grid([["公开内容", "公开情况"], ["支出功能分类项级科目", "245.30万元"], ["“三公”经费", "另行公布"]]), {FUNCTION: "found", SANGONG: "missing"}),
    "cell-not-approved-yet": ("jcms", grid([["公开内容", "公开情况"], ["支出功能分类", "1245.30万元"], ["“三公”经费", "尚未批复"], ["经济分类", "待公布"]]), {FUNCTION: "found", SANGONG: "missing", ECONOMY: "missing"}),
    "cell-lacking-for-now": ("ucap", grid([["监督渠道", "办理地点", "联系电话"], ["暂缺", "县政务大厅三楼", "暂无"]]), {"监督方式|监督电话|监督渠道": "missing", "办理地点及时间|办理地点": "found"}),
    "nested": ("asp", '<table width="100%"><tr><td>' + PROSE + '</td></tr><tr><td align="center">' + grid([["项目", "金额"], ["三公经费", "8.8"], ["项级科目", " "]], 'width="90%" bgcolor="#000000" cellspacing="1"') + "</td></tr></table>", {SANGONG: "found>8.8", FUNCTION: "missing"}),
    "boxes-for-cells": ("ucap", '<div class="row hd"><div class="c">项目</div><div class="c">金额（万元）</div></div><div class="row"><div class="c">“三公”经费</div><div class="c">15.20</div></div><div class="row"><div class="c">经济分类</div><div class="c">310</div></div>', {SANGONG: "found", ECONOMY: "found", FUNCTION: "missing"}),
    "figures-in-inputs": ("asp", "<table><tr><td>三公经费（万元）</td><td><input type=text readonly value='7.55'></td></tr><tr><td>经济分类</td><td><input type=text readonly value='128'></td></tr></table>", {SANGONG: "found", ECONOMY: "found"}),
    "word-over-spans": ("trs", PROSE + "<p><span>2015年</span><span>“</span><span>三公</span><span>”</span><span lang=EN-US>&nbsp;</span><span>经</span><span>费</span><span>预算28万元，比上年减少4万元。</span></p>", {SANGONG: "found"}),
    "other-quotes": ("trs", PROSE + "<p>2015年＂三公＂经费预算28万元。</p><p>按「经济分类」列示如下。</p>", {SANGONG: "found", ECONOMY: "found"}),
    "letter-spaced": ("boda", PROSE + "<p>三　公　经　费：</p><p>2019年预算 12 万元，其中公务接待 5 万元。</p><p>项&ensp;级&ensp;科&ensp;目：行政运行 88 万元。</p>", {SANGONG: "found", FUNCTION: "found"}),
    "invisible-marks": ("ucap", PROSE + "<p>2023年“三公”&#8203;经&#8203;费预算 12 万元，按经&shy;济&#8288;分类列示。</p>", {SANGONG: "found", ECONOMY: "found"}),
    "broken-by-a-line": ("jcms", PROSE + "<p>2018年本部门“三公”<br>经费预算为15万元。</p>", {SANGONG: "found"}),
    "full-width-letters": ("trs", PROSE + "<p>9月2日城区ＡＱＩ为６３，空气质量良。</p>", {AQI: "found"}),
    "form-line-blank": ("asp", "<p>设定依据：《道路运输条例》第十条</p><p>申请条件：__________</p><p>收费标准：＿＿＿＿＿</p><p>联系电话：0855-6620011</p>", {"设定依据|审批依据": "found", "申请条件": "missing", "收费依据及标准|收费依据|收费标准": "missing", "联系电话": "found"}),
    "list-of-terms": ("ucap", "<dl><dt>设定依据</dt><dd>《行政许可法》第十二条</dd><dt>办理流程</dt><dd>申请—受理—审查—决定</dd><dt>办理时限</dt><dd>20个工作日</dd></dl>", {"设定依据|审批依据": "found", "基本流程|办理流程": "found", "审批时限|办理时限": "found", "注意事项": "missing"}),
    "flow-as-picture": ("jcms", "<p>一、职权名称：排污许可证核发</p><p>二、法律依据：《水污染防治法》第二十条</p><p>三、办理流程</p><p><img src=\"/picture/0/1804261620.png\" width=\"680\"></p>", {"职权名称|行政职权": "found", "法律依据|实施依据": "found"}),
    "named-in-the-picture-only": ("trs", '<p style="text-align:center"><img src="./W020150903401.jpg" alt="三公经费公开表" title="三公经费公开表" /></p>', {FUNCTION: "unseen"}),
    "only-in-related": ("trs", PROSE, {SANGONG: "missing"}),
    "only-in-a-comment": ("ucap", PROSE + "<!-- <p>“三公”经费预算：待补充</p> -->", {SANGONG: "missing"}),
    "only-in-the-title": ("boda", PROSE, {SANGONG: "found>标题"}),
    "folded-tabs": ("ucap", '<ul class="tab"><li class="on">基本信息</li><li>受理条件</li><li>收费情况</li></ul><div class="tc"><p>实施依据：《殡葬管理条例》第三条</p></div><div class="tc" style="display:none"><p>申请条件：年满18周岁的本县户籍居民。</p></div><div class="tc" style="display:none"><p>收费标准：每证5元。</p></div>', {"法律依据|实施依据": "found", "申请条件": "found", "收费依据及标准|收费依据|收费标准": "found"}),
    "details-element": ("ucap", "<details><summary>申请材料</summary><p>身份证复印件一份。</p></details><details><summary>办理流程</summary><p>窗口受理，即时办结。</p></details>", {"申请材料|申报材料": "found", "基本流程|办理流程": "found"}),
    "heads-at-both-sides": ("jcms", grid([["收入项目", "金额", "支出功能分类", "金额"], ["一、财政拨款", "300", "一、一般公共服务", "280"], ["二、事业收入", "0", "二、社会保障", "20"]]), {FUNCTION: "found>支出功能分类"}),
    "two-forms-in-one": ("asp", grid([["姓名", "", "性别", ""], ["救助标准", "", "补助水平", "每人每月75元"]]), {"救助标准|保障标准": "missing", "补助水平|补助标准": "found"}),
    "zebra-with-empty-rows": ("trs", grid([["序号", "单位名称", "违法单位", "整改情况"], ["", "", "", ""], ["1", "沙坝水泥厂", "沙坝水泥厂", "已整改"], ["", "", "", ""], ["", "", "", ""]]), {"整改情况": "found>已整改", "法定代表人|法人代表": "missing"}),
    "dashes-of-every-kind": ("boda", grid([["指标", "参保情况", "待遇发放", "结余", "收益"], ["养老保险", "12万人", "－－", "——", "- -"], ["失业保险", "2万人", "--", "…", "×××"]]), {"参保情况|参保人数": "found", "待遇支付|待遇发放": "missing", "结余": "missing", "收益": "missing"}),
    "percent-and-units": ("boda", grid([["指标", "参保人数", "基金收入", "结余"], ["（单位）", "（人）", "（万元）", "（万元）"], ["养老保险", "120033", "", "820"]]), {"参保情况|参保人数": "found", "基金收支|基金收入": "missing", "结余": "found"}),
    "numbered-columns": ("trs", grid([["科目编码", "科目名称", "基本支出", "经济分类", "三公经费"], ["栏次", "1", "2", "3", "4"], ["20101", "人大事务", "55.2", "", ""], ["20103", "政府办公", "71.9", "", ""]]), {ECONOMY: "missing", SANGONG: "missing"}),
    "note-under-an-empty-table": ("jcms", grid([["项目", "“三公”经费"], ["2017年", ""], ["2018年", ""]]) + "<p>注：本单位2018年没有使用财政拨款安排“三公”经费。</p>", {SANGONG: "found"}),
    "picture-in-the-cell": ("ucap", grid([["附图", "运行流程"], ["1", '<td><img src="/pic/lc.png" width="500"></td>']]), {"运行流程|流程图": "found"}),
    "link-in-the-cell": ("ucap", grid([["职权名称", "法律依据", "流程图"], ["取水许可", "《水法》第七条", '<td><a href="/zfxxgk/lct/12.html">查看</a></td>']]), {"运行流程|流程图": "found", "法律依据|实施依据": "found"}),
    "preformatted": ("asp", "<pre>单位：万元\n项　　目　　　　 上年数　　 本年数\n三公经费　　　　 20.0　　　　18.5\n项级科目　　　　310.0　　　 322.0\n</pre>", {SANGONG: "found", FUNCTION: "found"}),
    # ---- air
    "air-sentence": ("trs", "<p>2015年9月2日，我县城区空气质量指数为57，空气质量级别二级，首要污染物可吸入颗粒物。</p>", {AQI: "found>57", "@day": "found"}),
    "air-colon-and-level": ("jcms", "<p>4月25日城区环境空气质量日报</p><p>AQI：良　首要污染物：PM10　级别：二级</p>", {AQI: "missing", "@day": "found"}),
    "air-no-index": ("jcms", "<p>4月25日，PM2.5平均浓度为35微克/立方米，PM10为61微克/立方米，空气质量良。</p>", {AQI: "missing"}),
    "air-beyond": ("ucap", "<p>7月13日，空气质量指数（AQI）为 861，数据异常。</p>", {AQI: "missing"}),
    "air-columns": ("boda", grid([["日期", "AQI", "空气质量级别", "首要污染物"], ["2019年6月27日", "41", "优", "—"]]), {AQI: "found>41", "@day": "found"}),
    "air-columns-blank": ("boda", grid([["日期", "SO<sub>2</sub> IAQI", "PM<sub>10</sub> IAQI", "AQI", "级别"], ["2019年6月27日", "12", "38", "—", "—"]]), {"AQI#0-500": "missing", "@day": "found"}),
    "air-rows": ("trs", grid([["监测项目", "监测结果"], ["监测日期", "2015年9月2日"], ["空气质量指数（AQI）", "78"], ["质量级别", "良"]]), {AQI: "found>78"}),
    "air-transposed": ("trs", grid([["点位", "县环保局", "县一中", "均值"], ["PM10", "66", "58", "62"], ["AQI", "58", "54", "56"]]), {AQI: "found"}),
    "air-range": ("ucap", "<p>7月13日城区AQI在45～78之间，以优良为主。</p>", {AQI: "found"}),
    "air-split-tags": ("ucap", '<div class="aq"><span class="n">AQI</span><b>63</b><em>良</em></div><p>发布时段：7月13日8时</p>', {AQI: "found"}),
    "air-by-script": ("ucap", '<p>7月13日空气质量指数（AQI）：<span id="aqi"></span></p><script>$.getJSON("/api/aqi?d=20230713",function(r){$("#aqi").text(r.v)})</script>', {AQI: "unseen"}),
    "air-as-picture": ("trs", '<p>9月2日沙坝县环境空气质量日报</p><p><img src="./W020150903402.gif" width="600" height="420"></p>', {AQI: "unseen"}),
    "air-issue-number": ("jcms", "<p>沙坝县空气质量指数日报（第116期）</p><p>4月25日，城区空气质量为优。</p>", {AQI: "missing"}),
    "air-number-in-brackets": ("boda", "<p>6月27日，县城环境空气AQI指数（44），等级为一级。</p>", {AQI: "found>44"}),
    "air-two-days": ("boda", grid([["", "6月26日", "6月27日"], ["AQI指数", "39", "52"], ["等级", "优", "良"]]), {AQI: "found", "@day": "found"}),
    "air-nought": ("jcms", grid([["站点", "AQI", "备注"], ["县政府站", "", "设备检修"]]), {AQI: "missing"}),
}  # fmt: skip


def cases(rng: Random) -> list[Case]:
    made = []
    for name, (frame, text, items) in PAGES.items():
        more: dict[str, str] = {}
        if name == "only-in-related":
            more = {"below": '<div class="xg"><h3>相关阅读</h3><ul><li><a href="./t20140911_30011.html">县财政局2014年“三公”经费预算公开</a><span>2014-09-11</span></li></ul></div>'}  # fmt: skip
        if name == "only-in-the-title":
            more = {"title": "县文化局2019年“三公”经费预算情况说明"}
        made.append(paper(f"page-{name}", frame, text, rng, items, **more))
    return made
