"""Opens the HTML page of a setup sheet in a headless Chromium and uses it as an administrator would.

    cargo test --test all sheets::          # writes the pages to target/tmp/sheet
    python3 tests/browser/page_test.py target/tmp/sheet [--keep]

`--keep` writes what the page made to tests/browser/answers.yaml instead of comparing it. Pictures are left
beside the pages. Needs nothing but Python and Chromium (CHROMIUM names it, if it is not in PATH).
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
NOT_CHECKED = 77


class Browser:
    """Chromium, spoken to by the DevTools protocol over two pipes."""

    def __init__(self, path, profile):
        to_browser, self.writer = os.pipe()
        self.reader, from_browser = os.pipe()
        for end in (to_browser, from_browser):
            os.set_inheritable(end, True)
        script = f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}'
        flags = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}", "--remote-debugging-pipe",
        ]
        self.process = subprocess.Popen(
            ["bash", "-c", script, path, *flags, "about:blank"],
            pass_fds=(to_browser, from_browser), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self.buffer, self.last, self.events, self.session = b"", 0, [], None

    def read(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.reader, 1 << 16)
            if not piece:
                raise RuntimeError("the browser has gone")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if self.session and not method.startswith(("Target.", "Browser.")):
            message["sessionId"] = self.session
        os.write(self.writer, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def attach(self):
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log", "DOM"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def open(self, path):
        self.run("window.onbeforeunload = null")
        self.call("Page.navigate", url=path.as_uri())
        self.until("document.readyState === 'complete' && location.protocol === 'file:'")

    def run(self, code):
        result = self.call("Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True, userGesture=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{code[:200]}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def until(self, code):
        for _ in range(200):
            if self.run(code):
                return
            time.sleep(0.05)
        raise AssertionError(f"never came true: {code}")

    def click(self, selector):
        """A click of the mouse, where the thing really is."""
        x, y = self.run(f"""(() => {{
            const element = document.querySelector({json.dumps(selector)});
            element.scrollIntoView({{ block: "center" }});
            const box = element.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def fill(self, name, value):
        self.run(f"""(() => {{
            const input = document.querySelector({json.dumps(answer(name) + " .input")});
            input.focus();
            input.value = {json.dumps(value)};
            for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, {{ bubbles: true }}));
        }})()""")

    def take(self, name, path):
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=answer(name) + " .from-file")["nodeId"]
        self.call("DOM.setFileInputFiles", files=[str(path)], nodeId=node)

    def problem(self, name):
        return self.run(f"document.querySelector({json.dumps(answer(name) + ' .problem')}).textContent")

    def picture(self, path, width, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.look(dark)
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True, format="png")["data"]
        path.write_bytes(base64.b64decode(data))

    def look(self, dark, medium=""):
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", media=medium, features=scheme)

    def close(self):
        try:
            self.call("Browser.close")
        except (RuntimeError, OSError):
            pass
        self.process.wait(timeout=20)


def answer(name):
    return f'.answer[data-name="{name}"]'


def same(what, got, expected):
    if got != expected:
        raise AssertionError(f"{what}\n  expected {expected!r}\n  got      {got!r}")


def values_are_copied(browser, sheet):
    values = [field["value"] for step in sheet["steps"] for field in step["fields"] if field["value"] is not None]
    same("number of copy buttons", browser.run("document.querySelectorAll('.step .copy').length"), len(values))
    for side in ("idp", "app"):
        steps = [step for step in sheet["steps"] if step["side"] == side]
        expected = [field["value"] for step in steps for field in step["fields"] if field["value"] is not None]
        ids = browser.run(f"[...document.querySelectorAll('#{side} .step .copy')].map((button) => button.dataset.copy)")
        for identity, value in zip(ids, expected, strict=True):
            browser.run("navigator.clipboard.writeText('')")
            browser.click(f'[data-copy="{identity}"]')
            browser.until(f"document.querySelector('[data-copy=\"{identity}\"]').textContent === 'copied'")
            same(f"clipboard after {identity}", browser.run("navigator.clipboard.readText()"), value)


def old_way_of_copying_works(browser):
    browser.run("navigator.clipboard.writeText('')")
    browser.run("window.kept = navigator.clipboard.writeText; navigator.clipboard.writeText = () => Promise.reject()")
    browser.click('[data-copy="value-1-1"]')
    browser.until("document.querySelector('[data-copy=\"value-1-1\"]').classList.contains('copied')")
    browser.run("navigator.clipboard.writeText = window.kept")
    same("clipboard", browser.run("navigator.clipboard.readText()"), browser.run("document.getElementById('value-1-1').textContent"))


def steps_are_ticked(browser):
    for number in (1, 2):
        browser.click(f"#idp .step:nth-child({number}) .place")
    same("progress", browser.run("document.querySelector('#idp .progress').textContent"), "2 of 3 steps done")
    same("kept", browser.run("localStorage.length + sessionStorage.length + document.cookie.length"), 0)


def wrong_answers_are_told(browser):
    for name, value, words in [
        ("entity_id", "kc.acme.test", "Write the whole address"),
        ("entity_id", "javascript:alert(1)", "Write the whole address"),
        ("entity_id", "http://kc.acme.test", "not safe"),
        ("x509_cert", "MIIB", "no PEM certificate"),
        ("x509_cert", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "private key"),
        ("metadata_xml", "{}", "no XML document"),
    ]:
        browser.fill(name, value)
        if words not in browser.problem(name):
            raise AssertionError(f"{name} = {value!r}: {browser.problem(name)!r}")
    browser.click("#answers button[type=submit]")
    text = browser.run("document.getElementById('result-text').value")
    if "PRIVATE KEY" in text:
        raise AssertionError("a private key went into the file")
    if "fields above need another look" not in browser.run("document.getElementById('result-words').textContent"):
        raise AssertionError("nothing is said of what is missing")
    same("client_id", browser.problem("client_id"), "This is still missing.")
    same("second_xml", browser.problem("second_xml"), "")


def answers_become_a_file(browser, answers, folder):
    for name, value in answers.items():
        if name not in ("client_secret", "metadata_xml"):
            browser.fill(name, value)
    (folder / "metadata.xml").write_bytes(b"\xef\xbb\xbf" + answers["metadata_xml"].replace("\n", "\r\n").encode() + b"\n")
    browser.take("metadata_xml", folder / "metadata.xml")
    browser.until(f"document.querySelector('{answer('metadata_xml')} .input').value !== '{{}}'")
    der = base64.b64decode("".join(answers["x509_cert"].split("\n")[1:-1]))
    (folder / "idp.cer").write_bytes(der)
    browser.fill("x509_cert", "")
    browser.take("x509_cert", folder / "idp.cer")
    browser.until(f"document.querySelector('{answer('x509_cert')} .input').value !== ''")
    text = browser.run("document.getElementById('result-text').value")
    if "# client_secret: sent another way\n" not in text:
        raise AssertionError("the secret is in the file unasked")
    browser.click(answer("client_secret") + " .leave-out")
    same("kind of input", browser.run(f"document.querySelector('{answer('client_secret')} .input').type"), "password")
    browser.fill("client_secret", answers["client_secret"])
    same("words", browser.run("document.getElementById('result-words').textContent"), "One field above needs another look. The file can be sent all the same.")
    text = browser.run("document.getElementById('result-text').value")
    for selector in ('[data-copy="result-text"]', '.download[data-from="result-text"]'):
        browser.click(selector)
    browser.until("document.querySelector('[data-copy=\"result-text\"]').textContent === 'copied'")
    same("clipboard", browser.run("navigator.clipboard.readText()"), text)
    saved = folder / "answers.yaml"
    for _ in range(200):
        if saved.exists() and not list(folder.glob("*.crdownload")):
            break
        browser.run("1")
        time.sleep(0.05)
    same("the file that was saved", saved.read_text(encoding="utf-8"), text)
    return text


def it_fits(browser):
    for width in (1280, 800, 360):
        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        wide = browser.run("document.scrollingElement.scrollWidth")
        if wide > width:
            raise AssertionError(f"{wide} pixels wide on a screen of {width}")


CONTRAST = """(() => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = channels(getComputedStyle(at).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if ((!hasText && !("value" in element)) || element.disabled || !element.checkVisibility()) continue;
    const one = light(channels(getComputedStyle(element).color).slice(0, 3)), other = light(behind(element));
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) low.push(`${element.tagName}.${element.className} ${ratio.toFixed(2)} ${element.textContent.slice(0, 30)}`);
  }
  return low;
})()"""

LABELS = """[...document.querySelectorAll("input, textarea, button")].filter((element) =>
  !(element.labels?.length || element.getAttribute("aria-labelledby") || element.getAttribute("aria-label") || element.textContent.trim())
).map((element) => element.outerHTML.slice(0, 120))"""


def everybody_can_read_it(browser):
    same("inputs without a label", browser.run(LABELS), [])
    for dark in (False, True):
        browser.look(dark)
        same(f"too little contrast, dark {dark}", browser.run(CONTRAST), [])
    levels = browser.run("[...document.querySelectorAll('h1, h2, h3')].map((heading) => Number(heading.tagName[1]))")
    if any(after > before + 1 for before, after in zip(levels, levels[1:])) or levels.count(1) != 1:
        raise AssertionError(f"headings jump: {levels}")


def nothing_needs_a_script(browser, page):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.call("Page.navigate", url=page.as_uri())
    browser.until("document.readyState === 'complete' && document.querySelector('.no-js') !== null")
    same("form", browser.run("getComputedStyle(document.getElementById('answers')).display"), "none")
    same("buttons", browser.run("[...document.querySelectorAll('button')].filter((button) => button.checkVisibility()).length"), 0)
    if 'client_id: ""' not in browser.run("document.querySelector('.no-js').innerText"):
        raise AssertionError("nothing says what to write without scripts")
    browser.call("Emulation.setScriptExecutionDisabled", value=False)


def hostile_values_stay_text(browser, page):
    browser.open(page)
    same("hacked", browser.run("typeof hacked"), "undefined")
    same("elements from values", browser.run("document.querySelectorAll('img, main script, main style').length"), 0)
    it_fits(browser)


def nothing_was_asked_for(browser):
    urls = [event["params"]["request"]["url"] for event in browser.events if event["method"] == "Network.requestWillBeSent"]
    outside = [url for url in urls if not url.startswith(("file:", "data:", "blob:"))]
    same("requests", outside, [])
    if not urls:
        raise AssertionError("no request was seen at all, not even for the page")
    complaints = [event["params"] for event in browser.events if event["method"] in ("Runtime.exceptionThrown", "Log.entryAdded")]
    same("complaints of the browser", complaints, [])


def use(browser, folder, scratch, keep):
    page = folder / "sheet.html"
    sheet = json.loads((folder / "sheet.json").read_text(encoding="utf-8"))
    answers = json.loads((HERE / "answers.json").read_text(encoding="utf-8"))
    browser.call("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(scratch))
    browser.open(page)
    values_are_copied(browser, sheet)
    old_way_of_copying_works(browser)
    steps_are_ticked(browser)
    wrong_answers_are_told(browser)
    browser.picture(folder / "problems.png", 1280)
    text = answers_become_a_file(browser, answers, scratch)
    expected = HERE / "answers.yaml"
    if keep:
        expected.write_text(text, encoding="utf-8", newline="")
    same("answers.yaml", text, expected.read_bytes().decode())
    everybody_can_read_it(browser)
    it_fits(browser)
    browser.picture(folder / "filled.png", 1280)
    nothing_needs_a_script(browser, page)
    browser.picture(folder / "no-script.png", 1280)
    browser.open(page)
    for name, width, dark in [("wide", 1280, False), ("narrow", 360, False), ("dark", 1280, True), ("narrow-dark", 360, True)]:
        browser.picture(folder / f"{name}.png", width, dark)
    everybody_can_read_it(browser)
    browser.look(False, "print")
    paper = browser.call("Page.printToPDF", printBackground=False)["data"]
    (folder / "paper.pdf").write_bytes(base64.b64decode(paper))
    hostile_values_stay_text(browser, folder / "hostile.html")
    nothing_was_asked_for(browser)


def main():
    folder = Path(sys.argv[1]).resolve()
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        print("NOT CHECKED: no Chromium can be had here, so nobody has used the HTML page")
        return NOT_CHECKED
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        browser = Browser(path, Path(scratch) / "profile")
        try:
            browser.attach()
            downloads = Path(scratch) / "downloads"
            downloads.mkdir()
            use(browser, folder, downloads, "--keep" in sys.argv)
        finally:
            browser.close()
    print("the page works in Chromium")
    return 0


if __name__ == "__main__":
    sys.exit(main())
