"""The language switch: what is being read comes to the same height, whoever clicks it wherever."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from browsing import clean_page, served
from places import LESSONS

SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
WAYS = ["mouse", "keyboard", "touch"]
#: Two lines of a page, in pixels.
TWO_LINES = "2 * Math.min(24, parseFloat(getComputedStyle(document.querySelector('article')).lineHeight))"

#: What a place names: the one of its kind, so many in, of a section or of the page.
FIND = """
    const within = section ? document.getElementById(section) : document.querySelector("article");
    const selectors = {heading: ":scope > :is(h2, h3)", paragraph: ":scope > p:not(.polyglot-together)",
        output: ".sphx-glr-script-out", figure: "figure"};
    const found = within.querySelectorAll(selectors[kind])[index];
"""
#: Where it stands on the screen: its top, or the middle of a paragraph.
HEIGHT = f"""([kind, section, index]) => {{{FIND}
    const box = found.getBoundingClientRect();
    return kind === "paragraph" ? (box.top + box.bottom) / 2 : box.top;
}}"""
#: What stands in a folded part is read by whoever opens it.
UNFOLD = f"""([kind, section, index]) => {{{FIND}
    for (let fold = found; (fold = fold.closest("details:not([open])")); ) fold.open = true;
}}"""
#: All that a reader may look at: kind, section, number within it.
PLACES = """() => {
    const sections = [...document.querySelectorAll("article section[id] section[id]")];
    const numbered = (kind, section, count) => [...Array(count).keys()].map(index => [kind, section, index]);
    const all = selector => document.querySelectorAll(`article ${selector}`).length;
    return {
        heading: sections.map(section => ["heading", section.id, 0]),
        paragraph: sections.flatMap(section =>
            numbered("paragraph", section.id, section.querySelectorAll(":scope > p:not(.polyglot-together)").length)),
        output: numbered("output", "", all(".sphx-glr-script-out")),
        figure: numbered("figure", "", all("figure")),
    };
}"""


@dataclass
class Reader:
    """Someone who reads a lesson, and switches to the other language."""

    page: object
    address: str
    way: str
    is_together: bool = False

    def open(self, code: str, lesson: str) -> None:
        """Go to a lesson, with both languages if they are read together."""
        self.page.goto(f"{self.address}/{code}/lessons/{lesson}.html")
        if self.is_together:
            self.page.locator("[data-polyglot-together]").click()
            self.wait_for_both()

    def wait_for_both(self) -> None:
        """The other language comes with a script of its own."""
        self.page.locator("article .polyglot-together").first.wait_for(state="attached")

    def scroll(self, place: list, part: float) -> float:
        """Bring a place to a part of the window's height, or as near as the page allows; tell its height."""
        self.page.evaluate(UNFOLD, place)
        size = self.page.viewport_size["height"]
        by = self.page.evaluate(HEIGHT, place) - part * size
        self.page.evaluate("by => scrollBy({top: by, behavior: 'instant'})", by)
        return self.page.evaluate(HEIGHT, place)

    def switch(self, there: str) -> None:
        """Use the switch where it stands on the screen."""
        link = self.page.locator(".polyglot-switch a:visible")
        box = link.bounding_box()
        size = self.page.viewport_size
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        assert 0 <= x <= size["width"] and 0 <= y <= size["height"], "the switch is off the screen"
        if self.way == "mouse":
            self.page.mouse.click(x, y)
        elif self.way == "touch":
            self.page.touchscreen.tap(x, y)
        else:
            self.tab_to_the_switch()
            self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"**/{there}/lessons/*")
        self.page.wait_for_load_state("load")
        if self.is_together:
            self.wait_for_both()

    def tab_to_the_switch(self) -> None:
        """Press Tab until the switch has the focus; once it was used, it keeps it."""
        for _ in range(40):
            if self.page.evaluate("document.activeElement.matches('.polyglot-switch a')"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError("Tab does not lead to the switch")


def reading(browser, way: str, size: str):
    """A page of this size, touched or not."""
    return clean_page(browser, viewport=SIZES[size], has_touch=way == "touch")


def chosen(places: dict[str, list], count: int, seed: str) -> list:
    """Some places of each kind."""
    random.seed(seed)
    some = [random.sample(found, min(len(found), count // 4)) for found in places.values() if found]
    picked = [place for found in some for place in found]
    left = [place for found in places.values() for place in found if place not in picked]
    return picked + random.sample(left, count - len(picked))


def lines_off(reader: Reader, lesson: str, here: str, there: str, count: int) -> list[tuple[float, list]]:
    """How far from its height each place came, on the way there and on the way back, in units of two lines."""
    reader.open(here, lesson)
    found = []
    for place in chosen(reader.page.evaluate(PLACES), count, f"{lesson} {reader.way}"):
        for code in (there, here):
            before = reader.scroll(place, random.uniform(0.3, 0.4))
            reader.switch(code)
            after = reader.page.evaluate(HEIGHT, place)
            found.append((abs(after - before) / reader.page.evaluate(TWO_LINES), place))
    return found


@pytest.mark.everyday(1)
@pytest.mark.parametrize(
    ("way", "size", "scheme"), [("mouse", "desktop", "http"), ("keyboard", "phone", "http"), ("touch", "phone", "file")]
)
def test_the_switch_keeps_the_place(browser, site, way, size, scheme):
    with served(site) as url, reading(browser, way, size) as page:
        reader = Reader(page, url if scheme == "http" else site.as_uri(), way)
        off = lines_off(reader, "20_autograd", "zh", "en", 4)
        assert max(off)[0] <= 1, off


@pytest.mark.proof
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("lesson", LESSONS)
def test_the_switch_keeps_twenty_places_of_a_lesson(browser, address, lesson, way, size):
    with reading(browser, way, size) as page:
        off = lines_off(Reader(page, address, way), lesson, "zh", "en", 20)
        assert len(off) == 40
        assert sum(lines <= 1 for lines, _ in off) >= 38, sorted(off, reverse=True)[:5]


@pytest.mark.everyday(1)
def test_the_switch_keeps_the_place_with_both_languages(browser, site):
    with reading(browser, "touch", "phone") as page:
        off = lines_off(Reader(page, site.as_uri(), "touch", is_together=True), "10_tensors", "en", "zh", 4)
        assert max(off)[0] <= 1, off


@pytest.mark.proof
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lesson", LESSONS)
def test_the_switch_keeps_twenty_places_with_both_languages(browser, address, lesson, size):
    with reading(browser, "mouse", size) as page:
        off = lines_off(Reader(page, address, "mouse", is_together=True), lesson, "zh", "en", 20)
        assert sum(lines <= 1 for lines, _ in off) >= 38, sorted(off, reverse=True)[:5]


@pytest.mark.everyday(1)
def test_the_address_stays_clean_and_leads_back(browser, address):
    with reading(browser, "mouse", "phone") as page:
        reader = Reader(page, address, "mouse")
        reader.open("zh", "20_autograd")
        page.evaluate("history.replaceState(null, '', '#autograd-step')")
        place = ["paragraph", "autograd-detach", 1]
        before = reader.scroll(place, 0.35)
        for code in ("en", "zh", "en", "zh"):
            reader.switch(code)
            assert page.url == f"{address}/{code}/lessons/20_autograd.html#autograd-step"
        assert abs(page.evaluate(HEIGHT, place) - before) < 2, "whoever goes to and fro does not drift"
        page.reload()
        assert abs(page.evaluate(HEIGHT, place) - before) < 2


@pytest.mark.everyday(1)
@pytest.mark.parametrize("size", SIZES)
def test_the_switch_keeps_the_focus_for_whoever_came_by_keyboard(browser, address, size):
    with reading(browser, "keyboard", size) as page:
        reader = Reader(page, address, "keyboard")
        reader.open("zh", "20_autograd")
        for code in ("en", "zh"):
            reader.switch(code)
            assert page.evaluate("document.activeElement.matches('.polyglot-switch a')")
            assert page.url == f"{address}/{code}/lessons/20_autograd.html"
        page.goto(f"{address}/zh/lessons/20_autograd.html#autograd-exercises")
        page.evaluate("scrollTo(0, 2000)")
        reader.switch("en")
        page.wait_for_timeout(100)  # the browser goes to an anchor once all is there
        assert page.evaluate("document.activeElement.matches('.polyglot-switch a')")
        reader.open("zh", "20_autograd")
        reader.way = "mouse"
        reader.switch("en")
        assert page.evaluate("document.activeElement === document.body")


def test_the_switch_at_the_top_leads_to_the_top(browser, address):
    with reading(browser, "mouse", "desktop") as page:
        page.goto(f"{address}/zh/lessons/10_tensors.html")
        Reader(page, address, "mouse").switch("en")
        assert page.url == f"{address}/en/lessons/10_tensors.html"
        assert page.evaluate("scrollY") == 0


BLOCKED = """for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, {get() { throw new DOMException("no storage", "SecurityError"); }});
history.replaceState = () => { throw new DOMException("not from here", "SecurityError"); };"""


@pytest.mark.proof
def test_the_switch_needs_neither_storage_nor_history(browser, site):
    with reading(browser, "mouse", "phone") as page:
        page.add_init_script(BLOCKED)
        reader = Reader(page, site.as_uri(), "mouse")
        for found, place in lines_off(reader, "10_tensors", "zh", "en", 4):
            assert found <= 1, place


@pytest.mark.everyday(1)
@pytest.mark.parametrize("size", SIZES)
def test_without_scripts_the_switch_leads_to_the_page(browser, site, size):
    with clean_page(browser, viewport=SIZES[size], java_script_enabled=False) as page:
        page.goto(f"{site.as_uri()}/zh/lessons/10_tensors.html#tensors-shape")
        page.locator(".polyglot-switch a:visible").click()
        page.wait_for_url(f"{site.as_uri()}/en/lessons/10_tensors.html")


#: What is shown of the page below a box on the screen.
COVERED = """box => [...document.querySelectorAll(".mobile-header :is(.brand, svg), .sidebar-brand-text, article p")]
    .filter(node => node.checkVisibility())
    .filter(node => {
        const {left, right, top, bottom} = node.getBoundingClientRect();
        return left < box.x + box.width && right > box.x && top < box.y + box.height && bottom > box.y;
    })
    .map(node => node.outerHTML)
    .filter(html => !html.startsWith("<p") || !document.querySelector(".mobile-header").offsetHeight)"""


@pytest.mark.everyday(1)
@pytest.mark.parametrize(
    "size", [*SIZES.values(), {"width": 1008, "height": 700}, {"width": 320, "height": 600}], ids=str
)
def test_the_switch_stands_once_and_covers_nothing(browser, site, size):
    with clean_page(browser, viewport=size) as page:
        page.goto(f"{site.as_uri()}/en/lessons/10_tensors.html")
        page.evaluate("scrollTo({top: 1500, behavior: 'instant'})")
        [link] = page.locator(".polyglot-switch a:visible").all()
        box = link.bounding_box()
        assert 0 < box["y"] < 60 and box["height"] >= 20
        hit = """({x, y, width, height}) => [[2, 2], [width - 2, height - 2]].map(([right, down]) =>
            document.elementFromPoint(x + right, y + down).closest(".polyglot-switch a, article")?.tagName)"""
        assert page.evaluate(hit, box) == ["A", "A"]
        assert page.evaluate(COVERED, box) == []
        brand = page.locator(".sidebar-brand-text").bounding_box()
        assert brand["height"] < 60, "the site's name breaks"


@pytest.mark.everyday(1)
def test_the_root_page_leads_to_the_language_that_was_read(browser, address):
    with clean_page(browser, locale="en-US") as page:
        page.goto(f"{address}/zh/lessons/10_tensors.html")
        page.goto(f"{address}/index.html")
        page.wait_for_url("**/zh/index.html")
        page.locator(".polyglot-switch a:visible").click()
        page.wait_for_url("**/en/index.html")
        page.goto(f"{address}/index.html")
        page.wait_for_url("**/en/index.html")
