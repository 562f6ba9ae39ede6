"""The fonts of official documents, and their substitutes where a machine does not have them.

Offices have 方正小标宋 and 仿宋_GB2312, which may not be distributed: a document only names them. Word takes the
substitute that the document names; LibreOffice on a server gets a fontconfig file for its run.
"""

from __future__ import annotations

from pathlib import Path

TITLE, BODY, BLACK, KAI, ROMAN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
#: Sizes by their Chinese names, in points: 二号, 三号, 四号, 小四, 五号.
SIZES = {"二号": 22.0, "三号": 16.0, "四号": 14.0, "小四": 12.0, "五号": 10.5}

#: Substitutes in the order in which they are tried, the free ones that servers have last.
SUBSTITUTES: dict[str, tuple[str, ...]] = {
    TITLE: (
        "方正小标宋_GBK",
        "FZXiaoBiaoSong-B05S",
        "华文中宋",
        "STZhongsong",
        "Noto Serif CJK SC",
        "Source Han Serif SC",
    ),
    BODY: ("仿宋", "FangSong", "STFangsong", "FandolFang", "Noto Serif CJK SC", "Source Han Serif SC"),
    BLACK: ("SimHei", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC"),
    KAI: ("楷体", "KaiTi", "STKaiti", "FandolKai", "Noto Serif CJK SC", "Source Han Serif SC"),
    ROMAN: ("SimSun", "STSong", "Noto Serif CJK SC", "Source Han Serif SC"),
    "Times New Roman": ("Liberation Serif", "Noto Serif CJK SC"),
}


def fontconfig(folder: Path) -> Path:
    """Write a fontconfig file that includes the system's and maps the offices' fonts to their substitutes."""
    aliases = "".join(
        f"<alias binding='same'><family>{font}</family><prefer>"
        + "".join(f"<family>{substitute}</family>" for substitute in substitutes)
        + "</prefer></alias>"
        for font, substitutes in SUBSTITUTES.items()
    )
    path = folder / "fonts.conf"
    path.write_text(
        "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>"
        f"<include ignore_missing='yes'>/etc/fonts/fonts.conf</include>{aliases}</fontconfig>",
        "utf-8",
    )
    return path
