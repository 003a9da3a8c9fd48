"""Opens the HTML pages of messages in a headless Chromium: do they fit, can everybody read them, do they ask for
anything, does a message become a part of the page?

    cargo test --test all message_pages::          # writes the pages to target/tmp/message
    python3 tests/browser/message_test.py target/tmp/message

Pictures are left beside the pages. Needs nothing but Python and Chromium (CHROMIUM names it, if it is not in PATH).
"""

import base64
import os
import shutil
import sys
import tempfile
from pathlib import Path

import page_test
from page_test import NAMES, NOT_CHECKED, Browser, same

WORDS = {
    "accepted": "Accepted", "encrypted": "Rejected", "rejected": "Rejected", "forged": "Rejected", "expired": "Rejected",
    "undecided": "Undecided", "closed": "Rejected", "request": "No verdict", "malformed": "Malformed", "masked": "Accepted",
    "hostile": "Rejected",
}
# What a page shows must lie on the screen.
OUTSIDE = """(() => {
  const wide = document.documentElement.clientWidth;
  return [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return element.checkVisibility() && !element.closest(".unseen, thead") && box.width > 1 && (box.right > wide + 1 || box.left < -1);
  }).map((element) => `${element.tagName}.${element.getAttribute("class")} ${element.textContent.slice(0, 40)}`);
})()"""


def it_fits(browser, name):
    for width in (1280, 700, 360):
        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        wide = browser.run("document.scrollingElement.scrollWidth")
        if wide > width:
            raise AssertionError(f"{name}: {wide} pixels wide on a screen of {width}")
        same(f"{name}: beside the screen of {width}", browser.run(OUTSIDE), [])


def the_verdict_comes_first(browser, name):
    same(f"{name}: the verdict", browser.run("document.querySelector('h1 .word').textContent"), f"{WORDS[name]}:")
    is_called = browser.run("document.body.innerText.includes('UNVERIFIED')")
    has_message = browser.run("document.getElementById('sent') !== null")
    same(f"{name}: called unverified", is_called, has_message and WORDS[name] != "Accepted")


def values_are_copied(browser):
    count = browser.run("document.querySelectorAll('.copy').length")
    if count == 0:
        raise AssertionError("nothing can be copied")
    for position in range(count):
        browser.run(f"document.querySelectorAll('.copy')[{position}].id = 'tried-{position}'")
        browser.run("navigator.clipboard.writeText('')")
        browser.click(f"#tried-{position}")
        browser.until(f"document.getElementById('tried-{position}').textContent === 'copied'")
        expected = browser.run(f"document.querySelector(':has(> #tried-{position})').querySelector('.value').textContent")
        same("clipboard", browser.run("navigator.clipboard.readText()"), expected)


def it_can_be_read_without_a_script(browser, page):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.call("Page.navigate", url=page.as_uri())
    browser.until("document.readyState === 'complete' && document.querySelector('main') !== null")
    same("buttons", browser.run("[...document.querySelectorAll('button')].filter((button) => button.checkVisibility()).length"), 0)
    browser.call("Emulation.setScriptExecutionDisabled", value=False)


def a_message_stays_text(browser):
    same("hacked", browser.run("typeof hacked"), "undefined")
    same("elements from values", browser.run("document.querySelectorAll('img, main script, main style').length"), 0)


def nothing_was_asked_for(browser, pages):
    urls = [event["params"]["request"]["url"] for event in browser.events if event["method"] == "Network.requestWillBeSent"]
    same("requests", sorted({url for url in urls if not url.startswith("data:")}), sorted(page.as_uri() for page in pages))
    complaints = [event["params"] for event in browser.events if event["method"] in ("Runtime.exceptionThrown", "Log.entryAdded")]
    same("complaints of the browser", complaints, [])


def use(browser, folder):
    browser.call("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    pages = {name: folder / f"{name}.html" for name in WORDS}
    for name, page in pages.items():
        browser.open(page)
        the_verdict_comes_first(browser, name)
        a_message_stays_text(browser)
        it_fits(browser, name)
        page_test.everybody_can_read_it(browser)
        for width, dark in ((1100, False), (360, True)):
            browser.picture(folder / f"{name}-{width}.png", width, dark)
    browser.open(pages["rejected"])
    values_are_copied(browser)
    it_can_be_read_without_a_script(browser, pages["rejected"])
    browser.look(False, "print")
    paper = browser.call("Page.printToPDF", printBackground=False)["data"]
    (folder / "rejected.pdf").write_bytes(base64.b64decode(paper))
    nothing_was_asked_for(browser, pages.values())


def main():
    folder = Path(sys.argv[1]).resolve()
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        print("NOT CHECKED: no Chromium can be had here, so nobody has opened the pages of messages")
        return NOT_CHECKED
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        browser = Browser(path, Path(scratch) / "profile")
        try:
            browser.attach()
            use(browser, folder)
        finally:
            browser.close()
    print("the pages of messages work in Chromium")
    return 0


if __name__ == "__main__":
    sys.exit(main())
