"""Checks that several registers share: who speaks, when, and which occurrence is meant."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Assignment, By, Deadline, Duty, Every, Within
from tracker.core.law.periods import split_label, unit_of
from tracker.core.values.facts import Moment
from tracker.registers.errors import RegisterError
from tracker.store.counties import CountyRow, lock_county
from tracker.store.engine import Tx
from tracker.store.occurrences import OccurrenceRow, find_occurrence, occurrence_keys


@dataclass(frozen=True, slots=True)
class Obligation:
    """An occurrence as it stands in the database, with the rules it comes from."""

    row: OccurrenceRow
    duty: Duty
    assignment: Assignment
    parts: tuple[str, ...]
    deadline: Deadline

    @property
    def verdict(self) -> dict[str, str]:
        """What was last decided of it, as the journal keeps it."""
        return {"status": self.row.status.value, "reason": self.row.reason}


def find_obligation(tx: Tx, rulebook: Rulebook, key: str) -> Obligation:
    """The occurrence with this key, open to filings and decisions; otherwise what would be right."""
    row = find_occurrence(tx, rulebook.county.id, key)
    if row is None:
        raise RegisterError(f"no occurrence {key!r}: {_hint(tx, rulebook, key)}")
    if row.closed:
        raise RegisterError(f"{key} is closed: {row.reason}")
    duty = rulebook.duty(row.pack, row.duty)
    assignment = duty.assignment(row.department) if duty else None
    if duty is None or assignment is None:
        raise RegisterError(f"{key}: the rules in force no longer lay {row.pack}/{row.duty} on {row.department}")
    base, part = split_label(row.label)
    parts = (part,) if part else tuple(each.name for each in duty.parts if not each.own_deadline)
    deadlines = (deadline for name in parts[:1] for deadline in duty.part(name).deadlines)
    deadline = next((each for each in deadlines if _gives(each, base)), None)
    if deadline is None:
        raise RegisterError(f"{key}: no deadline of {row.duty} gives {base!r} under the rules in force")
    return Obligation(row, duty, assignment, parts, deadline)


def check_part(obligation: Obligation, part: str | None) -> None:
    if part is not None and part not in obligation.parts:
        names = ", ".join(filter(None, obligation.parts))
        known = f"parts: {names}" if names else "no parts"
        raise RegisterError(f"{obligation.row.key} has no part {part!r} ({known})")


#: So long a command may wait for the pass that is under way.
_LONGEST_WAIT = timedelta(minutes=10)
#: As wide as the column of whoever says something.
_LONGEST_NAME = 128
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")


def check_words(**words: str) -> None:
    """None of them may be blank, and `by` names somebody."""
    for name, word in words.items():
        if not word.strip():
            raise RegisterError(f"{name} is missing")
        if not word.isascii():
            _check_whole(name, word)
    if "by" in words:
        check_name("by", words["by"])


def check_name(what: str, name: str) -> None:
    """A name is as long as its column, and all of it is seen: two that look alike are one."""
    if len(name) > _LONGEST_NAME:
        raise RegisterError(f"{what}: a name of at most {_LONGEST_NAME} characters, not {len(name)}")
    _check_whole(what, name)
    hidden = dict.fromkeys(f"U+{ord(letter):04X}" for letter in name if unicodedata.category(letter) in _UNSEEN)
    if hidden:
        raise RegisterError(f"{what} {name!a} holds what nobody sees ({', '.join(hidden)}): write it anew")


def _check_whole(what: str, word: str) -> None:
    """Half a character is nothing that can be kept: it comes from another encoding."""
    try:
        word.encode()
    except UnicodeEncodeError:
        raise RegisterError(f"{what} {word!a} is no whole text: write it in UTF-8") from None


def same_person(*names: str) -> bool:
    """Whether the names are one, however they were typed: blanks, width and case aside."""
    return len({"".join(unicodedata.normalize("NFKC", name).split()).casefold() for name in names}) == 1


def begin_act(tx: Tx, county: str, now: datetime, **words: str) -> CountyRow:
    """Check when somebody enters something and in which words (`by`, `reason`…); the county's row, locked."""
    if now.tzinfo is None:
        raise RegisterError(f"naive instant: {now!r}")
    check_words(**words)
    return lock_county(tx, county)


def check_forward(county: CountyRow, last_entry_at: datetime | None, now: datetime) -> None:
    """An act is not recorded as of a time before what is already on record. `last_entry_at`: of the journal."""
    known = max((at for at in (county.ticked_at, last_entry_at) if at is not None), default=None)
    if known is not None and now < known - _LONGEST_WAIT:
        newest = known.astimezone(now.tzinfo)
        raise RegisterError(
            f"{now:%Y-%m-%d %H:%M} lies before what is on record of {county.id} ({newest:%Y-%m-%d %H:%M}): an act is "
            "recorded when it is done (leave out --now)"
        )


def check_moment(moment: Moment, what: str) -> None:
    """A bare day, or an instant that knows its zone."""
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise RegisterError(f"{what} {moment.isoformat()} has no zone: give the offset, or a bare day")


def is_future(moment: Moment, rulebook: Rulebook, now: datetime) -> bool:
    if isinstance(moment, datetime):
        return moment > now
    return moment > moment_day(now, rulebook.county.zone)


def _gives(deadline: Deadline, base: str) -> bool:
    """Whether the deadline gives occurrences this label; two that give one label are refused when loading."""
    if isinstance(deadline, By):
        return base == "once"
    if isinstance(deadline, Within):
        name = deadline.event.name
        return base.startswith(f"event:{name}:") or base == f"awaiting:{name}"
    assert isinstance(deadline, Every)
    return unit_of(base) == ("day" if deadline.unit == "workday" else deadline.unit)


def whole_key(tx: Tx, rulebook: Rulebook, key: str) -> str:
    """The key that is `key` or alone ends in it, duty/department/label; `key` itself where none or several do."""
    if not 2 <= key.count("/") < 4:
        return key
    keys = [each for each in occurrence_keys(tx, rulebook.county.id) if each.endswith(f"/{key}")]
    return keys[0] if len(keys) == 1 else key


def _hint(tx: Tx, rulebook: Rulebook, key: str) -> str:
    county = rulebook.county.id
    if key.count("/") != 4:
        return "a key is county/pack/duty/department/label, or its end from the duty on, like budget/keji/2015-Q1"
    if not key.startswith(f"{county}/"):
        return f"this is county {county}"
    keys = occurrence_keys(tx, county)
    if not keys:
        return "there are none yet, run `duban tick`"
    beside = [each for each in keys if each.startswith(key[: key.rindex("/") + 1])]
    near = get_close_matches(key, beside or keys, n=3, cutoff=0.6) or beside[-3:]
    return f"close ones: {', '.join(near)}" if near else "see `duban status`"
