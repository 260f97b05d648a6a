"""A site as a host gets it: every address leads somewhere, the policy holds, each copy is what it copies."""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from browsing import clean_page, served
from faults import tree
from sphinx_polyglot.hosting.addresses import SITEMAP, XHTML
from sphinx_polyglot.hosting.policy import headers, policy_for
from tiny import Tiny, tiny_course

BASE = "https://example.org/course"
#: Each letter of a page's code with its colour, and how many elements they stand in.
COLOURS = """() => {
  const letters = [], blocks = [...document.querySelectorAll(".highlight pre")];
  for (const block of blocks) {
    const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { color, fontWeight } = getComputedStyle(texts.currentNode.parentElement);
      letters.push(...[...texts.currentNode.data].map(letter => [letter, `${color} ${fontWeight}`]));
    }
  }
  return { letters, count: blocks.reduce((sum, block) => sum + block.querySelectorAll("*").length, 0) };
}"""


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Tiny:
    """A course with an address, built, and made ready for its host."""
    tiny = tiny_course(tmp_path_factory.mktemp("hosting"))
    tiny.environment = {"TINY_BASEURL": BASE}
    tiny.write("icon.svg", '<svg xmlns="http://www.w3.org/2000/svg"></svg>')
    tiny.edit(
        "conf.py",
        "nitpicky = True\n",
        'nitpicky = True\nhtml_favicon = "icon.svg"\npolyglot_preview = "seen-{language}.png"\n',
    )
    tiny.built()
    done = host(tiny)
    assert done.returncode == 0 and BASE in done.stdout, done.stderr
    return tiny


@pytest.fixture
def public(course) -> Path:
    """What is copied to the host."""
    return course.root / "build/public"


@pytest.fixture
def address(public, tmp_path) -> Iterator[str]:
    """The site on a server, in the folder that its address names."""
    (tmp_path / "course").symlink_to(public)
    with served(tmp_path) as server:
        yield f"{server}/course"


def host(tiny: Tiny, output: str = "build/public", **environment: str):
    return tiny.run("publish", "build/html", output, **environment)


def test_each_page_is_in_the_sitemap_with_its_translations(public):
    root = ElementTree.parse(public / "sitemap.xml").getroot()
    listed = {}
    for url in root:
        links = {link.get("hreflang"): link.get("href") for link in url.iter(f"{{{XHTML}}}link")}
        listed[url.findtext(f"{{{SITEMAP}}}loc")] = links
    pages = [path.relative_to(public).as_posix() for code in ("zh", "en") for path in (public / code).rglob("*.html")]
    made = re.compile(r"/(?:genindex|search|py-modindex)\.html$")
    assert set(listed) == {f"{BASE}/{name}" for name in pages if not made.search(name)}
    for address, links in listed.items():
        assert set(links) == {"zh-CN", "en"} and address in links.values()
        page = BeautifulSoup(public.joinpath(address.removeprefix(f"{BASE}/")).read_text("utf-8"), "html.parser")
        assert page.find("link", rel="canonical")["href"] == address
        said = {link["hreflang"]: link["href"] for link in page.find_all("link", rel="alternate")}
        assert links.items() <= said.items()
    assert f"Sitemap: {BASE}/sitemap.xml" in (public / "robots.txt").read_text()


def test_messengers_are_told_what_a_page_is_about(public):
    for code, locale, about in (("zh", "zh_CN", "本课讲模块。"), ("en", "en", "About Modules.")):
        page = BeautifulSoup((public / code / "lessons/10_module.html").read_text("utf-8"), "html.parser")
        said = {meta.get("property", meta.get("name")): meta["content"] for meta in page.find_all("meta", content=True)}
        assert said["description"] == said["og:description"] == about
        assert said["og:url"] == f"{BASE}/{code}/lessons/10_module.html" and said["og:locale"] == locale
        assert said["og:title"] == page.find("h1").find(string=True)
        assert said["og:image"] == f"{BASE}/{code}/_static/seen-{code}.png"
        assert len(page.find_all("meta", attrs={"name": "viewport"})) == 1


def test_every_page_bears_the_policy_before_all_that_it_rules(public):
    for path in public.rglob("*.html"):
        soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        metas = soup.find_all("meta")
        assert [meta.get("http-equiv") for meta in metas[:2]] == [None, "Content-Security-Policy"], path
        assert metas[1]["content"] == policy(public) and not metas[1].find_previous(["script", "style", "link"])


def policy(public: Path) -> str:
    return policy_for(path.read_text("utf-8") for path in public.rglob("*.html"))


def test_few_sheets_say_what_the_many_said(course, public):
    for path in public.glob("*/**/*.html"):
        built = course.root / "build/html" / path.relative_to(public)
        assert sheets(path) == sheets(built), path
        assert len(links(path)) < len(links(built)) / 2, links(path)
    shared = [set(links(public / f"en/lessons/{name}.html")) for name in ("10_module", "20_data")]
    assert shared[0] & shared[1], "pages share no sheet"


def links(page: Path) -> list[str]:
    soup = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    return [link["href"].partition("?")[0] for link in soup.find_all("link", rel="stylesheet")]


def sheets(page: Path) -> str:
    return "\n".join((page.parent / name).read_text("utf-8") for name in links(page))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_code_has_fewer_elements_and_the_same_colours(browser, course, public, scheme):
    name, seen = "en/lessons/10_module.html", []
    with clean_page(browser, color_scheme=scheme) as page:
        for site in (course.root / "build/html", public):
            page.goto((site / name).as_uri())
            seen.append(page.evaluate(COLOURS))
    built, hosted = seen
    assert hosted["letters"] == built["letters"] and len({colour for _, colour in built["letters"]}) > 3
    assert hosted["count"] < 0.7 * built["count"], (hosted["count"], built["count"])


def test_hosts_read_the_same_headers(public):
    netlify = dict(line.strip().split(": ", 1) for line in (public / "_headers").read_text().splitlines()[1:])
    apache = dict(re.findall(r'Header always set (\S+) "(.*)"', (public / ".htaccess").read_text()))
    assert netlify == apache == headers(policy(public))
    assert "ErrorDocument 404 /course/404.html\n" in (public / ".htaccess").read_text()
    assert (public / ".nojekyll").exists()


def test_under_the_policy_pages_switch_and_search(browser, address):
    with clean_page(browser, locale="zh-CN") as page:
        page.goto(f"{address}/index.html")
        page.wait_for_url("**/course/zh/index.html")
        page.goto(f"{address}/zh/lessons/10_module.html")
        page.locator("a[data-polyglot]:visible").first.click()
        page.wait_for_url("**/course/en/lessons/10_module.html")
        page.goto(f"{address}/zh/search.html?q=模块")
        page.locator("#search-results li").first.wait_for()


def test_the_policy_stops_what_a_page_was_made_to_hold(browser, public, address):
    path, kept = public / "zh/other.html", (public / "zh/index.html").read_text("utf-8")
    path.write_text(kept.replace("</body>", "<script>document.title = 'run'</script></body>"), "utf-8")
    try:
        with clean_page(browser, expected=("Executing inline script", "Refused to execute")) as page:
            page.goto(f"{address}/zh/other.html")
            assert page.title() != "run"
    finally:
        path.unlink()


def test_a_missing_page_leads_back_in_each_language(browser, public, address):
    with clean_page(browser) as page:
        page.goto(f"{address}/404.html")
        for code, tag, word in (("zh", "zh-CN", "首页"), ("en", "en", "Start page")):
            link = page.locator(f'section[lang="{tag}"] a', has_text=word)
            assert urljoin(page.url, link.get_attribute("href")) == f"{address}/{code}/index.html"
        page.get_by_text("首页").click()
        page.wait_for_url("**/course/zh/index.html")


def test_compressed_copies_are_what_they_copy(public):
    copies = list(public.rglob("*.gz"))
    assert len(copies) > 20
    for copy in copies:
        path = copy.with_suffix("")
        assert gzip.decompress(copy.read_bytes()) == path.read_bytes()
        assert copy.stat().st_size < path.stat().st_size and copy.stat().st_mtime_ns == path.stat().st_mtime_ns


def test_the_whole_site_opens_from_its_zip(browser, course, public, tmp_path):
    with zipfile.ZipFile(public / "Tiny.zip") as archive:
        archive.extractall(tmp_path)
    site = course.root / "build/html"
    found = {
        path.relative_to(tmp_path / "Tiny").as_posix() for path in (tmp_path / "Tiny").rglob("*") if path.is_file()
    }
    whole = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert found == whole - {".sphinx-polyglot.json"}
    with clean_page(browser) as page:
        page.goto((tmp_path / "Tiny/en/lessons/index.html").as_uri())
        page.locator("article a", has_text="Modules").first.click()
        page.get_by_role("heading", name="First section").wait_for()


def test_it_is_the_same_each_time_and_clean_removes_it(course, public):
    before = tree(public)
    assert host(course).returncode == 0
    assert tree(public) == before
    assert host(course, "build/again").returncode == 0
    again = tree(course.root / "build/again")
    assert {name: content for name, content in again.items() if not name.startswith(".sphinx")} == {
        name: content for name, content in before.items() if not name.startswith(".sphinx")
    }
    assert course.run("clean", "build/again").returncode == 0
    assert not (course.root / "build/again").exists()
    course.built()


@pytest.mark.parametrize(
    ("base", "output", "said"),
    [
        ("", "build/public", "polyglot_baseurl is ''; set it to where the site will be"),
        ("ftp://example.org", "build/public", "polyglot_baseurl is 'ftp://example.org'; set it"),
        ("https://example.net", "build/public", "was built for another address than https://example.net/; build it"),
        (BASE, "build/html", "holds the built site; name another output folder"),
        (BASE, "docs", "docs holds what no build wrote: index.rst"),
    ],
)
def test_what_cannot_be_hosted_is_told_with_a_remedy(course, base, output, said):
    before = tree(course.root)
    done = host(course, output, TINY_BASEURL=base)
    assert done.returncode == 1 and said in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and tree(course.root) == before


def test_a_folder_without_a_site_is_none(course, tmp_path):
    done = course.run("publish", str(tmp_path), "build/public")
    assert done.returncode == 1 and f"{tmp_path} is no site that sphinx-polyglot built; build one" in done.stderr
