"""The statutory days off of a year, lunar ones included: what is sure before the year's notice comes.

Source: 全国年节及纪念日放假办法, State Council orders 644 (from 2014) and 795 (from 2025: 除夕 and 2 May
too). The lunar days are facts of the calendar (GB/T 33661); the tests check each against two libraries.
"""

from __future__ import annotations

from datetime import date, timedelta

FIRST_YEAR = 2014
_ORDER_795 = 2025

# Year, then month and day of 正月初一, 端午 (五月初五) and 中秋 (八月十五).
_LUNAR = """
    2014 0131 0602 0908  2015 0219 0620 0927  2016 0208 0609 0915  2017 0128 0530 1004  2018 0216 0618 0924
    2019 0205 0607 0913  2020 0125 0625 1001  2021 0212 0614 0921  2022 0201 0603 0910  2023 0122 0622 0929
    2024 0210 0610 0917  2025 0129 0531 1006  2026 0217 0619 0925  2027 0206 0609 0915  2028 0126 0528 1003
    2029 0213 0616 0922  2030 0203 0605 0912  2031 0123 0624 1001  2032 0211 0612 0919  2033 0131 0601 0908
    2034 0219 0620 0927  2035 0208 0610 0916  2036 0128 0530 1004  2037 0215 0618 0924  2038 0204 0607 0913
    2039 0124 0527 1002  2040 0212 0614 0920  2041 0201 0603 0910  2042 0122 0622 0928  2043 0210 0611 0917
    2044 0130 0531 1005  2045 0217 0619 0925  2046 0206 0608 0915  2047 0126 0529 1004  2048 0214 0615 0922
    2049 0202 0604 0911  2050 0123 0623 0930  2051 0211 0613 0919  2052 0201 0601 0907  2053 0219 0620 0926
    2054 0208 0610 0916  2055 0128 0530 1005  2056 0215 0617 0924  2057 0204 0606 0913  2058 0124 0625 1002
    2059 0212 0614 0921  2060 0202 0603 0909  2061 0121 0622 0928  2062 0209 0611 0917  2063 0129 0601 1006
    2064 0217 0619 0925  2065 0205 0608 0915  2066 0126 0528 1003  2067 0214 0616 0923  2068 0203 0604 0911
    2069 0123 0623 0929  2070 0211 0613 0919  2071 0131 0602 0908  2072 0219 0620 0926  2073 0207 0610 0916
    2074 0127 0530 1005  2075 0215 0617 0924  2076 0205 0606 0912  2077 0124 0624 1001  2078 0212 0614 0920
    2079 0202 0604 0910  2080 0122 0622 0928  2081 0209 0611 0917  2082 0129 0601 1006  2083 0217 0619 0926
    2084 0206 0607 0914  2085 0126 0527 1003  2086 0214 0615 0922  2087 0203 0605 0911  2088 0124 0623 0929
    2089 0210 0613 0918  2090 0130 0602 0908  2091 0218 0621 0927  2092 0207 0609 0916  2093 0127 0529 1005
    2094 0215 0617 0924  2095 0205 0606 0913  2096 0125 0624 0930  2097 0212 0614 0920  2098 0201 0604 0909
    2099 0121 0623 0929  2100 0209 0612 0918
"""


def _table() -> dict[int, tuple[date, date, date]]:
    words = iter(_LUNAR.split())
    table = {}
    for word in words:
        year = int(word)
        spring, boat, moon = (date(year, int(day[:2]), int(day[2:])) for day in (next(words), next(words), next(words)))
        table[year] = (spring, boat, moon)
    return table


def pure_brightness(year: int) -> date:
    """清明: the day on which the sun reaches longitude 15° in Beijing time. Good for 2000 to 2100."""
    since = year - 2000
    leap_days = since // 4 - (year == 2100)
    return date(year, 4, int(since * 0.2422 + 4.81) - leap_days)


def statutory_days(year: int) -> dict[date, str]:
    """Each day off that the law itself sets for the year (from 2014 on), with its name."""
    spring, boat, moon = _TABLE[year]
    eve = -1 if year >= _ORDER_795 else 0
    days = {date(year, 1, 1): "元旦"}
    days |= {spring + timedelta(days=n): "春节" for n in range(eve, 3)}
    days[pure_brightness(year)] = "清明节"
    days |= {date(year, 5, day): "劳动节" for day in range(1, 3 if year >= _ORDER_795 else 2)}
    days[boat] = "端午节"
    days |= {date(year, 10, day): "国庆节" for day in (1, 2, 3)}
    # 中秋 may fall on one of the three days of 国庆节; then it keeps its own name beside it.
    days[moon] = "国庆节、中秋节" if moon in days else "中秋节"
    return days


_TABLE = _table()
