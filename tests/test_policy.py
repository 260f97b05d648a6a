"""The site under a strict Content-Security-Policy: scripts from the site only, none in a page, no ``eval``."""

from __future__ import annotations

import pytest

from browsing import clean_page, served
from places import PAGES

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"
)


@pytest.mark.everyday(4)
@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_breaks_no_rule(browser, site, code, name):
    with served(site, content_security_policy=POLICY) as address, clean_page(browser) as page:
        page.goto(f"{address}/{code}/{name}.html")
        page.wait_for_load_state("networkidle")
        page.locator("[data-polyglot-together]").click()
        page.locator("article .polyglot-together").first.wait_for(state="attached")
        things = page.locator(".torchhour-thing")
        for number in range(things.count()):
            things.nth(number).scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        page.locator("a[data-polyglot]:visible").first.click()
        page.wait_for_url(f"**/{'en' if code == 'zh' else 'zh'}/**")


def test_the_root_page_leads_on_and_the_search_speaks_chinese(browser, site):
    with served(site, content_security_policy=POLICY) as address, clean_page(browser, locale="zh-CN") as page:
        page.goto(f"{address}/index.html")
        page.wait_for_url("**/zh/index.html")
        page.goto(f"{address}/zh/search.html?q=张量")
        page.locator("#search-results li p.context").first.wait_for()
        page.get_by_text("搜索完成").wait_for()
        page.goto(f"{address}/zh/lessons/10_tensors.html")
        page.locator("input[name=q]").first.click()
        page.keyboard.type("张量")
        page.locator(".polyglot-typing li p.context").first.wait_for()
