"""Where the list of a page stands that holds none itself: in a store's proxy, in a unit or an interface that a script
asks for, in the files of an index."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import parse_qsl, urlencode, urlsplit

from tracker.evidence.page.dates import day_of
from tracker.evidence.page.parsed import Page, resolve
from tracker.evidence.wrappers.data_pagers import number_named, pairs, range_ask
from tracker.evidence.wrappers.data_records import arrays_of
from tracker.evidence.wrappers.instants import moment_of
from tracker.evidence.wrappers.json_answers import with_fields
from tracker.evidence.wrappers.profile import Profile, load_profiles, profiles_of
from tracker.evidence.wrappers.script_calls import asked_by_script, row_address, script_file
from tracker.evidence.wrappers.stores import STORE, store_page
from tracker.evidence.wrappers.values import Ask, Listing
from tracker.evidence.wrappers.wrapper import SourceKind, Wrapper
from tracker.evidence.wrappers.xml_tree import UnreadableTree, local, tree_of

#: So many files of an index are followed.
_MAX_FILES = 50
#: What a person has to write where an interface cannot be found or understood.
ADVICE = "可在浏览器开发者工具中查到接口地址，写为栏目的 url，并以 interface 写明 items、title、url、date 的位置"
#: Why a page is not read whose rows only a script brings.
LEFT_TO_SCRIPT = "列表由脚本加载，尚不能读取"


def elsewhere(page: Page) -> Listing | None:
    """Return where the list of a page without one stands, as its system's profile knows; None where none knows.

    A page that says by its system's own mark that there are no rows gives an empty list.
    """
    if page.kind == "xml":
        return stored_elsewhere(page) or files_of_index(page)
    if page.kind != "html":
        return None
    return stored_elsewhere(page) or marked_interface(page) or says_no_rows(page)


def stored_elsewhere(page: Page) -> Listing | None:
    """Return where a page without records sends whose profile keeps them in a store; None for another page.

    Where the store says that it is empty the list is; where it says nothing, it is not understood.
    """
    if page.kind not in ("html", "xml"):
        return None
    for profile in profiles_of(page, SourceKind.STORE):
        if store_page(page, profile) is not None:
            return None
        found = _units(page, profile) if profile.unit else _proxy(page, profile)
        if found is not None:
            return found
    return None


def _proxy(page: Page, profile: Profile) -> Listing | None:
    has_store = page.says(f"<{STORE}")
    if has_store and number_named(page.text, profile.total) == 0:
        return Listing(dialect=profile.dialect)
    ask = range_ask(page, profile, 1, None) if page.kind == "html" else None
    if ask is not None:
        return Listing(dialect=profile.dialect, parts=(ask,), wrapper=_draft(ask, profile.kind, profile.name))
    if not has_store:
        return None
    reason = "列表数据区中没有可读的记录，不能断定栏目是空的"
    return Listing(understood=False, reason=reason, dialect=profile.dialect)


def _units(page: Page, profile: Profile) -> Listing | None:
    """Return the one unit that is called a list; not understood where several may be it."""
    if page.kind != "html":
        return None
    asks: dict[Ask, str] = {}
    for node in page.tree.css("[url]")[:200]:
        url = resolve(page.base, node.attributes.get("url") or "")
        fields = pairs(node.attributes.get(profile.unit.lower()) or "")
        if url is not None and fields and any(urlsplit(url).path.endswith(mark) for mark in profile.marks):
            asks[Ask(f"{url}?{urlencode(fields)}")] = dict(fields).get("tagId", "")
    chosen = [ask for ask, name in asks.items() if len(asks) == 1 or re.search(profile.called, name)]
    if not asks:
        return None
    if len(chosen) != 1:
        reason = "页面由多个脚本单元拼成，分不清哪个是栏目的列表"
        return Listing(understood=False, reason=reason, dialect=profile.dialect)
    draft = _draft(chosen[0], profile.kind, profile.name)
    return Listing(dialect=profile.dialect, parts=tuple(chosen), wrapper=draft)


def marked_interface(page: Page) -> Listing | None:
    """Return the interface of a known system that the page's script asks for its rows; None where it asks for none."""
    for profile in profiles_of(page, SourceKind.JSON):
        asks = [ask for ask in asked_by_script(page) if any(mark in ask.url for mark in profile.marks)]
        asks = [Ask(with_fields(ask.url, _missing(ask, profile)), ask.form) for ask in asks]
        if asks:
            return _one_interface(page, list(dict.fromkeys(asks)), profile)
    return None


def _missing(ask: Ask, profile: Profile) -> dict[str, str]:
    known = dict(parse_qsl(urlsplit(ask.url).query))
    return {name: value for name, value in parse_qsl(profile.query) if name not in known}


def any_interface(page: Page) -> Listing:
    """Return the interface that the page's script asks for its rows; not understood where it asks for none, or for
    several."""
    asks = asked_by_script(page)
    if not asks and (file := script_file(page)) is not None:
        return Listing(dialect="interface", parts=(Ask(file),), wrapper=_draft(Ask(page.url), SourceKind.JSON, ""))
    if not asks:
        return Listing(understood=False, reason=f"{LEFT_TO_SCRIPT}；{ADVICE}")
    return _one_interface(page, asks, None)


def asked_by_file(page: Page, column: str) -> Listing:
    """Return the interface that a script's file asks for the rows of the page at a column's address; not understood
    where nothing of that address is asked for: it would be every column's."""
    body = f"<script>{page.text}</script>".encode()
    found = any_interface(Page(column, body, page.zone, page.today, "text/html; charset=utf-8"))
    named = set(re.findall(r"\w{2,}", column.partition("//")[2].partition("/")[2]))
    if all(named & set(re.findall(r"\w{2,}", f"{urlsplit(one.url).query} {one.form or ''}")) for one in found.parts):
        return found
    return Listing(understood=False, reason=f"{LEFT_TO_SCRIPT}；{ADVICE}")


def _one_interface(page: Page, asks: list[Ask], profile: Profile | None) -> Listing:
    dialect = profile.dialect if profile is not None else "interface"
    if len(asks) > 1:
        named = "、".join(urlsplit(ask.url).path for ask in asks[:3])
        reason = f"页面从多个接口取数据（{named}），分不清哪个是栏目的列表；{ADVICE}"
        return Listing(understood=False, reason=reason, dialect=dialect)
    draft = _draft(asks[0], SourceKind.JSON, profile.name if profile is not None else "", row_address(page))
    return Listing(dialect=dialect, parts=(asks[0],), wrapper=draft)


def _draft(ask: Ask, kind: SourceKind, profile: str, link: str = "") -> str:
    """Return what is known of an answer's wrapper before the answer came."""
    return Wrapper(ask.url, kind, profile=profile, link=link).to_json()


def says_no_rows(page: Page) -> Listing | None:
    """Return the empty list of a page whose profile knows how a page says that there are no rows; None for another."""
    for profile in load_profiles().values():
        if profile.empty and profile.marks_page(page) and re.search(profile.empty, page.scripts):
            return Listing(dialect=profile.dialect)
    return None


def files_of_index(page: Page) -> Listing | None:
    """Return the files of a site map's index, those that changed last first; None for another document."""
    try:
        root = tree_of(page)
    except UnreadableTree as error:
        return Listing(understood=False, reason=f"栏目地址返回的 XML 无法读取：{error}")
    if local(root) != "sitemapindex":
        return None
    files = [
        (_changed(one.get("lastmod", ""), page), url)
        for one in arrays_of(page).get("sitemap", [])
        if (url := resolve(page.url, one.get("loc", ""))) and url != page.url
    ]
    if not files or len(files) > _MAX_FILES:
        reason = f"站点地图分成 {len(files)} 个文件，不能全部读取" if files else "站点地图索引中没有文件"
        return Listing(understood=False, reason=reason, dialect="sitemap")
    files.sort(key=lambda one: one[0], reverse=True)
    return Listing(dialect="sitemap", parts=tuple(Ask(url) for _, url in files))


def _changed(text: str, page: Page) -> date:
    when = moment_of(text, page.zone)
    return date.min if when is None else day_of(when)
