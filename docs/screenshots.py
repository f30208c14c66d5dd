"""The pictures of README and docs, taken from the demo in Chromium: `make screenshots`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.ideas.models import Idea
from forum.moderation.models import Matter, Outcome
from forum.notifications import digest_letters
from forum.notifications.topics import Topic
from forum.notifications.week import Week, news_for
from forum.search.likely import finding
from forum.search.likely.models import LikelyDuplicate
from tests.support.chromium import launched
from tests.support.server import opened

IMAGES = Path(__file__).parent / "images"
MAIL = {"FORUM_MAIL_URL": "smtp://127.0.0.1:9"}
"""So that choices look as they do where mails are sent; none arrives."""
UNTOLD = ".banners { display: none !important }"
FRAMELESS = UNTOLD + ".top, .rail, .foot { display: none !important } .page { padding: 12px 24px }"
"""What is on every page is in the pictures of the README."""
NARROW = {"width": 360, "height": 780}
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
COLOURS = 128


@contextmanager
def demo() -> Iterator[tuple[Path, str]]:
    """The demo company's folder, and its address on a free port until the pictures are taken."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
        trial.close()
        settings = {**os.environ, "FORUM_DATA_DIR": folder}
        forum = [sys.executable, "-m", "forum"]
        subprocess.run([*forum, "demo", "--no-serve"], env=settings, check=True)
        with opened(Path(folder)) as app, app.app_context():
            while finding.sweep():  # a night's work, some seconds at a time
                pass
            db.session.remove()
        server = subprocess.Popen(
            [*forum, "serve", "--port", str(port), "--workers", "1"],
            env={**settings, **MAIL, "FORUM_PUBLIC_URL": f"http://127.0.0.1:{port}"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert server.stdout is not None
        server.stdout.readline()
        try:
            yield Path(folder), f"http://127.0.0.1:{port}"
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
    """Save a picture of what a window shows of a page."""
    go(page, path)
    keep(page.screenshot(), name)


def go(page: Page, path: str) -> None:
    """Open a page, and wait until nothing moves."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.add_style_tag(content="html { scrollbar-gutter: auto }")


def keep(shot: bytes, name: str) -> None:
    """Save a picture, with few colours so that it stays small."""
    picture = Image.open(BytesIO(shot)).convert("RGB").quantize(COLOURS)
    picture.save(IMAGES / f"{name}.png", optimize=True)


def take_part(page: Page, path: str, name: str, most: int) -> None:
    """Save a picture of a page without its frame, as high as told at most."""
    go(page, path)
    page.add_style_tag(content=FRAMELESS)
    box = page.locator(".page").bounding_box()
    assert box is not None
    part = {**box, "height": min(box["height"], most)}
    keep(page.screenshot(full_page=True, clip=part), name)  # type: ignore[arg-type]


def weekly_mail(folder: Path, page: Page) -> None:
    """Save a picture of the mail that Boris would get on a Monday."""
    with opened(folder) as app, app.app_context():
        boris = db.session.scalars(select(Person).where(Person.email == "boris@demo.example")).one()
        news = news_for(boris, Week(now() - timedelta(days=7), frozenset(Topic)))
        page.set_viewport_size({"width": 480, "height": 860})
        page.set_content(digest_letters.weekly(boris, news).html)
        db.session.remove()
    keep(page.screenshot(), "weekly-mail-light-en")


def addresses(folder: Path) -> dict[str, str]:
    """The pages of the docs that have a number in their address."""
    with opened(folder) as app, app.app_context():
        pair = db.session.scalars(
            select(LikelyDuplicate).order_by(LikelyDuplicate.score.desc())
        ).first()
        late = db.session.scalars(select(Idea.id).where(Idea.title.startswith("Bring back"))).one()
        hidden = Matter.outcome == Outcome.HIDDEN
        matter = db.session.scalars(select(Matter.id).where(hidden)).one()
        db.session.remove()
    assert pair is not None
    return {
        "matter": f"/moderation/matters/{matter}",
        "merge": f"/ideas/{pair.second_id}/merge?with={pair.first_id}",
        "turn": f"/ideas/{late}",
    }


def of_readme(browser: Browser, site: str) -> None:
    """The core, on a desk and on a phone."""
    desk = enter(browser, site, "anna", size=DESK, theme="light")
    phone = enter(browser, site, "moderator", size=PHONE, theme="dark")
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


def of_docs(browser: Browser, site: str, folder: Path) -> None:
    """How moderators and representatives work."""
    at = addresses(folder)
    hugh = enter(browser, site, "hugh", size=DESK, theme="light")
    for path, name, most in (
        ("/moderation?queue=flags", "queue", 620),
        (at["matter"], "matter", 900),
        ("/moderation/duplicates", "duplicates", 350),
        (at["merge"], "merge", 700),
        (at["turn"], "turn", 560),
        ("/ideas?view=board", "board", 600),
    ):
        take_part(hugh, path, f"{name}-desk-light-en", most)
    anna = enter(browser, site, "anna", size=DESK, theme="light")
    take_part(anna, "/settings/notifications", "choices-desk-light-en", 640)
    boris = enter(browser, site, "boris", size=NARROW, theme="light")
    go(boris, "/answers")
    boris.add_style_tag(content=UNTOLD)
    keep(boris.screenshot(), "answers-phone-light-en")
    weekly_mail(folder, boris)


def main() -> None:
    """Take them all."""
    IMAGES.mkdir(exist_ok=True)
    with demo() as (folder, site), launched() as browser:
        of_readme(browser, site)
        of_docs(browser, site, folder)


if __name__ == "__main__":
    main()
