"""The pictures of the README, taken from the demo in Chromium: `make screenshots`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.support.chromium import launched

IMAGES = Path(__file__).parent / "images"
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
COLOURS = 128


@contextmanager
def demo() -> Iterator[str]:
    """The demo company, served on a free port until the pictures are taken."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
        trial.close()
        settings = {**os.environ, "FORUM_DATA_DIR": folder}
        forum = [sys.executable, "-m", "forum"]
        subprocess.run([*forum, "demo", "--no-serve"], env=settings, check=True)
        server = subprocess.Popen(
            [*forum, "serve", "--port", str(port), "--workers", "1"],
            env=settings,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert server.stdout is not None
        server.stdout.readline()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def enter(browser: Browser, address: str, who: str, *, size: dict[str, int], theme: str) -> Page:
    """A page signed in as somebody of the demo, in their own language."""
    page = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme=theme,  # type: ignore[arg-type]
        base_url=address,
        device_scale_factor=1,
        bypass_csp=True,
    ).new_page()
    page.goto("/sign-in")
    page.fill("#email", f"{who}@demo.example")
    page.fill("#password", "demo-password")
    page.press("#password", "Enter")
    page.wait_for_url("**/")
    return page


def take(page: Page, path: str, name: str) -> None:
    """Save a picture, with few colours so that it stays small."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.add_style_tag(content="html { scrollbar-gutter: auto }")
    shot = Image.open(BytesIO(page.screenshot()))
    shot.convert("RGB").quantize(COLOURS).save(IMAGES / f"{name}.png", optimize=True)


def main() -> None:
    """Take them all."""
    IMAGES.mkdir(exist_ok=True)
    with demo() as address, launched() as browser:
        desk = enter(browser, address, "anna", size=DESK, theme="light")
        phone = enter(browser, address, "moderator", size=PHONE, theme="dark")
        desk.goto("/ideas?stage=accepted&sort=supported")
        idea = desk.locator("article[data-idea] h2 a").nth(1).get_attribute("href") or "/ideas"
        for path, name in (
            ("/", "home"),
            ("/ideas?sort=supported", "ideas"),
            (idea, "idea"),
            ("/standards/PS-001", "standard"),
            ("/search?q=invoices", "search"),
        ):
            take(desk, path, f"{name}-desk-light-en")
            take(phone, path, f"{name}-phone-dark-ru")


if __name__ == "__main__":
    main()
