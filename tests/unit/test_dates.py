"""Dates in the shapes that article files carry."""

from __future__ import annotations

import datetime as dt
import email.utils
import tomllib
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.dates import Precision, Stamp, find_day, parse, parse_without_year, rfc822, rfc3339

BERLIN = ZoneInfo("Europe/Berlin")


def east(hours: float) -> dt.timezone:
    return dt.timezone(dt.timedelta(hours=hours))


def stamp(*numbers: int, zone: dt.tzinfo | None = None, ambiguous: bool = False) -> Stamp:
    """Year, month, day, and hour, minute, second, millisecond where there are any."""
    year, month, number, hour, minute, second, millisecond = (*numbers, 0, 0, 0, 0)[:7]
    time = dt.time(hour, minute, second, millisecond * 1000) if numbers[3:] else None
    return Stamp(day=dt.date(year, month, number), time=time, zone=zone, ambiguous=ambiguous)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-07-10", stamp(2024, 7, 10)),
        (" '2024-07-10' ", stamp(2024, 7, 10)),
        ("2016-1-29", stamp(2016, 1, 29)),
        ("2016/01/29", stamp(2016, 1, 29)),
        ("2016.01.29", stamp(2016, 1, 29)),
        ("20240710", stamp(2024, 7, 10)),
        ("20240710T125902Z", stamp(2024, 7, 10, 12, 59, 2, zone=dt.UTC)),
        ("20131020T192751+1100", stamp(2013, 10, 20, 19, 27, 51, zone=east(11))),
        ("20150220T135142", stamp(2015, 2, 20, 13, 51, 42)),
        ("20150220135142", stamp(2015, 2, 20, 13, 51, 42)),
        ("20150220T1351", stamp(2015, 2, 20, 13, 51)),
        ("2016-04-13 04:52:21+00:00", stamp(2016, 4, 13, 4, 52, 21, zone=dt.UTC)),
        ("2022-07-11 18:33", stamp(2022, 7, 11, 18, 33)),
        ("2016-01-12 12:35:40", stamp(2016, 1, 12, 12, 35, 40)),
        ("2019-04-15T13:49:15", stamp(2019, 4, 15, 13, 49, 15)),
        ("2019-04-15T13:49:15.000Z", stamp(2019, 4, 15, 13, 49, 15, zone=dt.UTC)),
        ("2019-04-15T13:49:15.1239999+0000", stamp(2019, 4, 15, 13, 49, 15, 123, zone=dt.UTC)),
        ("2019-04-15t13:49:15,5-05:30", stamp(2019, 4, 15, 13, 49, 15, 500, zone=east(-5.5))),
        ("2019-04-15T13:49-00:00", stamp(2019, 4, 15, 13, 49, zone=dt.UTC)),
        ("2019-04-15T13:49:15+02:00[Europe/Paris]", stamp(2019, 4, 15, 13, 49, 15, zone=east(2))),
        ("2013-03-04 11:40:31 GMT+00:00", stamp(2013, 3, 4, 11, 40, 31, zone=dt.UTC)),
        ("2014-03-02 09:05:00 -4", stamp(2014, 3, 2, 9, 5, zone=east(-4))),
        ("2014-03-02 9:05:00 +0530", stamp(2014, 3, 2, 9, 5, zone=east(5.5))),
        ("2014-03-02 9:05:00 +0100 # set by the desk", stamp(2014, 3, 2, 9, 5, zone=east(1))),
        ("2014-03-02 # set by the desk", stamp(2014, 3, 2)),
        ("2023-01-29 18:30:22 2023 -0800", stamp(2023, 1, 29, 18, 30, 22, zone=east(-8))),
        ("2016-09-30 2:43 PM GMT", stamp(2016, 9, 30, 14, 43, zone=dt.UTC)),
        ("Wed, 02 Oct 2002 13:00:00 GMT", stamp(2002, 10, 2, 13, zone=dt.UTC)),
        ("Wed, 2 Oct 2002 13:00:00 +0200 (CEST)", stamp(2002, 10, 2, 13, zone=east(2))),
        ("Wed, 02 Oct 02 13:00 EST", stamp(2002, 10, 2, 13, zone=east(-5))),
        ("Sunday, 06-Nov-94 08:49:37 GMT", stamp(1994, 11, 6, 8, 49, 37, zone=dt.UTC)),
        ("Sun Nov  6 08:49:37 1994", stamp(1994, 11, 6, 8, 49, 37)),
        ("Sun Jan 29 18:30:22 2023 -0800", stamp(2023, 1, 29, 18, 30, 22, zone=east(-8))),
        ("Sun Jan 29 18:30:22 PST 2023", stamp(2023, 1, 29, 18, 30, 22, zone=east(-8))),
        ("Sun Jan 29 2023 18:30:22 GMT+0100 (Central Time)", stamp(2023, 1, 29, 18, 30, 22, zone=east(1))),
        ("26-FEB-1987 15:01:01.79", stamp(1987, 2, 26, 15, 1, 1, 790)),
        ("06 June 2016 14:00:00", stamp(2016, 6, 6, 14)),
        ("1469000000", stamp(2016, 7, 20, 7, 33, 20, zone=dt.UTC)),
        ("1469000000123", stamp(2016, 7, 20, 7, 33, 20, 123, zone=dt.UTC)),
        ("2016-12-31T23:59:60Z", stamp(2016, 12, 31, 23, 59, 59, zone=dt.UTC)),
        ("2016-12-31 24:00", stamp(2017, 1, 1, 0, 0)),
    ],
)
def test_stamps(text: str, expected: Stamp) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30/09/2016", stamp(2016, 9, 30)),
        ("09/30/2016", stamp(2016, 9, 30)),
        ("03/04/2016", stamp(2016, 4, 3, ambiguous=True)),
        ("03-04-2016 10:15", stamp(2016, 4, 3, 10, 15, ambiguous=True)),
        ("4/4/2016", stamp(2016, 4, 4)),
        ("03.04.2016", stamp(2016, 4, 3)),
        ("3. 4. 2016", stamp(2016, 4, 3)),
        ("Tuesday 03/04/2016", stamp(2016, 4, 3, ambiguous=True)),
    ],
)
def test_day_and_month_in_figures(text: str, expected: Stamp) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("September 30, 2016", stamp(2016, 9, 30)),
        ("30 Sept. 2016", stamp(2016, 9, 30)),
        ("Friday 30th of September, 2016", stamp(2016, 9, 30)),
        ("January 19, 2017 Thursday 2:43 PM GMT", stamp(2017, 1, 19, 14, 43, zone=dt.UTC)),
        ("Sept. 30, 2016 at 12:05 a.m. EDT", stamp(2016, 9, 30, 0, 5, zone=east(-4))),
        ("30 September 2016 0230 GMT", stamp(2016, 9, 30, 2, 30, zone=dt.UTC)),
        ("30 September 2016, 6pm IST", stamp(2016, 9, 30, 18, zone=east(5.5))),
        ("Freitag, 30. September 2016, 14.30 Uhr", stamp(2016, 9, 30, 14, 30)),
        ("30. März 2016 um 9 Uhr MESZ", stamp(2016, 3, 30, 9, zone=east(2))),
        ("1er mars 2020", stamp(2020, 3, 1)),
        ("mar. 3 mars 2020 à 14h30", stamp(2020, 3, 3, 14, 30)),
        ("LUNDI 15 AOÛT 2016, 8 h", stamp(2016, 8, 15, 8)),
        ("viernes, 30 de septiembre de 2016, 2:43 p. m.", stamp(2016, 9, 30, 14, 43)),
        ("sexta-feira, 30 de setembro de 2016 às 14h", stamp(2016, 9, 30, 14)),
        ("venerdì 30 settembre 2016, ore 14.30", stamp(2016, 9, 30, 14, 30)),
        ("vrijdag 30 september 2016 14:30 uur", stamp(2016, 9, 30, 14, 30)),
        ("fredag 30. september 2016 kl. 14.30", stamp(2016, 9, 30, 14, 30)),
        ("lördag 1 oktober 2016", stamp(2016, 10, 1)),
        ("søndag den 2. oktober 2016", stamp(2016, 10, 2)),
        ("30. syyskuuta 2016 klo 14.30", stamp(2016, 9, 30, 14, 30)),
        ("piątek, 30 września 2016 r.", stamp(2016, 9, 30)),
        ("30. září 2016", stamp(2016, 9, 30)),
        ("2016. szeptember 30.", stamp(2016, 9, 30)),
        ("30 сентября 2016 г., 14:30 МСК", stamp(2016, 9, 30, 14, 30, zone=east(3))),
        ("п’ятниця, 30 вересня 2016 року", stamp(2016, 9, 30)),
        ("Παρασκευή 30 Σεπτεμβρίου 2016", stamp(2016, 9, 30)),
        ("30 EYLÜL 2016 Cuma 14:30", stamp(2016, 9, 30, 14, 30)),
        ("1 KASIM 2016", stamp(2016, 11, 1)),
        ("الجمعة ٣٠ سبتمبر ٢٠١٦", stamp(2016, 9, 30)),
        ("30 كانون الثاني/يناير 2016", stamp(2016, 1, 30)),
        ("الخميس 5 مارس/آذار 2026 الموافق 16 رمضان 1447 هـ", stamp(2026, 3, 5)),
        ("5 آذار (مارس) 2026", stamp(2026, 3, 5)),
        ("5 مارس 2026 - 14:30 بتوقيت غرينتش", stamp(2026, 3, 5, 14, 30, zone=east(0))),
        ("16 رمضان 1447 هـ", None),
        ("پنجشنبه ۱۴ اسفند ۱۴۰۴", stamp(2026, 3, 5)),
        ("14 اسفند 1404", stamp(2026, 3, 5)),
        ("30 اسفند 1404", None),
        ("1404/12/14", None),
        ("جمعرات 5 مارچ 2026ء", stamp(2026, 3, 5)),
        ("২০২৬ সালের ৫ মার্চ", stamp(2026, 3, 5)),
        ("৫ মার্চ ২০২৬, ২০ ফাল্গুন ১৪৩২ বঙ্গাব্দ", stamp(2026, 3, 5)),
        ("২০ ফাল্গুন ১৪৩২", None),
        ("০৫ মার্চ ২০২৬, ১০:২৫ পিএম", stamp(2026, 3, 5, 22, 25)),
        ("৫ মার্চ ২০২৬, সকাল ১০:২৫", stamp(2026, 3, 5, 10, 25)),
        ("৫ মার্চ ২০২৬, রাত ১২:০৫", stamp(2026, 3, 5, 0, 5)),
        ("৫ মার্চ ২০২৬, রাত ১১:৩০", stamp(2026, 3, 5, 23, 30)),
        ("二〇二六年三月二十三日", stamp(2026, 3, 23)),
        ("令和8年3月5日", stamp(2026, 3, 5)),
        ("00:01 hrs GMT Thursday 5th March 2026", stamp(2026, 3, 5, 0, 1, zone=east(0))),
        ("30 كانون الثاني 2016", stamp(2016, 1, 30)),
        ("30 أيلول 2016", stamp(2016, 9, 30)),
        ("۳۰ سپتامبر ۲۰۱۶", stamp(2016, 9, 30)),
        ("30 בספטמבר 2016", stamp(2016, 9, 30)),
        ("शुक्रवार, 30 सितंबर 2016", stamp(2016, 9, 30)),
        ("১ ফেব্রুয়ারি ২০২৩", stamp(2023, 2, 1)),
        ("সোমবার ২৯ মে ২০২৩, ১৮:৩৩", stamp(2023, 5, 29, 18, 33)),
        ("2016年9月30日", stamp(2016, 9, 30)),
        ("2016年9月30日星期五 18时33分", stamp(2016, 9, 30, 18, 33)),
        ("２０１６年９月３０日（金）午後６時３３分", stamp(2016, 9, 30, 18, 33)),
        ("2016년 9월 30일 (금) 오후 6:33", stamp(2016, 9, 30, 18, 33)),
        ("Jumat, 30 September 2016 14:30 WIB", stamp(2016, 9, 30, 14, 30, zone=east(7))),
        ("ngày 30 tháng 9 năm 2016", stamp(2016, 9, 30)),
    ],
)
def test_dates_in_words(text: str, expected: Stamp | None) -> None:
    assert parse(text) == expected


def test_a_zone_that_leaves_the_season_open_is_a_place() -> None:
    found = parse("Sept. 30, 2016, 2:43 p.m. ET")
    assert found is not None
    assert found.instant(dt.UTC) == dt.datetime(2016, 9, 30, 18, 43, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "YYYYMMDD000000-HHMM", "Moscow", "2016", "12:30", "Feb 26", "February 2016", "30 September",
        "2016-02-30", "2016-13-01", "31 April 2016", "0999-01-01", "12345678", "123456789", "12345678901",
        "2016-01-01T25:00", "2016-01-01 10:61", "2016-01-01T10:00:61", "2016-01-01T10:00+15:00",
        "2016-01-01T0:00+99:99",
        "2016-01-01T13:00 AM", "9999-12-31T24:00", "2016-01-01 and more", "On September 30, 2016 he resigned",
        "30 September 2016 2017", "30 31 September 2016", "۱۳۹۵/۰۷/۰۹", "30.09.16", "30 Sep 16",
        "2016-01-01T10:00 Mars", "x" * 300, "2016-09-30" + " " * 200,
    ],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Feb 26", (2, 26)),
        ("26 février", (2, 26)),
        ("February 29", (2, 29)),
        ("Mar. 3", (3, 3)),
        ("9月30日", (9, 30)),
        ("২৯ মে", (5, 29)),
        ("--11-22", (11, 22)),
        ("--02-29", (2, 29)),
        ("--13-22", None),
        ("-11-22", None),
        ("Feb 26, 1987", None),
        ("February 30", None),
        ("Feb", None),
        ("26", None),
        ("26 1987", None),
        ("Feb March", None),
        ("Showers continued", None),
        ("Feb 26" + " " * 300, None),
    ],
)
def test_dates_without_a_year(text: str, expected: tuple[int, int] | None) -> None:
    assert parse_without_year(text) == expected


alphabet = st.sampled_from("0123456789" * 3 + "-/.:TZ+ ,#apmhAPM年月日٣۳২é\ud800\0") | st.characters(codec=None)


@given(st.text(alphabet, max_size=40))
@settings(max_examples=300)
def test_no_text_raises(text: str) -> None:
    found = parse(text)
    parse_without_year(text)
    find_day(text)
    if found is not None:
        moment = found.instant(BERLIN)
        assert moment.utcoffset() == dt.timedelta(0)
        assert moment.microsecond % 1000 == 0
        assert 1000 <= found.day.year <= 9999


milliseconds = st.builds(
    lambda moment, ms: moment.replace(microsecond=ms * 1000, tzinfo=dt.UTC),
    st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(9999, 12, 31)),  # noqa: DTZ001
    st.integers(0, 999),
)


@given(milliseconds)
@settings(max_examples=150)
def test_what_is_written_is_read(moment: dt.datetime) -> None:
    found = parse(rfc3339(moment))
    assert found is not None
    assert found.instant(BERLIN) == moment
    assert email.utils.parsedate_to_datetime(rfc822(moment)) == moment.replace(microsecond=0)
    again = parse(rfc822(moment))
    assert again is not None
    assert again.instant(BERLIN) == moment.replace(microsecond=0)


def test_how_moments_are_written() -> None:
    moment = dt.datetime(2026, 3, 1, 13, 5, 9, tzinfo=east(1))
    assert rfc3339(moment) == "2026-03-01T12:05:09Z"
    assert rfc3339(moment.replace(microsecond=40_999)) == "2026-03-01T12:05:09.040Z"
    assert rfc3339(moment.replace(microsecond=999)) == "2026-03-01T12:05:09Z"
    assert rfc822(moment) == "Sun, 01 Mar 2026 12:05:09 GMT"


@pytest.mark.parametrize("write", [rfc3339, rfc822])
def test_a_naive_moment_is_not_written(write: object) -> None:
    assert callable(write)
    with pytest.raises(ValueError, match="time zone"):
        write(dt.datetime(2026, 3, 1))  # noqa: DTZ001


def test_instants() -> None:
    day = stamp(2016, 9, 30)
    assert day.precision is Precision.DAY
    assert day.instant(BERLIN) == dt.datetime(2016, 9, 30, 10, tzinfo=dt.UTC)
    assert day.instant(BERLIN, at=dt.time(0)) == dt.datetime(2016, 9, 29, 22, tzinfo=dt.UTC)
    exact = stamp(2016, 9, 30, 12, zone=east(-4))
    assert exact.precision is Precision.INSTANT
    assert exact.instant(BERLIN) == dt.datetime(2016, 9, 30, 16, tzinfo=dt.UTC)
    fine = Stamp(day=dt.date(2016, 9, 30), time=dt.time(1, 2, 3, 4567), zone=dt.UTC)
    assert fine.instant(BERLIN).microsecond == 4000


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
@pytest.mark.parametrize("zone", [east(14), east(-12), ZoneInfo("Pacific/Auckland"), ZoneInfo("America/Adak")])
def test_the_ends_of_the_calendar_do_not_overflow(day: dt.date, zone: dt.tzinfo) -> None:
    for at in (dt.time.min, dt.time.max):
        moment = Stamp(day=day).instant(zone, at=at)
        assert abs(moment.date() - day) <= dt.timedelta(days=1)
        assert moment.utcoffset() == dt.timedelta(0)
        assert moment.microsecond % 1000 == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2015-07-15-title.md", dt.date(2015, 7, 15)),
        ("2015_07_15_title.md", dt.date(2015, 7, 15)),
        ("20150715-title.md", dt.date(2015, 7, 15)),
        ("wire_20150715T1230.xml", dt.date(2015, 7, 15)),
        ("20150715123000.txt", dt.date(2015, 7, 15)),
        ("2015/07/15/title.md", dt.date(2015, 7, 15)),
        ("2015/07/15-title.md", dt.date(2015, 7, 15)),
        ("blog/2015-10-08", dt.date(2015, 10, 8)),
        ("2016-1-29-title.md", dt.date(2016, 1, 29)),
        ("2014/01/01/2015-07-15-title.md", dt.date(2015, 7, 15)),
        ("2015-07-15-looking-back-at-2001-09-11.md", dt.date(2015, 7, 15)),
        ("2015-13-40-title.md", None),
        ("15-07-2015-title.md", None),
        ("title-12345678.md", None),
        ("10021231.md", None),
        ("201507151.md", None),
        ("2015/07/title.md", None),
        ("title.md", None),
    ],
)
def test_the_day_in_a_name(text: str, expected: dt.date | None) -> None:
    assert find_day(text) == expected


def months() -> dict[str, str]:
    tables = tomllib.loads(resources.files("feedsvc").joinpath("dates.toml").read_text("utf-8"))
    names = tables["months"]
    assert isinstance(names, dict)
    return names


@pytest.mark.parametrize("language", months())
def test_each_month_name_of_each_language_is_read(language: str) -> None:
    names = months()[language].split()
    assert len(names) == 12
    for month, spellings in enumerate(names, 1):
        for name in spellings.replace("_", " ").split("/"):
            for written in (f"7 {name} 2016", f"{name.upper()} 7, 2016"):
                assert parse(written) == stamp(2016, month, 7), written
