"""rules/acts.yaml: the statutes that rules cite by name, and the articles that a duty, reading or deadline gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pydantic import Field

from tracker.core.law.statutes import Act, Provision
from tracker.rulebook.document import Document, Sink, Spot, each, read
from tracker.rulebook.files import PackFile
from tracker.rulebook.models import ReadingModel
from tracker.rulebook.pack_model import InForceModel
from tracker.rulebook.scalars import LawText
from tracker.rulebook.shape import Model, Named
from tracker.rulebook.validate import validate

BOTH = "`law` beside `assumed`: a number that an act sets is not ours"


class ActsModel(Model):
    """The statutes that packs cite under `law`: rules/acts.yaml. Needed only where one is cited."""

    acts: Named[Act] = Field(
        min_length=1, json_schema_extra={"minProperties": 1}, description="By the name that packs cite."
    )


class Acts(dict[str, Act]):
    """The statutes by name, and where they stand. `where`: what to add to a message where the file is not there."""

    def __init__(self, acts: Mapping[str, Act], spot: Spot, where: str = "") -> None:
        super().__init__(acts)
        self.spot = spot
        self.where = where


def read_acts(path: Path, sink: Sink) -> Acts:
    """The acts of the file, none where it is not there; its defects are in the sink."""
    if not path.exists():
        return Acts({}, Spot(Document(str(path))), " (there is no rules/acts.yaml)")
    document = read(path, str(path), sink)
    model = validate(document, ActsModel, sink) if document else None
    if document is None or model is None:
        return Acts({}, Spot(Document(str(path), left_out={("acts", None)}), ("acts",)))
    spot = Spot(document, ("acts",))
    for name, act in model.acts.items():
        if act.until is not None and act.until < act.since:
            sink.add(spot / name / "until", "the last day lies before the first")
    return Acts(model.acts, spot)


def check_laws(pack: PackFile, acts: Acts, sink: Sink) -> None:
    """What is wrong with the articles that a pack gives."""
    for name, reading in pack.model.readings.items():
        check_law_of_reading(reading, pack.spot / "readings" / name, acts, pack, sink)
    for index, duty in enumerate(pack.model.duties):
        spot = pack.spot / "duties" / index
        _check_law(duty.law, spot / "law", acts, pack.model.in_force, sink)
        _check_forms(duty.deadline, spot / "deadline", acts, pack, sink)
        for name, part in duty.parts.items():
            _check_forms(part.deadline, spot / "parts" / name / "deadline", acts, pack, sink)


def check_law_of_reading(reading: ReadingModel, spot: Spot, acts: Acts, pack: PackFile, sink: Sink) -> None:
    """The same for a reading, the pack's or the county's."""
    if reading.law and reading.assumed:
        sink.add(spot / "law", BOTH, key=True)
    _check_law(reading.law, spot / "law", acts, pack.model.in_force, sink)
    _check_forms(reading.deadline, spot / "deadline", acts, pack, sink)


def _check_forms(value: object, spot: Spot, acts: Acts, pack: PackFile, sink: Sink) -> None:
    for form, place in each(value, spot):
        law = getattr(form, "law", None)
        if law and getattr(form, "assumed", False):
            sink.add(place / "law", BOTH, key=True)
        _check_law(law, place / "law", acts, pack.model.in_force, sink)


def _check_law(law: Sequence[LawText] | None, spot: Spot, acts: Acts, pack: InForceModel, sink: Sink) -> None:
    """Every act that is cited is known, and in force on some day of the pack."""
    usable = {name: act for name, act in acts.items() if _meets(act, pack)}
    for index, cited in enumerate(law or ()):
        if cited.act not in acts:
            sink.unknown(spot / index, "act", cited.act, acts, among=acts.spot, where=acts.where)
        elif cited.act not in usable:
            act = acts[cited.act]
            held = f"from {act.since}" + (f" to {act.until}" if act.until else "")
            message = f"the act {cited.act!r} is in force {held}, on no day of the pack"
            sink.add(spot / index, message, tuple(sorted(usable)))


def _meets(act: Act, pack: InForceModel) -> bool:
    return act.since <= pack.until and (act.until is None or act.until >= pack.from_)


def provisions(law: Iterable[LawText], acts: Mapping[str, Act]) -> tuple[Provision, ...]:
    """The articles cited; what names no act is told where it is checked."""
    return tuple(Provision(acts[one.act], one.article) for one in law if one.act in acts)
