"""Draw the icons of the installed app from static/icons/mirage.svg: `python -m scripts.screenshots.icons CHROMIUM`."""

import re
import sys
from pathlib import Path

ICONS = Path(__file__).resolve().parents[2] / "static" / "icons"
SAFE = 0.72  # of a maskable icon's width: phones cut it to a circle of 0.8


def main() -> None:
    from playwright.sync_api import sync_playwright

    plain = (ICONS / "mirage.svg").read_text()
    cut = plain.replace(' rx="8"', "")  # phones round the corners themselves
    back, front = re.findall(r"<rect[^>]*/>", cut)[0], "".join(re.findall(r"<(?:circle|path)[^>]*/>", cut))
    margin = 16 * (1 - SAFE)
    safe = f'{back}<g transform="translate({margin} {margin}) scale({SAFE})">{front}</g>'
    masked = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{safe}</svg>'
    drawn = {"mirage-192": plain, "mirage-512": plain, "mirage-180": cut}
    drawn |= {f"mirage-maskable-{size}": masked for size in (192, 512)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
        for name, svg in drawn.items():
            size = int(name.rsplit("-", 1)[1])
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block; width: {size}px }}</style>{svg}")
            page.screenshot(path=ICONS / f"{name}.png", omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
