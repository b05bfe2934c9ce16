"""Typefaces of an official document by name, which may not be passed on, and what stands in."""

from __future__ import annotations

from xml.sax.saxutils import escape

TITLE, BODY, HEAD, SUBHEAD, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"
STAND_INS = {  # in the order of preference; the last is free
    TITLE: ("小标宋", "STZhongsong", "SimSun", "Noto Serif CJK SC"),
    BODY: ("仿宋", "FangSong", "STFangsong", "Noto Serif CJK SC"),
    HEAD: ("SimHei", "Noto Sans CJK SC"),
    SUBHEAD: ("楷体", "KaiTi", "STKaiti", "Noto Serif CJK SC"),
    SONG: ("SimSun", "Noto Serif CJK SC"),
}


def fontconfig() -> str:
    """The stand-ins as a file of fontconfig: LibreOffice does not ask the document for them."""
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{escape(name)}</string></test>'
        + "".join(
            f'<edit name="family" mode="append" binding="strong"><string>{other}</string></edit>'
            for other in others
        )
        + "</match>"
        for name, others in STAND_INS.items()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{rules}</fontconfig>'
    )
