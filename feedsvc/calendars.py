"""Days of other calendars, numerals and hours of other scripts, as ``dates`` reads them.

The solar calendar of Iran is computed. The lunar calendar of Islam depends on who saw the moon, that of Bengal on the
country: their days are only taken away where the common day stands beside them.
"""

from __future__ import annotations

import datetime as dt
import re

_SOLAR = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
_LUNAR = [
    "محرم",
    "صفر",
    "رمضان",
    "شوال",
    "شعبان",
    "رجب",
    "ربيع_الأول",
    "ربيع_الآخر",
    "ربيع_الثاني",
    "جمادى_الأولى",
    "جمادى_الآخرة",
    "ذو_القعدة",
    "ذو_الحجة",
    "ذي_القعدة",
    "ذي_الحجة",
]
_BENGALI = ["বৈশাখ", "জ্যৈষ্ঠ", "আষাঢ়", "শ্রাবণ", "ভাদ্র", "আশ্বিন", "কার্তিক", "অগ্রহায়ণ", "পৌষ", "মাঘ", "ফাল্গুন", "চৈত্র"]
_SOLAR_DAY = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s+({'|'.join(_SOLAR)})(?:\s+ماه)?\s*[،,]?\s*(1[34]\d\d|[۱١][۳۴٣٤]\d\d)(?!\d)"
)
_OTHER_DAY = re.compile(
    rf"[,،|]?\s*(?<!\d)\d{{1,2}}\s+(?:{'|'.join(_LUNAR).replace('_', ' ')}|{'|'.join(_BENGALI)})\s*[،,]?\s*\d{{4}}"
    r"(?:\s*(?:هـ|ه|هجرية?|বঙ্গাব্দ|বাংলা))?(?!\w)"
)
_HAN = {sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")} | {"零": "0"}
_HAN_DAY = re.compile("([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,4})日")
_ERA = re.compile(r"(令和|平成)\s*(\d{1,2}|元)年")
_ERAS = {"令和": 2018, "平成": 1988}
_HALVES = (
    (re.compile(r"上午|午前|오전"), "AM"),
    (re.compile(r"下午|午後|오후"), "PM"),
    (re.compile(r"এএম|সকাল|ভোর|রাত(?=\s*(?:12|[1-5])[:.\s])"), "AM"),
    (re.compile("পিএম|দুপুর|বিকেল|বিকাল|সন্ধ্যা|রাত"), "PM"),
    (re.compile(r"بتوقيت\s+[غج]ري?ني?تش"), "gmt"),
    (re.compile(r"(?<![^\W_])([ap])\.\s?m(?![^\W_])\.?"), r"\1m"),
    (re.compile(r"(?<![^\W_])π\.?μ(?![^\W_])\.?"), "am"),
    (re.compile(r"(?<![^\W_])μ\.?μ(?![^\W_])\.?"), "pm"),
)
_BUDDHIST_DAY = re.compile(r"([\u0e01-\u0e4e]{3,12})\s+(?:พ\.?ศ\.?\s*)?(2[45]\d\d|๒[๔๕][๐-๙]{2})(?![0-9๐-๙])")
_BUDDHA = 543
_NEW_YEAR_1404 = dt.date(2025, 3, 21).toordinal()


def western(text: str) -> str:
    """*text*, a written date, with its days of other calendars put in the common one, or left out beside one."""
    if text.isascii():
        return text
    text = _SOLAR_DAY.sub(_of_solar, text)
    text = _BUDDHIST_DAY.sub(lambda found: f"{found[1]} {int(found[2]) - _BUDDHA}", text)
    text = _ERA.sub(lambda found: f"{_ERAS[found[1]] + (1 if found[2] == '元' else int(found[2]))}年", text)
    text = _HAN_DAY.sub(_of_han, text)
    rest = _OTHER_DAY.sub("", text)
    return rest if rest.strip() else text


def halves(text: str) -> str:
    """*text*, a folded date, with the halves of the day and the time of Greenwich in English."""
    for pattern, half in _HALVES:
        text = pattern.sub(half, text)
    return text


def solar(year: int, month: int, day: int) -> dt.date | None:
    """The day of the solar calendar of Iran as a common one; None where that month has no such day."""
    first = _solar_ordinal(year, month, 1)
    following = _solar_ordinal(year + month // 12, month % 12 + 1, 1)
    if not 1 <= day <= following - first:
        return None
    return dt.date.fromordinal(first + day - 1)


def _solar_ordinal(year: int, month: int, day: int) -> int:
    return _solar_days(year, month, day) - _solar_days(1404, 1, 1) + _NEW_YEAR_1404


def _solar_days(year: int, month: int, day: int) -> int:
    """Days since an epoch: eight leap years in each 33, which holds from 1206 to 1498."""
    year += 1595
    before = (month - 1) * 31 if month < 7 else (month - 7) * 30 + 186
    return 365 * year + year // 33 * 8 + (year % 33 + 3) // 4 + before + day


def _of_solar(found: re.Match[str]) -> str:
    day = solar(int(found[3]), _SOLAR.index(found[2]) + 1, int(found[1]))
    return found[0] if day is None else day.isoformat()


def _of_han(found: re.Match[str]) -> str:
    year = "".join(_HAN[sign] for sign in found[1])
    return f"{year}年{_han(found[2])}月{_han(found[3])}日"


def _han(written: str) -> int:
    """三 as 3, 十 as 10, 二十三 as 23."""
    tens, ten, ones = written.rpartition("十")
    value = int(_HAN.get(ones, "0"))
    return value + (10 * int(_HAN.get(tens, "1")) if ten else 0)
