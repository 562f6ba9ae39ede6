"""Makes the JSON body of a webhook's call, and its schema for receivers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from notifications.lines import NoticeFields
from notifications.render import Addressee, RenderedMail


class CalledNotice(BaseModel):
    """One thing that is told. Empty texts and lists: it has no such thing."""

    kind: str = Field(
        description="What kind of notice: `NoticeKind` of tracker.core.escalation.notice_kinds, like overdue or mended."
    )
    step: str = Field(description="The step of the policy, by its name.")
    repeat: int = Field(default=0, description="0: the step itself; n: its n-th repeat.")
    occurrence: str = Field(default="", description="County, pack, duty, department and period: what it is about.")
    duty: str = Field(default="", description="What is to be published, in words.")
    department: str = Field(default="", description="By whom, in words.")
    period: str = Field(default="", description="For which period or event, in words.")
    due_at: str = Field(default="", description="The first instant that is late, ISO 8601 with offset.")
    status: str = Field(default="", description="The status by its name.")
    light: str = Field(default="", description="green, blue, yellow, red or grey")
    reason: str = Field(description="One Chinese sentence.")
    missing: list[str] = Field(default_factory=list, description="What is not there.")
    slip: str = Field(default="", description="The number of the slip (督办单).")


class Call(BaseModel):
    """What a webhook is called with. The body is signed; see X-Duban-Signature."""

    version: Literal[1] = 1
    id: str = Field(description="The message's id: the same at every attempt.")
    at: str = Field(description="When it was put together, ISO 8601 with offset.")
    county: str = Field(description="What the county is called.")
    to: str = Field(description="Whom it is addressed to, in words.")
    subject: str = Field(description="What it is about, in one line.")
    answer: str = Field(
        default="",
        description="The page on which it can be answered (知悉, 已公开, 说明情况), for whoever has this address.",
    )
    matters: list[CalledNotice] = Field(description="Worst first.")


def json_body(
    message: str, rendered: RenderedMail, reader: Addressee, shown: Sequence[NoticeFields], now: datetime
) -> bytes:
    """The call's body in UTF-8, by the schema of `Call`."""
    matters = [
        CalledNotice.model_validate(
            {name: fields[name] for name in CalledNotice.model_fields if fields.get(name) is not None}
        )
        for fields in shown
    ]
    call = Call(
        id=message, at=now.isoformat(), county=reader.county, to=reader.name, subject=rendered.subject,
        answer=reader.answer, matters=matters,
    )  # fmt: skip
    return call.model_dump_json().encode()
