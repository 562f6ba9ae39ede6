"""rules/acts.yaml: the statutes that rules cite by name, and the articles that a duty, reading or deadline gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tracker.core.law.statutes import Act, Provision
from tracker.core.values.message import Message
from tracker.rulebook.document import Defined, Document, Spot
from tracker.rulebook.errors import RuleError
from tracker.rulebook.scalars import LawText
from tracker.rulebook.shape import Model, Named, required
from tracker.rulebook.validate import validate
from tracker.rulebook.yaml_files import read


class ActsModel(Model):
    """The statutes that packs cite under `law`: rules/acts.yaml. Needed only where one is cited."""

    acts: Named[Act] = required("By the name that packs cite.", min_length=1, json_schema_extra={"minProperties": 1})


Acts = Defined[Act]


def read_acts(path: Path, errors: list[RuleError]) -> Acts:
    """The acts of the file; none where it is not there."""
    if not path.exists():
        return Defined({}, Spot(Document(str(path), errors)), Message("act"), Message(" (there is no rules/acts.yaml)"))
    document = read(path, str(path), errors)
    model, spot = validate(document, ActsModel), Spot(document, ("acts",))
    if model is None:
        document.left_out.add(("acts", None))
        return Defined({}, spot, Message("act"))
    for name, act in model.acts.items():
        if act.until is not None and act.until < act.since:
            (spot / name / "until").report(Message("the last day lies before the first"))
    return Defined(model.acts, spot, Message("act"))


def find_provisions(law: Iterable[LawText], acts: Mapping[str, Act]) -> tuple[Provision, ...]:
    """The articles cited, without those of unknown acts."""
    return tuple(Provision(acts[cited.act], cited.article) for cited in law if cited.act in acts)
