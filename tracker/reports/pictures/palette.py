"""The colours of the lights, one darker than the other from white to red, so that they differ in grey as well.

Neighbours differ by at least 1.2 in contrast, a letter and its ground by 4.5 (WCAG 2.1, 1.4.3); the tests measure both,
in grey and as a deuteranope sees them.
"""

from __future__ import annotations

from tracker.core.values.verdicts import Light

FILLS: dict[Light, str] = {
    Light.NONE: "#ffffff",
    Light.GREEN: "#cdeccf",
    Light.YELLOW: "#f7c438",
    Light.BLUE: "#7fb2ee",
    Light.GREY: "#8c8c8c",
    Light.RED: "#a3141c",
}
INKS: dict[Light, str] = {light: "#ffffff" if light is Light.RED else "#000000" for light in FILLS}
INK, FAINT, RULE = "#1a1a1a", "#595959", "#bdbdbd"
#: The county and a department beside it: dark and full, lighter, dashed and with other points.
WHOLE, PART = "#1f1f1f", "#0067b3"
BAR = "#9cc3e6"
