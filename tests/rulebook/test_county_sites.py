"""From the channels of a county's file to the columns, hosts and owners of its sites."""

from __future__ import annotations

from tests.rulebook.rule_office import Office
from tracker.core.law.county import Interface


def test_addresses_are_joined_to_the_base(office: Office) -> None:
    columns = office.load().rulebooks[0].county.columns
    assert {key: (one.url, one.title, one.kind) for key, one in columns.items()} == {
        "site/environment": ("https://www.example.gov.cn/hjbh/", "环境保护", "listing"),
        "site/finance": ("https://www.example.gov.cn/cz/", "finance", "listing"),
        "site/page:hotline": ("https://www.example.gov.cn/jubao/", "hotline", "page"),
    }


def test_the_crawl_may_read_the_hosts_of_the_columns_and_those_named(office: Office) -> None:
    office.put("county", "finance: {url: /cz/}", "finance: {url: https://CZ.example.gov.cn:8080/}")
    office.put("county", "overrides:", "hosts: [files.example.gov.cn]\noverrides:")
    hosts = office.load().rulebooks[0].county.hosts
    assert hosts == {"www.example.gov.cn", "cz.example.gov.cn", "files.example.gov.cn"}


def test_no_site_is_the_county_s_own_unless_it_says_so(office: Office) -> None:
    assert office.load().rulebooks[0].county.own_hosts == frozenset()


def test_of_its_own_site_the_county_owns_every_host_and_port(office: Office) -> None:
    office.put("county", "base: https://www.example.gov.cn/", "base: https://www.example.gov.cn:443/\n    own: true")
    office.put("county", "finance: {url: /cz/}", "finance: {url: 'http://CZ.example.gov.cn:8080/'}")
    office.put("county", "hotline: {url: /jubao/}", "hotline: {url: 'http://[2001:db8::1]/jb/'}")
    own = office.load().rulebooks[0].county.own_hosts
    assert own == {"www.example.gov.cn", "cz.example.gov.cn:8080", "[2001:db8::1]"}


def test_a_column_may_be_read_in_a_forced_dialect(office: Office) -> None:
    office.put("county", "finance: {url: /cz/}", "finance: {url: /cz/, dialect: jcms}")
    columns = office.load().rulebooks[0].county.columns
    assert (columns["site/finance"].dialect, columns["site/finance"].interface) == ("jcms", None)
    assert columns["site/environment"].dialect == ""


def test_an_interface_brings_its_dialect(office: Office) -> None:
    form = "{items: data.list, title: name, url: link, date: day, pages: data.pages, page: p, first: 0}"
    office.put("county", "finance: {url: /cz/}", f"finance: {{url: /cz/, interface: {form}}}")
    column = office.load().rulebooks[0].county.columns["site/finance"]
    assert column.dialect == "interface"
    assert column.interface == Interface("data.list", "name", "link", "day", "", "data.pages", "p", 0)


def test_a_column_with_owners_gives_each_department_its_own(office: Office) -> None:
    office.put("county", "finance: {url: /cz/}", "finance: {url: {huanbao: /cz/hb/, keji: /cz/kj/}}")
    assignments = {
        assignment.key: assignment.cells[0].sources[0].columns for assignment in office.duty("budget").assignments
    }
    assert assignments == {"huanbao": ("site/finance@huanbao",), "keji": ("site/finance@keji",)}
    assert office.load().rulebooks[0].county.columns["site/finance@keji"].owner == "keji"


def test_each_department_s_own_site_is_a_channel(office: Office) -> None:
    site = "site: {base: https://hb.example.gov.cn/, columns: {environment: {url: /shui/}}}"
    office.put("county", "huanbao: {name: 环保局,", f"huanbao: {{name: 环保局, {site},")
    office.put("pack", "channels: site\n    deadline: {every", "channels: own-site\n    deadline: {every")
    [source] = office.duty("water").assignments[0].cells[0].sources
    assert source.columns == ("own-site/environment@huanbao",)


def test_a_department_without_a_site_is_a_defect_where_it_must_publish_there(office: Office) -> None:
    office.put("pack", "channels: site\n    deadline: {every", "channels: own-site\n    deadline: {every")
    assert office.errors() == [
        "rules/packs/works.yaml:17:15: department 'huanbao' of county 'small' has no site of its own (own-site)"
    ]


def test_and_none_where_another_channel_will_do(office: Office) -> None:
    form = "channels: {any_of: [own-site, site]}"
    office.put("pack", "channels: site\n    deadline: {every", f"{form}\n    deadline: {{every")
    cell = office.duty("water").assignments[0].cells[0]
    assert (cell.name, [source.channel for source in cell.sources]) == ("quality@own-site|site", ["site"])


def test_a_column_may_be_looked_at_together_with_others(office: Office) -> None:
    office.put("county", "finance: {url: /cz/}", "finance: {url: /cz/, also: [accounts]}, accounts: {url: /js/}")
    sources = [assignment.cells[0].sources[0] for assignment in office.duty("budget").assignments]
    assert {source.columns for source in sources} == {("site/finance", "site/accounts")}


def test_a_column_that_is_looked_at_with_another_is_one_of_the_site(office: Office) -> None:
    office.put("county", "finance: {url: /cz/}", "finance: {url: /cz/, also: [environmint]}")
    [error] = office.errors()
    assert "environmint" in error
    assert "did you mean 'environment'" in error


def test_a_page_of_the_county_stands_in_for_a_column_that_it_does_not_have(office: Office) -> None:
    """Whatever its title, and for every department that owes it: the county says that it is what is asked for."""
    office.put("county", "finance: {url: /cz/}", "")
    office.put("county", "hotline: {url: /jubao/}", "hotline: {url: /jubao/}, finance: {url: /cz/}")
    sources = [assignment.cells[0].sources[0] for assignment in office.duty("budget").assignments]
    assert len(sources) == 2
    assert {(one.kind, one.columns, one.title, one.publisher) for one in sources} == {
        ("page", ("site/page:finance",), None, "any")
    }


def test_a_page_may_stand_in_with_an_address_for_each_department(office: Office) -> None:
    office.put("county", "finance: {url: /cz/}", "")
    office.put(
        "county", "hotline: {url: /jubao/}", "hotline: {url: /jubao/}, finance: {url: {huanbao: /hb/, keji: /kj/}}"
    )
    assignments = {one.key: one.cells[0].sources[0].columns for one in office.duty("budget").assignments}
    assert assignments == {"huanbao": ("site/page:finance@huanbao",), "keji": ("site/page:finance@keji",)}
