"""Search: what is indexed, and what a reader finds in a real browser."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from browsing import clean_page, served
from sphinx_polyglot.cjk.search import SearchChinese, SearchEnglishAndHan
from sphinx_polyglot.cjk.snippets import TEXTS

INDEX = """\
首页
====

从\\ **张量**\\ 开始。\\ :ref:`memory-one`\\ 。

.. toctree::

   memory
   gradient
   training
   english
"""
MEMORY = """\
张量与内存
==========

先读这一段，
再看下面。

.. _memory-one:

共享内存
--------

数组与张量共享内存，所以 ``data_ptr`` 相同；参数 :math:`\\theta` 也一样。

.. code-block:: python

   loader = DataLoader(dataset)

.. rst-class:: no-search

不可搜索的段落。
"""
GRADIENT = """\
梯度
====

神经网络的反向传播算法沿计算图逐层求出导数，这里只共享结果。

见 sec_autograd 与 ``torch.nn.functional``。
"""
TRAINING = "训练\n====\n\n反复传递，播种方向。共同享受存在之内。\n"
ENGLISH = """\
Broadcasting
============

Smaller tensors are broadcast; ``x.data_ptr()`` stays, and running costs nothing.
"""
PAGES = {"index": INDEX, "memory": MEMORY, "gradient": GRADIENT, "training": TRAINING, "english": ENGLISH}


def build(root: Path, language: str = "zh_CN", parallel: int = 0, found_last: Iterable[str] = ()) -> Path:
    """Build what stands in a folder, without a warning; return the site."""
    with patch_docutils(), docutils_namespace():
        extensions = ["sphinx_polyglot.cjk.search", "sphinx_polyglot.mathematics"]
        settings = {"extensions": extensions, "html_theme": "furo", "html_title": "Tiny", "language": language}
        settings["cjk_found_last"] = list(found_last)
        warnings = io.StringIO()
        folders = (root / "docs", None, root / "html", root / "doctrees")
        app = Sphinx(*folders, "html", settings, status=None, warning=warnings, parallel=parallel)
        app.build()
    assert warnings.getvalue() == ""
    return root / "html"


def write(root: Path, pages: dict[str, str]) -> Path:
    """Write the sources of a site."""
    (root / "docs").mkdir(exist_ok=True)
    for name, text in pages.items():
        (root / "docs" / f"{name}.rst").write_text(text, "utf-8")
    return root


def texts(site: Path) -> dict[str, list[list[str]]]:
    """What the script of texts holds."""
    script = (site / TEXTS).read_text("utf-8")
    return json.loads(script.removeprefix("window.polyglotTexts=").removesuffix(";\n"))["pages"]


@pytest.fixture(scope="module")
def tiny_site(tmp_path_factory) -> Path:
    site = build(write(tmp_path_factory.mktemp("search"), PAGES))
    (site / "favicon.ico").touch()  # browsers ask servers for it
    return site


@pytest.fixture(params=["http", "file"])
def tiny_address(request, tiny_site):
    if request.param == "file":
        yield tiny_site.as_uri()
    else:
        with served(tiny_site) as address:
            yield address


def results(page, address: str, query: str) -> list[tuple[str, str, str]]:
    """Each result's address, title and snippet."""
    page.goto(f"{address}/search.html?q={quote(query)}")
    page.wait_for_function("Search.status.innerText")
    read = """items => items.map(item => [
        item.querySelector("a").href, item.querySelector("a").innerText, item.querySelector("p.context").innerText])"""
    return [tuple(result) for result in page.locator("#search-results li").evaluate_all(read)]


def pages_found(page, address: str, query: str) -> list[str]:
    """The names of the pages that a query finds."""
    return sorted({re.search(r"(\w+)\.html", href)[1] for href, _, _ in results(page, address, query)})


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("张量", ["张", "量", "张量"]),
        ("量", ["量"]),
        ("反向\n传播", ["反", "向", "传", "播", "反向", "向传", "传播"]),
        ("用GPU算", ["用", "GPU", "算"]),
        ("sec_autograd", ["sec_autograd", "sec", "autograd"]),
        ("data_ptr()", ["data_ptr", "data", "ptr"]),
        ("torch.nn.Linear", ["torch", "nn", "Linear"]),
        ("DataLoader", ["DataLoader", "Data", "Loader"]),
        ("MaxPool2d", ["MaxPool2d", "Max", "Pool"]),
        ("__init__", ["__init__", "init"]),
        ("x_1", ["x_1"]),
        ("running", ["running"]),
    ],
)
def test_a_text_is_split_into_terms(text, terms):
    assert SearchChinese({}).split(text) == terms
    assert SearchEnglishAndHan({}).split(text) == terms


def test_english_words_are_found_by_their_stems():
    assert {SearchChinese({}).stem(word) for word in ("Gradients", "gradient")} == {"gradient"}


@given(st.text())
def test_splitting_loses_no_character_of_a_word(text):
    joined = "".join(SearchChinese({}).split(text))
    assert set(re.findall(r"\w", text)) <= set(joined)


#: What a reader types, and the pages that have it. The start page also shows the titles of all others.
QUERIES = {
    "张量": ["index", "memory"],
    "反向传播": ["gradient"],
    "共享内存": ["index", "memory"],
    "播": ["gradient", "training"],
    "data_ptr": ["english", "memory"],
    "ptr": ["english", "memory"],
    "autograd": ["gradient"],
    "torch.nn": ["gradient"],
    "loader": ["memory"],
    "data_ptr 共享内存": ["memory"],
    "共享 导数": ["gradient"],
    "broadcasting": ["english", "index"],
    "RUN": ["english"],
    "x.data_ptr": ["english"],
    "传递": ["training"],
    "没有此词": [],
    "Smaller tensors are broadcast": ["english"],
    "Smaller tensors are broadcast sideways": [],
    "data_ptr stays, running (64x784) costs nothing and tensors broadcast": ["english"],
    "data_ptr stays, but bread (64x784) costs two pounds and butter more": [],
    "不可搜索": [],
}


@pytest.mark.everyday(1)
def test_a_reader_finds_the_pages(browser, tiny_address):
    with clean_page(browser) as page:
        assert {query: pages_found(page, tiny_address, query) for query in QUERIES} == QUERIES


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("反向传播", ["one"]),
        ("反向 传播", ["one", "two"]),
        ("x.grad", ["one"]),
        ("grad x", ["one", "two"]),
        ("one-hot", ["one", "two"]),
        ("反向传统", ["two"]),
        ("hot.loop", ["two"]),
    ],
)
def test_what_is_typed_in_one_piece_is_found_in_one_piece(browser, apart, query, found):
    """Only where no page has it so do its parts serve."""
    with clean_page(browser) as page:
        assert pages_found(page, apart.as_uri(), query) == found


@pytest.fixture(scope="module")
def apart(tmp_path_factory) -> Path:
    pages = {
        "index": "Start\n=====\n\n.. toctree::\n\n   one\n   two\n",
        "one": "One\n===\n\n反向传播, ``x.grad``, one_hot.\n",
        "two": "Two\n===\n\n反向思维，向传统传播。Grad of an x, one hot. A loop.\n",
    }
    return build(write(tmp_path_factory.mktemp("apart"), pages))


#: A message with words that no page has, and a query that nobody pasted.
PASTED = """\
train.py, in run:
  loader = DataLoader(dataset).data_ptr()
NameError: loader"""
TYPED = "loader data_ptr traceback"


@pytest.mark.everyday(1)
def test_a_pasted_message_leads_to_the_place_with_the_most_of_it(browser, tiny_address):
    """A word that is missing finds nothing in a query that was typed."""
    with clean_page(browser) as page:
        first, *_ = results(page, tiny_address, PASTED)
        assert re.fullmatch(r".*/memory\.html\?.*#memory-one", first[0]), first
        assert results(page, tiny_address, TYPED) == []


def test_of_pages_with_all_words_the_one_with_the_message_comes_first(browser, tmp_path):
    """Whatever else each says, and however they are called."""
    message = "Expected tensors on one device, found weights cuda, labels cpu"
    far = "\n\n".join(f"{word}. " + "Something else entirely. " * 9 for word in message.split())
    pages = {
        "index": "Start\n=====\n\n.. toctree::\n\n   all\n   zones\n",
        "all": f"Tensors on one device\n=====================\n\n{far}\n",
        "zones": f"Zones\n=====\n\nWhere it says: {message}, move one.\n",
    }
    site = build(write(tmp_path, pages), language="en")
    with clean_page(browser) as page:
        found = [address for address, _, _ in results(page, site.as_uri(), f"RuntimeError: {message}")]
        assert [re.search(r"(\w+)\.html", address)[1] for address in found][:2] == ["zones", "all"]


def test_the_search_goes_on_without_the_texts(browser, tmp_path):
    """They are only a file beside the index."""
    site = build(write(tmp_path, PAGES))
    (site / TEXTS).unlink()
    with clean_page(browser, ("failed: file:", "Failed to load resource")) as page:
        page.goto(f"{site.as_uri()}/search.html?q={quote('反向传播')}")
        page.locator("#search-results li a").first.wait_for()
        assert page.locator("#search-results li a").all_inner_texts() == ["梯度"]


def test_a_reader_types_a_query_and_is_led_to_the_place(browser, tiny_address):
    with clean_page(browser) as page:
        page.goto(f"{tiny_address}/index.html")
        page.locator("input[name=q]").first.fill("data_ptr 共享内存")
        page.locator("input[name=q]").first.press("Enter")
        page.wait_for_selector("#search-results p.context")
        assert page.locator("#search-results li a").all_inner_texts() == ["张量与内存 > 共享内存"]
        snippet = page.locator("#search-results p.context")
        assert snippet.is_visible()
        assert "数组与张量共享内存，所以 data_ptr 相同；参数 … 也一样。" in snippet.inner_text()
        page.locator("#search-results li a").click()
        page.wait_for_url("**/memory.html#memory-one")


def test_hits_are_marked_in_the_snippet_and_on_the_page(browser, tiny_address):
    with clean_page(browser) as page:
        page.goto(f"{tiny_address}/search.html?q=反向传播")
        page.wait_for_selector("#search-results p.context .highlighted")
        assert page.locator("#search-results p.context .highlighted").all_inner_texts() == ["反向传播"]
        page.locator("#search-results li a").first.click()
        page.wait_for_selector("article .highlighted")
        assert page.locator("article .highlighted").all_inner_texts() == ["反向传播"]


def test_the_page_of_results_is_accessible(browser, tiny_site):
    with served(tiny_site) as address, clean_page(browser) as page:
        page.goto(f"{address}/search.html?q=共享")
        page.wait_for_selector("#search-results p.context .highlighted")
        report = Axe().run(page, "#search-results")
        assert report.violations_count == 0, report.generate_report()


def test_english_pages_find_identifiers_and_chinese(browser, tmp_path):
    pages = {"index": "Home\n====\n\nThe ``data_ptr`` of a view. 张量 means tensor. Broadcasting works.\n"}
    site = build(write(tmp_path, pages), language="en")
    queries = ("data_ptr", "ptr", "broadcasting", "broadcast", "张量")
    with clean_page(browser) as page:
        assert {query for query in queries if pages_found(page, site.as_uri(), query) == ["index"]} == set(queries)


def test_the_browser_splits_queries_into_terms_of_the_index(browser, tiny_site):
    with clean_page(browser) as page:
        page.goto(f"{tiny_site.as_uri()}/search.html")

        @settings(deadline=None)
        @given(st.text(st.sampled_from("张量共享𠀀〇々aZ9_ .-—，é½한カ\n"), max_size=12))
        def check(text):
            terms = SearchChinese({}).split(text.replace("\n", " "))
            assert set(page.evaluate("text => splitQuery(text)", text)) <= set(terms)

        check()


def type_in(page, query: str) -> list[str]:
    """Type a query into the search box of a page; return the titles below it."""
    page.locator("input[name=q]").first.click()
    page.keyboard.type(query)
    page.locator(".polyglot-typing").wait_for()
    return page.locator(".polyglot-typing li a").all_inner_texts()


@pytest.mark.everyday(1)
def test_hits_are_shown_while_a_reader_types(browser, tiny_address):
    """The same as on the page of results; the keyboard leads into the list, and out of it."""
    with clean_page(browser) as page:
        listed = [title for _, title, _ in results(page, tiny_address, "共享")]
        page.goto(f"{tiny_address}/training.html")
        assert type_in(page, "共享") == listed and len(listed) == 3
        assert page.locator(".polyglot-typing [role=status]").inner_text()
        assert set(page.locator(".polyglot-typing .highlighted").all_inner_texts()) == {"共享"}
        page.keyboard.press("Escape")
        assert page.locator(".polyglot-typing").is_hidden()
        assert page.evaluate("document.activeElement.name") == "q"
        page.keyboard.type("内存")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.innerText") == "张量与内存 > 共享内存"
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.name") == "q"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/memory.html#memory-one")
        assert page.locator("article .highlighted").first.inner_text() == "共享内存"


def test_what_is_typed_before_the_index_is_there_is_kept(browser, tiny_site):
    with served(tiny_site) as address, clean_page(browser) as page:
        page.route("**/searchtools.js", lambda route: (page.wait_for_timeout(300), route.continue_()))
        page.goto(f"{address}/index.html")
        assert type_in(page, "共享导") == []
        page.keyboard.press("Backspace")
        page.locator(".polyglot-typing li").first.wait_for()
        assert page.locator("input[name=q]").first.input_value() == "共享"
        page.mouse.click(600, 400)
        assert page.locator(".polyglot-typing").is_hidden()


def test_a_query_is_still_typed_where_the_index_is_missing(browser, tmp_path):
    site = build(write(tmp_path, PAGES))
    (site / "searchindex.js").unlink()
    with clean_page(browser, ("failed: file:", "Failed to load resource")) as page:
        page.goto(f"{site.as_uri()}/index.html")
        page.locator("input[name=q]").first.fill("张量")
        page.locator("input[name=q]").first.press("Enter")
        page.wait_for_url("**/search.html?q=*")


def test_only_the_search_page_loads_the_texts_before_they_are_asked_for(browser, tiny_site):
    loading = [path.name for path in tiny_site.glob("*.html") if "search-hits.js" in path.read_text("utf-8")]
    assert loading == ["search.html"]
    with clean_page(browser) as page:
        page.goto(f"{tiny_site.as_uri()}/index.html")
        assert page.evaluate("typeof Search") == page.evaluate("typeof polyglotTexts") == "undefined"
    assert "SHOW_SEARCH_SUMMARY: false" in (tiny_site / "_static/documentation_options.js").read_text("utf-8")


def test_texts_show_titles_of_references_and_hide_what_is_not_searched(tiny_site):
    known = texts(tiny_site)
    assert list(known) == sorted(f"{name}.html" for name in PAGES)
    assert known["index.html"][0][1] == "从张量开始。共享内存。"
    assert [anchor for anchor, _ in known["memory.html"]] == ["id1", "memory-one"]
    assert "loader = DataLoader(dataset)" in known["memory.html"][1][1]
    assert "不可搜索" not in str(known)


def test_a_partial_build_keeps_the_texts_of_all_pages(tmp_path):
    site = build(write(tmp_path, PAGES))
    write(tmp_path, {"training": "训练\n====\n\n改过的一句。\n"})
    build(tmp_path)
    assert texts(site)["training.html"][0][1] == "改过的一句。"
    partial = (site / TEXTS).read_bytes()
    before = (site / TEXTS).stat().st_mtime_ns
    build(tmp_path)
    assert (site / TEXTS).stat().st_mtime_ns == before, "a build without changes writes nothing"
    (site / TEXTS).unlink()
    build(tmp_path)
    assert (site / TEXTS).read_bytes() == partial, "a lost script is made again"
    (tmp_path / "docs/training.rst").unlink()
    write(tmp_path, {"index": INDEX.replace("   training\n", "")})
    build(tmp_path)
    assert "training.html" not in texts(site)


def test_a_parallel_build_has_the_same_texts(tmp_path, tiny_site):
    assert texts(build(write(tmp_path, PAGES), parallel=2)) == texts(tiny_site)


@pytest.fixture(scope="module")
def titled_site(tmp_path_factory) -> Path:
    """Words that stand in the hidden titles of the theme's pictures, too."""
    page = "Modes\n=====\n\nExpand the light mode; auto is set in the script.\n"
    pages = {
        "index": "Home\n====\n\n.. toctree::\n\n   modes\n   other\n",
        "modes": page,
        "other": "Other\n=====\n\nA mode.\n",
    }
    site = build(write(tmp_path_factory.mktemp("titled"), pages), language="en")
    (site / "favicon.ico").touch()
    return site


MARKED = (
    "[...document.querySelectorAll('.highlighted')].map(mark => [mark.closest('article') !== null, mark.textContent])"
)


@pytest.mark.everyday(1)
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_words_of_the_themes_pictures_are_marked_in_the_text(browser, titled_site, scheme):
    with served(titled_site) as url, clean_page(browser) as page:
        address = url if scheme == "http" else titled_site.as_uri()
        for word, marks in {
            "expand": ["Expand"],
            "mode": ["Mode", "mode"],
            "light": ["light"],
            "auto": ["auto"],
        }.items():
            page.goto(f"{address}/search.html?q={word}")
            page.locator("#search-results li a[href*='modes']").click()
            page.wait_for_url(re.compile(rf"{address}/modes.html(#.*)?$"))
            page.wait_for_timeout(50)  # Sphinx's own marks came a little later
            assert page.evaluate(MARKED) == [[True, mark] for mark in marks]
            page.locator("button.highlight-link").click()
            assert page.evaluate(MARKED) == []


def test_a_search_that_led_nowhere_marks_nothing(browser, titled_site):
    with served(titled_site) as address, clean_page(browser) as page:
        page.goto(f"{address}/search.html?q=mode")
        page.locator("#search-results li a").first.wait_for()
        page.goto(f"{address}/modes.html")
        page.wait_for_timeout(50)
        assert page.evaluate(MARKED) == []


def test_search_and_theme_work_without_storage(browser, site):
    refuse = (
        """Object.defineProperty(window, "localStorage", {get() { throw new DOMException("", "SecurityError"); }})"""
    )
    with served(site) as address, clean_page(browser) as page:
        page.add_init_script(refuse)
        page.goto(f"{address}/en/search.html?q=broadcasting")
        page.locator("#search-results p.context").first.wait_for()
        page.locator("#search-results a[href*='10_tensors']").first.click()
        page.wait_for_selector("article .highlighted")
        assert page.evaluate("document.body.dataset.theme") == "auto"
        page.locator(".theme-toggle:visible").click()
        assert page.evaluate("document.body.dataset.theme") == "dark"


def test_the_chosen_theme_is_kept(browser, site):
    with served(site) as address, clean_page(browser, color_scheme="dark") as page:
        page.goto(f"{address}/en/index.html")
        for theme in ("light", "dark", "auto", "light"):
            page.locator(".theme-toggle:visible").click()
            assert page.evaluate("document.body.dataset.theme") == theme
            said = {"light": "light", "dark": "dark", "auto": "as the system has it"}[theme]
            assert page.get_by_role("button", name=f"Color theme: {said}", exact=True).is_visible()
        page.goto(f"{address}/zh/about.html")
        assert page.evaluate("document.body.dataset.theme") == "light"
        assert page.get_by_role("button", name="颜色：浅色", exact=True).is_visible()


@pytest.mark.everyday(1)
def test_pages_about_the_project_are_found_last(browser, tmp_path):
    names = ("aaa", "bbb", "ccc")
    pages = {name: f"{name}\n===\n\nTensors, {name}.\n" for name in names}
    toctree = "\n".join(f"   {name}" for name in names)
    site = build(
        write(tmp_path, {"index": f"Home\n====\n\n.. toctree::\n\n{toctree}\n", **pages}), "en", found_last=["aaa"]
    )
    with clean_page(browser) as page:
        titles = [title for _, title, _ in results(page, site.as_uri(), "tensors")]
    assert titles == ["bbb", "ccc", "aaa"]


@pytest.mark.parametrize(
    "selector", ["button.polyglot-copy", ".torchhour-replay input", ".torchhour-slide .picture", "body"]
)
def test_a_slash_leads_to_the_box_and_back_from_there_is_the_language(browser, site, selector):
    with clean_page(browser, viewport={"width": 1280, "height": 800}) as page:
        page.goto((site / "en/lessons/30_networks.html").as_uri())
        page.keyboard.press("Shift")  # what can be played with starts
        if selector != "body":
            page.locator(selector).first.focus()
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") == "q"
        page.keyboard.type("a/b")
        assert page.evaluate("document.activeElement.value") == "a/b"
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.dataset.polyglot") == "zh"
