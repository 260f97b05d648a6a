"""Nothing jumps while a page loads, however late its pictures come."""

from __future__ import annotations

import pytest

from browsing import AT_REST, clean_page
from places import PAGES

PHONE = {"width": 390, "height": 844}
LATE = 2500  # milliseconds
#: The sum of all shifts that no reader caused, as browsers count them (web.dev/cls).
SHIFTS = """new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 300);
})"""
LINKED = "[...document.querySelectorAll('article section section[id]')].map(section => section.id)"
#: Where a place stands, and whether the page ends too early for it to stand higher.
PLACE = """id => [document.getElementById(id).getBoundingClientRect().top,
    scrollY + innerHeight > document.documentElement.scrollHeight - 2]"""
HEADER = 100  # pixels, with a little space below


def late_pictures(page) -> None:
    """Have pictures come late, and nothing else."""

    def come_late(route) -> None:
        if route.request.resource_type == "image":
            page.wait_for_timeout(LATE)
        route.continue_()

    page.route("**/*", come_late)


@pytest.mark.everyday(3)
@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_late_pictures_move_nothing(browser, address, code, name):
    with clean_page(browser, viewport=PHONE) as page:
        late_pictures(page)
        page.goto(f"{address}/{code}/{name}.html")
        page.wait_for_load_state("load")
        assert page.evaluate(SHIFTS) <= 0.02
        ids = page.evaluate(LINKED)
        for anchor in ids[1 :: max(1, len(ids) // 3)]:
            page.goto("about:blank")
            page.goto(f"{address}/{code}/{name}.html#{anchor}")
            page.evaluate(AT_REST)
            top, is_at_end = page.evaluate(PLACE, anchor)
            assert 0 <= top <= HEADER or is_at_end, (anchor, top)
