"""Assesses one entry against one cell: its department, the kind that its title names, the items that it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from tracker.core.law.county import County, SiteColumn
from tracker.core.law.duties import Assignment, Cell, Contents, Duty, Item, Source
from tracker.core.matching.attribution import Directory, attribute_entry, directory_of
from tracker.core.matching.contents import HeldItem, find_held_items, holds_item, holds_item_in_text, is_readable
from tracker.core.matching.republished import is_written_over
from tracker.core.matching.stated_items import only_lists_items, states_item
from tracker.core.matching.title_case import TitleKind, leave_open
from tracker.core.matching.title_kind import classify_title
from tracker.core.matching.title_pattern import may_match, may_match_flat
from tracker.core.matching.title_words import DutyWords, words_of
from tracker.core.values.facts import Entry, EntryVersion
from tracker.core.values.lexicon import Lexicon

_TITLE_NOT_READ = TitleKind("thing", "")


@dataclass(frozen=True, slots=True, eq=False)
class CellCriteria:
    """The requirements of a cell, with the columns and names that one department's entries are compared with.

    `required`: the indexes of the items that are not advisory. `words`: the words of the rule by source, by which
    titles are read.
    """

    cell: Cell
    contents: Contents
    members: tuple[str, ...]
    directory: Directory
    columns: Mapping[str, SiteColumn]
    by_column: Mapping[str, tuple[Source, ...]]
    lexicon: Lexicon | None
    words: Mapping[Source, DutyWords]
    required: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        required = tuple(index for index, item in enumerate(self.contents.items) if not item.advisory)
        object.__setattr__(self, "required", required)


def build_criteria(duty: Duty, cell: Cell, county: County, members: tuple[str, ...] = ()) -> CellCriteria:
    """Return the criteria that the entries of the departments `members` must meet for the cell."""
    by_column: dict[str, tuple[Source, ...]] = {}
    for source in cell.sources:
        for key in source.columns:
            by_column[key] = (*by_column.get(key, ()), source)
    lexicon = county.lexicon
    return CellCriteria(
        cell,
        duty.part(cell.part).contents,
        members,
        directory_of(county),
        {key: county.columns[key] for key in by_column if key in county.columns},
        by_column,
        lexicon,
        {source: words_of(duty, cell.part, source, lexicon) for source in cell.sources} if lexicon else {},
    )


@dataclass(frozen=True, slots=True)
class Assessment:
    """One entry assessed against one cell, whatever the period.

    `refusal`: why it can never count, or "". `open_question`: what a person has to decide before it counts, or "".
    `held_items`: beside `CellCriteria.contents.items`, None for an item that it does not hold. `is_of_other_kind`: it
    is refused because it holds another kind of what the duty asks for (`Contents.other_kinds`).
    """

    source: Source
    refusal: str
    open_question: str
    held_items: tuple[HeldItem | None, ...]
    is_unread: bool
    belongs_to_others: bool = False  # it is another department's
    is_of_other_kind: bool = False
    is_one_of_kinds: bool = False  # the cell asks for one kind of several

    @property
    def is_relevant(self) -> bool:
        """Whether it is at least part of the owed publication: its title fits a pattern, or it holds an item."""
        fits_pattern = bool(self.source.title) and not self.is_one_of_kinds
        return fits_pattern or not self.held_items or any(self.held_items)


def assess_entry(criteria: CellCriteria, source: Source, entry: Entry) -> Assessment:
    """Return the assessment of the entry for the cell, by the pattern and publisher of one source."""
    column = criteria.columns.get(entry.column)
    refusal, open_question = _check_ownership(entry, source, column, criteria.members, criteria.directory)
    belongs_to_others = bool(refusal)
    title_kind = _read_title(criteria, source, entry)
    if title_kind.answer == "about":
        refusal = refusal or title_kind.reason
    elif title_kind.answer == "undecided" and not refusal and not open_question:
        open_question = f"{title_kind.reason}，待人工认定"
    held_items, other_kind = find_held_items(entry, criteria.contents.items), ""
    if not refusal and not open_question:
        mention = _find_mention(criteria, entry.current)
        if mention or not any(held_items):
            other_kind = _find_other_kind(criteria.contents, entry, by_title=bool(mention))
        if mention and not other_kind:
            open_question = f"正文只提到{mention}，未见具体内容，待人工认定"
    return Assessment(
        source,
        refusal or other_kind,
        open_question,
        held_items,
        bool(held_items) and not is_readable(entry.current),
        belongs_to_others,
        is_of_other_kind=bool(other_kind),
        is_one_of_kinds=bool(criteria.contents.other_kinds),
    )


def _find_other_kind(contents: Contents, entry: Entry, *, by_title: bool) -> str:
    """Return why an entry is of another kind than the cell asks for (Chinese), or "".

    `by_title`: its text mentions the kind, so only its title can exclude it. That is so too where it could not be read
    whole.
    """
    version = entry.current
    if by_title or not is_readable(version):
        version = _drop_text(version)
    other = next((item for item in contents.other_kinds if _names_or_states(version, item)), None)
    return f"属于“{other.label}”类，不是“{contents.items[0].label}”类" if other is not None else ""


# -- departments ---------------------------------------------------------------------------------


def may_be_evidence(entry: Entry, assignment: Assignment, county: County, listed: str = "") -> bool:
    """Return whether the entry, now or in an earlier version, fits a pattern of the duty and may be the department's.

    It spares loading and judging the entries of a column that no duty of the department asks for. `listed`: its title
    in the list, which the first reading of its article replaces. Filings and rulings about its address are not
    considered.
    """
    sources = [source for cell in assignment.cells for source in cell.sources]  # a copy may stand in another column
    column, directory = county.columns.get(entry.column), directory_of(county)
    return any(
        may_match_flat(source.title, state.title)
        and not _check_ownership(state, source, column, assignment.members, directory)[0]
        for state in _all_states(entry, listed)
        for source in sources
    )


def _all_states(entry: Entry, listed: str) -> Iterator[Entry]:
    """Yield the entry as it stands, then as it stood earlier, the last state first."""
    yield entry
    for index in range(len(entry.versions) - 1, 0, -1):
        yield replace(entry, versions=entry.versions[:index])
    if listed and all(version.title != listed for version in entry.versions):
        yield replace(entry, versions=(replace(entry.versions[0], title=listed),))


def _check_ownership(
    entry: Entry, source: Source, column: SiteColumn | None, members: Sequence[str], directory: Directory
) -> tuple[str, str]:
    """Return (why the entry is another department's, why its department is unknown); "" where that is not so."""
    owner = column.owner if column else None
    attribution = attribute_entry(owner, entry.title, entry.current.source, entry.publisher, directory)
    named = set(attribution.named)
    names_others_only = bool(named) and named.isdisjoint(members)
    our_names = "、".join(directory.display_name(member) for member in members)
    if source.publisher == "any":
        # A rule that opens other owners' columns takes what they publish there under their own names.
        if names_others_only and (owner is None or owner in members):
            names = "、".join(directory.display_name(department) for department in attribution.named)
            return f"标题写明单位为“{names}”，不属于{our_names}", ""
        return "", ""
    if named and named <= set(members) and owner is None:
        return "", ""
    if attribution.department is None and names_others_only:
        return f"{attribution.reason}，均不属于{our_names}", ""
    if attribution.department is None:
        return "", f"{attribution.reason}，待人工认定是否属于{our_names}"
    return ("", "") if attribution.department in members else (f"{attribution.reason}，不属于{our_names}", "")


# -- titles --------------------------------------------------------------------------------------


def classify_entry_title(duty: Duty, cell: Cell, source: Source, entry: Entry, county: County) -> TitleKind:
    """Return the kind of an entry that fits the pattern of one source of the cell."""
    return _read_title(build_criteria(duty, cell, county), source, entry)


def _read_title(criteria: CellCriteria, source: Source, entry: Entry) -> TitleKind:
    """Return the kind of the entry by its title or, where the title leaves it open, by its text."""
    if criteria.lexicon is None:
        return _TITLE_NOT_READ
    title_kind = classify_title(entry.title, criteria.words[source], criteria.lexicon, source.accepts)
    if title_kind.answer == "thing":
        return title_kind
    if title_kind.answer == "undecided":
        is_one_of_several = criteria.contents.mode != "kinds" and len(criteria.required) > 1
        states = partial(states_item, is_one_of_several=is_one_of_several)
        is_decided = not title_kind.is_diverted and _has_items(criteria, entry, states)
        return _TITLE_NOT_READ if is_decided else title_kind
    if _has_items(criteria, entry, holds_item_in_text):
        return leave_open(title_kind, "但正文或附件中有规则所要求的内容")
    earlier_title = _find_earlier_title(criteria, source, entry)
    return leave_open(title_kind, f"但同一网址此前以《{earlier_title}》为题公开") if earlier_title else title_kind


def _find_earlier_title(criteria: CellCriteria, source: Source, entry: Entry) -> str:
    """Return the last earlier title under which the entry was the owed publication, or "".

    A title is skipped where another text stands there now.
    """
    for index in range(len(entry.versions) - 1, 0, -1):
        earlier = replace(entry, versions=entry.versions[:index])
        if not may_match(source.title, earlier.title) or is_written_over(entry, earlier.current):
            continue
        if earlier.title != entry.title and _read_title(criteria, source, earlier).answer == "thing":
            return earlier.title
    return ""


def _find_mention(criteria: CellCriteria, version: EntryVersion) -> str:
    """Return what a text only mentions (Chinese): all the items in one sentence, as a report on the work does, or the
    one kind that is asked for, which its title does not name; "" if nothing."""
    contents = criteria.contents
    items = tuple(contents.items[index] for index in criteria.required)
    if contents.mode != "kinds" and only_lists_items(version, items):
        return "各项内容的名称"
    is_mention = bool(contents.other_kinds) and any(
        holds_item(version, item) and not _names_or_states(version, item) for item in items
    )
    return f"“{items[0].label}”" if is_mention else ""


def _names_or_states(version: EntryVersion, item: Item) -> bool:
    """Return whether its title names the item, or its text or files say more of it than its name."""
    return holds_item(_drop_text(version), item) or (holds_item(version, item) and states_item(version, item))


def _drop_text(version: EntryVersion) -> EntryVersion:
    return replace(version, text="", attachments=())


def _has_items(criteria: CellCriteria, entry: Entry, has_item: Callable[[EntryVersion, Item], bool]) -> bool:
    """Return whether the text or files have what is required, each item by `has_item`."""
    items = (has_item(entry.current, criteria.contents.items[index]) for index in criteria.required)
    return bool(criteria.required) and (any(items) if criteria.contents.mode == "kinds" else all(items))
