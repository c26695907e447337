"""What a list of photos costs a browser: bytes, requests, elements, memory, and how far things jump.

    python benchmarks/pages/front.py http://127.0.0.1:8000 anna PASSWORD [PATH …] [--widths 390,1440] [--pixels 2]

Opens each page in Chromium (MIRAGE_TEST_CHROMIUM) in windows of those widths, scrolls by the wheel to its end and back,
and prints a row for each. CLS is the worst window of five seconds, as browsers report it. The scrolled bytes count each
address once, as a browser's cache does.
"""

import argparse
import os
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Request, sync_playwright

PHONE, DESK = 844, 900  # heights of the windows
STEP, PAUSE_MS, STILL = 700, 100, 5  # pixels of a turn of the wheel; so many turns without a move are the end
WATCH = """
    window.shifts = []; window.most = 0;
    new PerformanceObserver(list => { for (const entry of list.getEntries())
        if (!entry.hadRecentInput) shifts.push([entry.startTime, entry.value])
    }).observe({type: "layout-shift", buffered: true});
    setInterval(() => { most = Math.max(most, document.getElementsByTagName("*").length) }, 100)"""
CLS = """() => { let worst = 0, sum = 0, first = 0, last = 0;
    for (const [at, value] of shifts) {
        if (at - last > 1000 || at - first > 5000) { sum = 0; first = at }
        sum += value; last = at; worst = Math.max(worst, sum) }
    return worst }"""
PLACE = "[scrollY, document.documentElement.scrollHeight]"


@dataclass
class Traffic:
    """The answers that a page got, each address once."""

    seen: set[str] = field(default_factory=set)
    size: int = 0

    def count(self, request: Request) -> None:
        if request.url in self.seen or request.url.startswith(("data:", "blob:")):
            return
        self.seen.add(request.url)
        sizes = request.sizes()
        self.size += sizes["responseBodySize"] + sizes["responseHeadersSize"]

    def __str__(self) -> str:
        return f"{self.size / 1e6:8.2f} MB {len(self.seen):5}"


def main() -> None:
    options = read_options()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("MIRAGE_TEST_CHROMIUM"), args=["--no-sandbox"]
        )
        state = signed_in(browser, options)
        print(f"{'':30}{'first page':>18}{'scrolled':>18}  elements      CLS    heap MB")
        for path in options.paths or ["/"]:
            for width in map(int, options.widths.split(",")):
                context = window(browser, width, options.pixels, state)
                print(f"{path[:22]:22} {width:5}  {measured(context, options.address + path)}")
                context.close()
        browser.close()


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("address", "name", "password"):
        parser.add_argument(name)
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--widths", default="390,1440")
    parser.add_argument("--pixels", type=float, default=2)
    return parser.parse_args()


def signed_in(browser: Browser, options: argparse.Namespace) -> object:
    """What signs a window in, without the pictures that signing in has already fetched."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{options.address}/accounts/login/")
    page.fill("[name=login], [name=username]", options.name)
    page.fill("[name=password]", options.password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    state = context.storage_state()
    context.close()
    return state


def window(browser: Browser, width: int, pixels: float, state: object) -> BrowserContext:
    phone = width < 700
    size = {"width": width, "height": PHONE if phone else DESK}
    return browser.new_context(
        storage_state=state,  # type: ignore[arg-type]
        viewport=size,  # type: ignore[arg-type]
        device_scale_factor=pixels,
        is_mobile=phone,
        has_touch=phone,
        service_workers="block",  # answers that come through one have no size
    )


def measured(context: BrowserContext, address: str) -> str:
    """The figures of a page: as it opens, and after scrolling to its end and back."""
    page = context.new_page()
    traffic = Traffic()
    page.on("requestfinished", traffic.count)
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    page.goto(address)
    page.wait_for_load_state("networkidle")
    opened, heap = str(traffic), memory(session)
    page.mouse.move(page.evaluate("innerWidth / 2"), 450)
    for step in (STEP, -STEP):
        scroll(page, step)
    most, cls = page.evaluate("most"), page.evaluate(CLS)
    return f"{opened}{traffic} {most:9} {cls:8.4f} {heap:5.1f} → {memory(session):.1f}"


def scroll(page: Page, step: int) -> None:
    """Turn the wheel until nothing moves any more."""
    still = 0
    while still < STILL:
        before = page.evaluate(PLACE)
        page.mouse.wheel(0, step)
        page.wait_for_timeout(PAUSE_MS * (1 + 3 * bool(still)))
        still = still + 1 if page.evaluate(PLACE) == before else 0


def memory(session: CDPSession) -> float:
    """The megabytes that JavaScript holds."""
    session.send("HeapProfiler.collectGarbage")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "JSHeapUsedSize") / 1e6


if __name__ == "__main__":
    main()
