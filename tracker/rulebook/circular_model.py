"""How a county criticises in public (通报), in its file."""

from __future__ import annotations

from pydantic import Field

from tracker.core.values.formulas import CircularRules
from tracker.rulebook.models import Model
from tracker.rulebook.scalars import Count, Flag, Maybe, Text


class CircularModel(Model):
    """The monthly circular (通报): what it bears, and whom it names."""

    example = "{issuer: 样例县人民政府办公室, prefix: 样政公开通}"
    issuer: Text = Field(description="The issuing body: its red head and its signature.")
    prefix: Text = Field(description="What stands before 〔2015〕1号 in its number.")
    addressee: Text = Field(default="县直各有关部门", description="To whom it is addressed, without the colon.")
    copies: Maybe = Field(default="", description="抄送: who gets a copy.")
    printed_by: Maybe = Field(default="", description="印发: who prints it; the issuer if left out.")
    overdue: Count = Field(default=1, description="Nothing published: named from so many working days late.")
    incomplete: Count = Field(default=10, description="Published in part: named from so many working days late.")
    late: Flag = Field(default=False, description="Name what was published late in that month, too.")
    repeated: Flag = Field(default=True, description="Name what was published late and had been late within a year.")
    named: Count = Field(default=3, description="So many of the best and of the worst departments are named.")
    lights: Flag = Field(default=False, description="Attach the lights of the year so far, as a picture.")


def build_circular(model: CircularModel | None) -> CircularRules | None:
    if model is None:
        return None
    return CircularRules(
        issuer=model.issuer,
        prefix=model.prefix,
        addressee=model.addressee,
        copies=model.copies,
        printed_by=model.printed_by or model.issuer,
        overdue=model.overdue,
        incomplete=model.incomplete,
        late=model.late,
        repeated=model.repeated,
        named=model.named,
        lights=model.lights,
    )
