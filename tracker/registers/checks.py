"""Checks names, texts and times that people enter, and finds the occurrence that they mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from tracker.core.law.counting import moment_day
from tracker.core.law.county import County, Rulebook
from tracker.core.law.duties import Assignment, By, Deadline, Duty, Every, Within
from tracker.core.law.periods import split_label, unit_of
from tracker.core.values.facts import Moment
from tracker.core.values.message import ListedWord, Message
from tracker.registers.errors import RegisterError
from tracker.store.counties import CountyRow, lock_county
from tracker.store.engine import Tx
from tracker.store.occurrences import OccurrenceRow, find_occurrence, list_keys


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
        """The status and reason that were decided last, as the journal stores them."""
        return {"status": self.row.status.value, "reason": self.row.reason}


def find_obligation(tx: Tx, rulebook: Rulebook, key: str) -> Obligation:
    """The open occurrence with this key. Raises RegisterError where there is none, with the keys that come close."""
    row = find_occurrence(tx, rulebook.county.id, key)
    if row is None:
        raise RegisterError("no occurrence {key!r}: {hint}", key=key, hint=_suggest_keys(tx, rulebook, key))
    if row.closed:
        raise RegisterError("{key} is closed: {reason}", key=key, reason=row.reason)
    duty = rulebook.duty(row.pack, row.duty)
    assignment = duty.assignment(row.department) if duty else None
    if duty is None or assignment is None:
        raise RegisterError(
            "{key}: the rules in force no longer lay {pack}/{duty} on {department}",
            key=key,
            pack=row.pack,
            duty=row.duty,
            department=row.department,
        )
    base, part = split_label(row.label)
    parts = (part,) if part else tuple(part.name for part in duty.parts if not part.own_deadline)
    deadlines = (deadline for name in parts[:1] for deadline in duty.part(name).deadlines)
    deadline = next((deadline for deadline in deadlines if _yields_label(deadline, base)), None)
    if deadline is None:
        raise RegisterError(
            "{key}: no deadline of {duty} gives {base!r} under the rules in force", key=key, duty=row.duty, base=base
        )
    return Obligation(row, duty, assignment, parts, deadline)


def check_part(obligation: Obligation, part: str | None) -> None:
    """Raises RegisterError where the occurrence has no such part; None, the whole occurrence, is always right."""
    if part is not None and part not in obligation.parts:
        names = ", ".join(filter(None, obligation.parts))
        known = Message("parts: {names}", names=names) if names else Message("no parts")
        raise RegisterError("{key} has no part {part!r} ({known})", key=obligation.row.key, part=part, known=known)


#: A command may wait this long for a pass that is running.
_LONGEST_WAIT = timedelta(minutes=10)
#: The width of the columns that store a person's name.
_LONGEST_NAME = 128
#: Unicode categories of characters that nobody sees.
_INVISIBLE = ("Cc", "Cf", "Zl", "Zp")


def check_texts(**texts: str) -> None:
    """Check that no text is blank and each can be encoded, and that `by` is a valid name."""
    for label, text in texts.items():
        if not text.strip():
            raise RegisterError("{label} is missing", label=ListedWord("column", label))
        if not text.isascii():
            _check_encodable(label, text)
    if "by" in texts:
        check_name("by", texts["by"])


def check_name(label: str, name: str) -> None:
    """Check that a name fits its column and has no invisible characters, so that names that look alike are equal."""
    if len(name) > _LONGEST_NAME:
        raise RegisterError(
            "{label}: a name of at most {longest} characters, not {count}",
            label=label,
            longest=_LONGEST_NAME,
            count=len(name),
        )
    _check_encodable(label, name)
    invisible = dict.fromkeys(f"U+{ord(letter):04X}" for letter in name if unicodedata.category(letter) in _INVISIBLE)
    if invisible:
        raise RegisterError(
            "{label} {name!a} holds what nobody sees ({invisible}): write it anew",
            label=label,
            name=name,
            invisible=", ".join(invisible),
        )


def _check_encodable(label: str, text: str) -> None:
    """Refuse a text with lone surrogates: it came from another encoding and cannot be stored as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RegisterError("{label} {text!a} is no whole text: write it in UTF-8", label=label, text=text) from None


#: The mailbox that stands behind a name where somebody answered on a page.
_MAILBOX = re.compile(r"\([^()]*@[^()]*\)$")


def is_same_person(*names: str) -> bool:
    """Whether all names are the same but for blanks, width, case and the mailbox through which somebody answered."""
    plain = ("".join(unicodedata.normalize("NFKC", name).split()).casefold() for name in names)
    return len({_MAILBOX.sub("", name) or name for name in plain}) == 1


def begin_act(tx: Tx, county: str, now: datetime, **texts: str) -> CountyRow:
    """Check the time and the texts (`by`, `reason`…) of an entry, then lock the county's row and return it."""
    if now.tzinfo is None:
        raise RegisterError("naive instant: {now!r}", now=now)
    check_texts(**texts)
    return lock_county(tx, county)


def check_not_backdated(county: CountyRow, last_entry_at: datetime | None, now: datetime) -> None:
    """Refuse a time before the county's last pass or its last journal entry (`last_entry_at`)."""
    newest = max((at for at in (county.ticked_at, last_entry_at) if at is not None), default=None)
    if newest is not None and now < newest - _LONGEST_WAIT:
        newest = newest.astimezone(now.tzinfo)
        raise RegisterError(
            "{now:%Y-%m-%d %H:%M} lies before what is on record of {id} ({newest:%Y-%m-%d %H:%M}): "
            "an act is recorded when it is done (leave out --now)",
            now=now,
            id=county.id,
            newest=newest,
        )


def check_moment(moment: Moment, label: str) -> None:
    """Check that the moment is a bare day or an instant with a time zone."""
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise RegisterError(
            "{label} {moment} has no zone: give the offset, or a bare day", label=label, moment=moment.isoformat()
        )


def is_future(moment: Moment, rulebook: Rulebook, now: datetime) -> bool:
    if isinstance(moment, datetime):
        return moment > now
    return moment > moment_day(now, rulebook.county.zone)


def _yields_label(deadline: Deadline, base: str) -> bool:
    """Whether the deadline gives occurrences this label. The rulebook refuses two deadlines that give the same one."""
    if isinstance(deadline, By):
        return base == "once"
    if isinstance(deadline, Within):
        name = deadline.event.name
        return base.startswith(f"event:{name}:") or base == f"awaiting:{name}"
    assert isinstance(deadline, Every)
    return unit_of(base) == ("day" if deadline.unit == "workday" else deadline.unit)


def complete_key(tx: Tx, rulebook: Rulebook, key: str) -> str:
    """The only key that is meant by its end from the duty on, or without its label (`budget/keji`, `budget/keji/`);
    `key` itself where none or several are."""
    if "/" not in key:
        return key
    for closed in (True, False):  # what is closed is seldom meant
        keys = list_keys(tx, rulebook.county.id, closed=closed)
        matches = match_keys(key, keys, rulebook.county)
        if len(matches) == 1 and (key.endswith((":", "/")) or _holds_whole(matches[0], key, rulebook.county)):
            return matches[0]
    return key


def match_keys(asked: str, keys: Iterable[str], county: County) -> list[str]:
    """The keys that end in `asked`; if none does, those of which whole segments or the key's tail begin with it
    (`budget/keji/2015-0`). A department may stand there by its name."""
    known, tail = list(keys), _with_ids(asked, county)
    whole = [key for key in known if f"/{key}".endswith(f"/{tail}")]
    return whole or [key for key in known if tail and f"/{tail}" in f"/{key}"]


def _with_ids(asked: str, county: County) -> str:
    return "/".join(county.find_department(part) or part for part in asked.rstrip("/").split("/"))


def _holds_whole(key: str, asked: str, county: County) -> bool:
    """Whether `asked` stands in the key in whole segments: a label that is cut short is mistyped, for an act."""
    return f"/{_with_ids(asked, county)}/" in f"/{key}/"


def _suggest_keys(tx: Tx, rulebook: Rulebook, key: str) -> Message:
    county = rulebook.county.id
    if key.count("/") != 4:
        return Message(
            "a key is county/pack/duty/department/label, or its end from the duty on, like budget/keji/2015-Q1"
        )
    if not key.startswith(f"{county}/"):
        return Message("this is county {county}", county=county)
    keys = list_keys(tx, county)
    if not keys:
        return Message("there are none yet, run `duban tick`")
    prefix = key[: key.rindex("/") + 1]
    siblings = [sibling for sibling in keys if sibling.startswith(prefix)]
    near = get_close_matches(key, siblings or keys, n=3, cutoff=0.6) or siblings[-3:]
    return Message("close ones: {keys}", keys=", ".join(near)) if near else Message("see `duban status`")
