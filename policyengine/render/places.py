"""Where rule sets are from, by the folders of their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policyengine.report.names import Lang, pick, plain

PLACES: Final[Mapping[str, tuple[str, str]]] = {
    "cn": ("中国", "China"), "world": ("世界各国", "The world"), "examples": ("示例", "Examples"),
    "anhui": ("安徽省", "Anhui"), "beijing": ("北京市", "Beijing"), "chongqing": ("重庆市", "Chongqing"),
    "fujian": ("福建省", "Fujian"), "gansu": ("甘肃省", "Gansu"), "guangdong": ("广东省", "Guangdong"),
    "guangxi": ("广西壮族自治区", "Guangxi"), "guizhou": ("贵州省", "Guizhou"), "hainan": ("海南省", "Hainan"),
    "hebei": ("河北省", "Hebei"), "heilongjiang": ("黑龙江省", "Heilongjiang"), "henan": ("河南省", "Henan"),
    "hubei": ("湖北省", "Hubei"), "hunan": ("湖南省", "Hunan"), "jiangsu": ("江苏省", "Jiangsu"),
    "jiangxi": ("江西省", "Jiangxi"), "jilin": ("吉林省", "Jilin"), "liaoning": ("辽宁省", "Liaoning"),
    "inner_mongolia": ("内蒙古自治区", "Inner Mongolia"), "ningxia": ("宁夏回族自治区", "Ningxia"),
    "qinghai": ("青海省", "Qinghai"), "shaanxi": ("陕西省", "Shaanxi"), "shandong": ("山东省", "Shandong"),
    "shanghai": ("上海市", "Shanghai"), "shanxi": ("山西省", "Shanxi"), "sichuan": ("四川省", "Sichuan"),
    "tianjin": ("天津市", "Tianjin"), "xinjiang": ("新疆维吾尔自治区", "Xinjiang"), "tibet": ("西藏自治区", "Tibet"),
    "yunnan": ("云南省", "Yunnan"), "zhejiang": ("浙江省", "Zhejiang"),
    "germany": ("德国", "Germany"), "japan": ("日本", "Japan"), "singapore": ("新加坡", "Singapore"),
    "sweden": ("瑞典", "Sweden"), "switzerland": ("瑞士", "Switzerland"), "taiwan": ("台湾地区", "Taiwan"),
    "us": ("美国", "United States"), "primitives": ("机制示例", "One mechanism each"),
}  # fmt: skip
"""Folders of rule sets: provinces, countries; others are shown as they are written."""


def place_words(name: str, lang: Lang) -> str:
    """The place of a rule set: the known folders of its name; nothing for an example, which is of no place."""
    folders = name.split("/")
    known = [pick(PLACES[folder], lang) for folder in folders if folder in PLACES and folder != "world"]
    return "" if folders[0] == "examples" else " · ".join(known)


def folder_words(folder: str, lang: Lang) -> str:
    return pick(PLACES.get(folder, (plain(folder), plain(folder))), lang)
