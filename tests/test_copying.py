"""Each block of code can be copied: the code as its script has it, of a console what is typed, and nothing else."""

from __future__ import annotations

import re

import pytest

from browsing import clean_page, served
from places import REPOSITORY

BUTTONS = ".highlight > .polyglot-copy"
CLIPBOARD = "navigator.clipboard.readText()"


def copied(page, number: int) -> str:
    """What the button of a block puts on the clipboard."""
    page.locator(BUTTONS).nth(number).click()
    page.locator(f"{BUTTONS}[data-said]").first.wait_for(state="attached")
    return page.evaluate(CLIPBOARD)


@pytest.mark.everyday(1)
@pytest.mark.parametrize(("code", "word", "done"), [("zh", "复制", "已复制"), ("en", "Copy", "Copied")])
def test_code_is_copied_as_the_script_has_it(browser, site, code, word, done):
    script = (REPOSITORY / "gallery/20_autograd.py").read_text("utf-8")
    with served(site) as address, clean_page(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{address}/{code}/lessons/20_autograd.html")
        page.evaluate("document.querySelectorAll('article details').forEach(fold => fold.open = true)")
        buttons = page.locator(BUTTONS)
        assert set(buttons.all_inner_texts()) == {word}
        for number in range(0, buttons.count(), 5):
            text = copied(page, number)
            assert buttons.nth(number).inner_text() == done
            assert page.locator(".polyglot-copied").inner_text() == done
            lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
            assert lines and all(line in script for line in lines), text


def test_a_console_gives_what_is_typed(browser, site):
    with served(site) as address, clean_page(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{address}/en/lessons/50_data_parallel.html")
        page.evaluate("document.querySelectorAll('article details').forEach(fold => fold.open = true)")
        shown = page.locator(".highlight-console .highlight")
        shown.first.locator(".polyglot-copy").click()
        page.locator(f"{BUTTONS}[data-said]").first.wait_for(state="attached")
        text = page.evaluate(CLIPBOARD)
        assert text.startswith("torchrun ") and "$" not in text
        assert re.sub(r"\s+", " ", text.strip()) in re.sub(r"\s+", " ", shown.first.locator("pre").inner_text())


def test_what_was_printed_has_no_button(browser, site):
    with clean_page(browser) as page:
        page.goto(f"{site.as_uri()}/en/lessons/20_autograd.html")
        assert page.locator(".sphx-glr-script-out").count()
        assert page.locator(".sphx-glr-script-out .polyglot-copy").count() == 0


def test_without_a_clipboard_of_its_own_a_page_copies_what_is_selected(browser, site):
    with clean_page(browser, permissions=["clipboard-read"]) as page:
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        page.add_init_script("document.execCommand = () => { window.taken = getSelection().toString() }")
        page.goto(f"{site.as_uri()}/en/lessons/20_autograd.html")
        text = page.locator(".highlight pre").first.text_content()
        page.locator(BUTTONS).first.click()
        page.locator(f"{BUTTONS}[data-said]").first.wait_for(state="attached")
        assert page.evaluate("window.taken") == text
