"""Administrative divisions: which city and which province a county belongs to, by its code (GB/T 2260)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, ClassVar

from tracker.core.values.keys import Key
from tracker.core.values.message import Message

#: The region of who sees every county of the installation.
COUNTRY = "country"
#: What a region may be: the country, two digits of a province, four of a city.
REGION = re.compile(rf"{COUNTRY}|[1-9]\d(\d\d)?")
NO_REGION = Message("no region {region!r}: `country`, two digits of a province or four of a city (GB/T 2260)")


@dataclass(frozen=True, slots=True)
class Division:
    """The city and the province of a county."""

    EXAMPLE: ClassVar[str] = "{code: 440106, city: 广州市, province: 广东省}"
    code: Annotated[
        str,
        Key(
            "Six digits by GB/T 2260: the first two are those of the province, the first four of the city.", "division"
        ),
    ]
    city: Annotated[str, Key("What the city is called; its digits if left out.")] = ""
    province: Annotated[str, Key("What the province is called; its digits if left out.")] = ""

    def names(self) -> dict[str, str]:
        """By code, what the city and the province are called."""
        city, province = self.code[:4], self.code[:2]
        return {city: self.city or city, province: self.province or province}


def lies_in(division: Division | None, region: str) -> bool:
    """Whether a county lies in a region (`country`, digits of a province or a city); in "" lies none."""
    if region == COUNTRY or division is None:
        return region == COUNTRY
    return region != "" and division.code.startswith(region)
