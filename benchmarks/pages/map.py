"""How soon the map shows land, in a real Chromium with an empty cache.

    python benchmarks/pages/map.py http://127.0.0.1:8000 anna PASSWORD [--rounds 5] [--slow]

Opens the map on a phone whose processor is four times slower (390 wide, three pixels each) and on a desk (1440), each
time in a new window. Prints milliseconds after the address was entered, fastest and median: the first paint, the first
frame with the land that comes with the page, the map as MapLibre has drawn it, and beside them the first paint of a
page that has nothing but as many bytes and asks no server: what the machine cannot do faster at that moment. --slow
also holds the phone to 1.6 Mbit/s with 150 ms, as Lighthouse does.
"""

import argparse
import math
import os
import statistics

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.pages.front import signed_in

WEBGL = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WATCH = """
    const look = () => {
        const painted = performance.getEntriesByName("first-contentful-paint").length > 0
        if (painted && document.querySelector(".map-sketch")?.clientHeight) performance.mark("map-land")
        else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
    new MutationObserver((changes, observer) => {
        for (const { removedNodes } of changes) for (const node of removedNodes)
            if (node.classList?.contains("map-sketch") && node.parentNode === null) performance.mark("map-whole")
    }).observe(document, { subtree: true, childList: true })"""
TIMES = """() => ["first-contentful-paint", "map-land", "map-whole"].map(
    (name) => performance.getEntriesByName(name).at(-1)?.startTime ?? NaN)"""
SCREENS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}
PAUSE_MS = 250
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}


def main() -> None:
    options = read_options()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("MIRAGE_TEST_CHROMIUM"), args=WEBGL)
        state = signed_in(browser, options)
        print(f"{'':8}{'first paint':>16}{'land':>16}{'whole map':>16}{'bare page':>16}")
        for screen in SCREENS:
            rows = [times(browser, screen, state, options) for _ in range(options.rounds)]
            cells = (f"{min(column):9.0f} {statistics.median(column):6.0f}" for column in zip(*rows, strict=True))
            print(f"{screen:8}{''.join(cells)}", flush=True)
        browser.close()


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("address", "name", "password"):
        parser.add_argument(name)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slow", action="store_true", help="a slow network too")
    return parser.parse_args()


def times(browser: Browser, screen: str, state: object, options: argparse.Namespace) -> list[float]:
    """The three times of one visit, and that of a bare page."""
    page = opened(browser, screen, state, options)
    page.goto(f"{options.address}/map/", wait_until="commit")
    found: list[float] = [math.nan]
    while any(map(math.isnan, found)):
        page.wait_for_timeout(PAUSE_MS)
        found = page.evaluate(TIMES)
    size = page.evaluate("performance.getEntriesByType('navigation')[0].decodedBodySize")
    page.context.close()
    return [*found, bare(opened(browser, screen, state, options), f"{options.address}/map/", size)]


def bare(page: Page, address: str, size: int) -> float:
    """The first paint of a page of that many bytes without anything in them."""
    page.route(address, lambda route: route.fulfill(body=f"<!doctype html><p>bare<!--{size * '-'}-->"))
    page.goto(address)
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    painted: float = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.context.close()
    return painted


def opened(browser: Browser, screen: str, state: object, options: argparse.Namespace) -> Page:
    """A page in a new window, with an empty cache."""
    phone = screen == "phone"
    context = browser.new_context(
        storage_state=state,  # type: ignore[arg-type]
        viewport=SCREENS[screen],  # type: ignore[arg-type]
        device_scale_factor=3 if phone else 1,
        is_mobile=phone,
        has_touch=phone,
        service_workers="block",
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    if phone:
        slow_down(page, line=options.slow)
    return page


def slow_down(page: Page, *, line: bool) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    if line:
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LINE)


if __name__ == "__main__":
    main()
