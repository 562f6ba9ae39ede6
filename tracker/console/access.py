"""Says which role sees which page of the console and may do what on it: one table, which the dispatcher asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.core.law.county import Rulebook
from tracker.core.values.accounts import Account, Role
from tracker.core.values.divisions import lies_in

ALL = frozenset(Role)


@dataclass(frozen=True, slots=True)
class PageRule:
    """Who sees a page, and by the name of each act on it who may do that."""

    sees: frozenset[Role]
    acts: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    is_public: bool = False  # seen by everybody, without a log-in, where `console: public` is on
    is_above: bool = False  # seen by those alone whose account reads the counties of a region


#: Those to whom the whole county is open.
COUNTY = ALL - {Role.LIAISON}
_LIAISON, _OFFICE, _SUPERVISOR, _AUDITOR = (
    frozenset({role}) for role in (Role.LIAISON, Role.OFFICE, Role.SUPERVISOR, Role.AUDITOR)
)
_OWN = ("password", "totp", "language", "log-out", "log-out-everywhere", "make-feed", "end-feed")
PAGES: Mapping[str, PageRule] = {
    "public": PageRule(ALL, is_public=True),
    "counties": PageRule(_AUDITOR, is_above=True),
    "account": PageRule(ALL, dict.fromkeys(_OWN, ALL)),
    "overview": PageRule(COUNTY),
    "matters": PageRule(ALL),
    "matter": PageRule(ALL, dict.fromkeys(("published", "filed", "event", "objected", "zero-report"), _LIAISON)),
    "compare": PageRule(ALL, {"look": _LIAISON | _OFFICE}),
    "search": PageRule(ALL),
    "journal": PageRule(COUNTY, {"verify": frozenset({Role.OFFICE, Role.AUDITOR})}),
    "queue": PageRule(COUNTY, dict.fromkeys(("accept", "reject", "uphold", "dismiss"), _OFFICE)),
    "events": PageRule(COUNTY, dict.fromkeys(("record", "import"), _OFFICE)),
    "site": PageRule(COUNTY),
    "column": PageRule(COUNTY),
    "rules": PageRule(COUNTY, {"compare": _OFFICE}),
    "people": PageRule(COUNTY, dict.fromkeys(("add", "disable", "reset", "end", "revoke"), _OFFICE)),
    "reports": PageRule(COUNTY),
    "circulars": PageRule(COUNTY, {"draft": _OFFICE}),
    "circular": PageRule(COUNTY, {"draft": _OFFICE, "consult": _OFFICE, "sign": _SUPERVISOR, "issue": _OFFICE}),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: the account, and the rules of the county that is looked at, its own or one of its region."""

    account: Account
    rulebook: Rulebook

    @property
    def department(self) -> str | None:
        """The only department whose matters are shown; None: those of all."""
        return self.account.department if self.account.role is Role.LIAISON else None

    @property
    def reaches_county(self) -> bool:
        """Whether the county is the account's own, or lies in its region."""
        county = self.rulebook.county
        return county.id == self.account.county or lies_in(county.division, self.account.region)

    def may_see(self, page: str) -> bool:
        rule = PAGES[page]
        return self.account.role in rule.sees and (not rule.is_above or self.account.region != "")

    def may(self, page: str, act: str) -> bool:
        return self.may_see(page) and self.account.role in PAGES[page].acts[act]

    def owns(self, department: str) -> bool:
        """Whether what belongs to a department, or to a joint assignment `a+b`, is open to the viewer."""
        return self.department is None or self.department in department.split("+")
