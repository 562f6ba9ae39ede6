"""Keeps what was typed into a form whose session was over when it was sent, until its owner has logged in again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker.console.forms import MAX_BODY, PostedForm
from tracker.console.sessions import is_form_token
from tracker.core.values.message import Message

#: How long a form is kept, how many are, and of how many sessions it is known whose they were.
_KEPT, _MOST, _SESSIONS = timedelta(minutes=30), 200, 10_000
_NOTHING = PostedForm({})
_AGAIN = Message(
    "You were logged out before the form was sent, and nothing was recorded. Please check it and send it again."
)
_WITHOUT_FILE = Message(
    "You were logged out before the form was sent, and nothing was recorded. Please choose the file again, check the "
    "form and send it again."
)
_ANOTHERS = Message("What was typed here before the log-in is another account's; it was not recorded and is not shown.")


@dataclass(frozen=True, slots=True)
class TypedForm:
    """A form without its file. `address`: of its page; `account`: who typed it; `why`: what is said beside it."""

    account: int
    address: str
    form: PostedForm
    why: Message


@dataclass(slots=True)
class TypedForms:
    """In memory, under the hash of the session's key: nothing of it stands in the page of the log-in, and nobody gets
    it but the account that typed it, in the same browser. A restart forgets it."""

    _whose: OrderedDict[str, int] = field(default_factory=OrderedDict)
    _forms: OrderedDict[str, tuple[datetime, TypedForm]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, session: str, account: int) -> None:
        """Remember whose a session is."""
        with self._lock:
            self._whose[session] = account
            self._whose.move_to_end(session)
            while len(self._whose) > _SESSIONS:
                self._whose.popitem(last=False)

    def whose(self, session: str) -> int | None:
        return self._whose.get(session)

    def is_of_earlier_session(self, account: int, token: str) -> bool:
        """Whether a form comes from a page of another session of the account."""
        with self._lock:
            theirs = [session for session, whose in self._whose.items() if whose == account]
        return any(is_form_token(session, token) for session in theirs)

    def keep(self, session: str, account: int, address: str, form: PostedForm, now: datetime) -> bool:
        """Keep what was typed; False where it is more than a form holds."""
        typed = type_again(account, address, form)
        if sum(len(name) + len(value) for name, values in typed.form.fields.items() for value in values) > MAX_BODY:
            return False
        with self._lock:
            self._forms[session] = now, typed
            while len(self._forms) > _MOST:
                self._forms.popitem(last=False)
        return True

    def move(self, before: str, session: str, account: int) -> None:
        """Give it on to the session that begins in the same browser; another account hears of it and no more."""
        with self._lock:
            at, typed = self._forms.pop(before, (None, None))
            if at is None or typed is None:
                return
            if typed.account != account:
                typed = replace(typed, account=account, form=_NOTHING, why=_ANOTHERS)
            self._forms[session] = at, typed

    def find(self, session: str, address: str, now: datetime) -> TypedForm | None:
        """What is to be typed on in a page; None where nothing is."""
        at, typed = self._forms.get(session, (None, None))
        return typed if at is not None and typed and typed.address == address and now - at <= _KEPT else None

    def drop(self, session: str) -> None:
        """Forget it: a form of the session has been sent."""
        with self._lock:
            self._forms.pop(session, None)


def type_again(account: int, address: str, form: PostedForm) -> TypedForm:
    """The form to be shown again: without its file, and without the key of the session before."""
    fields = {name: values for name, values in form.fields.items() if name != "csrf"}
    return TypedForm(account, address, PostedForm(fields), _WITHOUT_FILE if form.file else _AGAIN)
