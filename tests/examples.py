"""How many examples a property is tried with: few at every change, the same ones each time; many others at night."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings

#: How many times as many are tried at night.
TIMES = 30
#: The two profiles: `--hypothesis-profile` chooses the second.
GATE, NIGHTLY = "gate", "nightly"

_USUAL = 40

# No test asserts a time: on a busy machine an example may take as long as it likes.
_UNTIMED: Any = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile(GATE, max_examples=_USUAL, derandomize=True, **_UNTIMED)
settings.register_profile(NIGHTLY, max_examples=_USUAL * TIMES, print_blob=True, **_UNTIMED)


def at_night() -> bool:
    """Whether the tests run with `--hypothesis-profile=nightly`."""
    return settings.get_current_profile_name() == NIGHTLY


def examples(number: int, **more: Any) -> settings:
    """Settings for so many examples at every change, and `TIMES` times as many at night."""
    return settings(max_examples=number * (TIMES if at_night() else 1), **more)
