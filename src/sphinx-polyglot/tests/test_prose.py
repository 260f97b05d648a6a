"""Both languages together, in a browser: the other language below each paragraph, from the disk, too."""

from __future__ import annotations

import pytest

from browsing import clean_page
from sphinx_polyglot.pages.prose import prose
from tiny import Tiny, tiny_course

#: A formula, a link, a fold and code.
MORE = """
# %% zh
# .. _module-more:
#
# 第二节
# ------
#
# 这里有 :math:`x^2`，见\\ :doc:`20_data`。
#
# 一段。
#
# .. folded:: 先猜一猜
#
#    答案。
#
# %% en
# .. _module-more:
#
# Second section
# --------------
#
# Here is :math:`x^2`, see :doc:`20_data`.
#
# One paragraph.
#
# .. folded:: Guess first
#
#    The answer.

print("more")

# %% zh
# 末段。
#
# %% en
# The last.
"""
BOTH = "[data-polyglot-together]"
BELOW = "article .polyglot-together"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Tiny:
    tiny = tiny_course(tmp_path_factory.mktemp("together"))
    path = tiny.root / "gallery/10_module.py"
    path.write_text(path.read_text("utf-8") + MORE, "utf-8")
    done = tiny.build()
    assert done.returncode == 0, done.stdout + done.stderr
    return tiny


def address(tiny: Tiny, code: str) -> str:
    return f"{(tiny.root / 'build/html' / code).as_uri()}/lessons/10_module.html"


def test_the_other_language_stands_below_each_paragraph_and_heading(built, browser):
    with clean_page(browser) as page:
        page.goto(address(built, "zh"))
        assert page.locator(BELOW).count() == 0
        page.locator(BOTH).click()
        page.locator(BELOW).first.wait_for()
        assert page.locator(BELOW).evaluate_all("all => all.every(one => one.lang === 'en')")
        more = page.locator("#module-more")
        assert more.locator("> h2").inner_text().split("\n")[:2] == ["第二节", "Second section"]
        pairs = more.locator("> p").evaluate_all("all => all.map(one => [one.lang, one.innerText.trim()])")
        assert [lang for lang, _ in pairs] == ["", "en"] * 3
        assert [text for lang, text in pairs if lang][1:] == ["One paragraph.", "The last."]
        fold = more.locator("> details")
        assert fold.locator("> summary").inner_text().split() == ["先猜一猜", "Guess", "first"]
        assert fold.locator("> p").evaluate_all("all => all.map(one => one.textContent)") == ["答案。", "The answer."]
        assert more.locator(".polyglot-together math").count() == 1
        assert more.locator(".polyglot-together a").get_attribute("href") == "20_data.html", "in the page's language"
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
        assert len(ids) == len(set(ids))
        assert page.locator("article pre").count() == page.locator("article pre:not(.polyglot-together *)").count()
        page.locator(BOTH).click()
        assert page.locator(BELOW).count() == 0


def test_it_is_remembered_from_page_to_page_and_in_the_other_language(built, browser):
    with clean_page(browser) as page:
        page.goto(address(built, "zh"))
        page.locator(BOTH).click()
        page.locator(BELOW).first.wait_for()
        page.reload()
        page.locator(BELOW).first.wait_for()
        page.locator("a[data-polyglot]").first.click()
        page.wait_for_url("**/en/**")
        page.locator(BELOW).first.wait_for()
        assert page.locator(BELOW).evaluate_all("all => all.every(one => one.lang === 'zh-CN')")
        page.locator(BOTH).click()
        page.reload()
        page.wait_for_load_state("networkidle")
        assert page.locator(BELOW).count() == 0


def test_what_is_read_stays_where_it_is(built, browser):
    with clean_page(browser, viewport={"width": 900, "height": 260}) as page:
        page.goto(address(built, "zh"))
        read = page.locator("#module-more > p").first
        read.evaluate("node => scrollTo({top: node.getBoundingClientRect().top - 90, behavior: 'instant'})")
        before = read.bounding_box()["y"]
        page.locator(BOTH).evaluate("button => button.click()")
        page.locator(BELOW).first.wait_for()
        assert abs(read.bounding_box()["y"] - before) < 2


def test_storage_that_is_switched_off_and_a_page_that_is_missing(built, browser):
    with clean_page(browser, expected=("off",)) as page:  # furo itself asks for it
        page.add_init_script("Object.defineProperty(window, 'localStorage', {get() {throw new Error('off')}})")
        page.goto(address(built, "zh"))
        page.locator(BOTH).click()
        page.locator(BELOW).first.wait_for()
    with clean_page(browser, expected=("failed:", "Failed to load resource")) as page:
        page.route("**/*.prose.js", lambda route: route.abort())
        page.goto(address(built, "zh"))
        page.locator(BOTH).click()
        page.locator(f"{BOTH}:disabled").wait_for()


def test_without_scripts_nothing_offers_it(built, browser):
    with clean_page(browser, java_script_enabled=False) as page:
        page.goto(address(built, "zh"))
        assert not page.locator(BOTH).is_visible()


def test_the_script_goes_with_its_page(tiny):
    tiny.built()
    script = tiny.root / "build/html/en/lessons/30_version.prose.js"
    assert "Versions" in script.read_text("utf-8")
    (tiny.root / "gallery/30_version.py").unlink()
    tiny.built()
    assert not script.exists()


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ('<p onclick="x()">a &amp; b&#8217;s</p>', "<p>a &amp; b&#8217;s</p>"),
        ("<script>x()</script><style>p {}</style><p>a<br>b</p>", "<p>a<br>b</p>"),
        ('<h2 id="x">A<a class="headerlink" href="#x">¶</a></h2>', "<h2>A</h2>"),
        ('<section id="s"><img src="a.png"></section>', '<section id="s"><img></section>'),
        ('<div data-thing="{}"><p>step</p><input></div>', "<div data-thing></div>"),
        (
            '<figure class="f"><svg><text>t</text></svg><figcaption id="c">w</figcaption></figure>',
            '<figure class="f"><figcaption>w</figcaption></figure>',
        ),
        ("<pre>a <b>b</b><br></pre><p>c</p>", "<pre></pre><p>c</p>"),
        (
            '<details class="f" open><summary>s</summary></details>',
            '<details class="f" open=""><summary>s</summary></details>',
        ),
    ],
)
def test_what_is_kept_of_a_page(body, kept):
    assert prose(body) == kept
