"""What we serve and did not write is exactly what was fetched, pinned and licensed."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"
CSS_BUDGET = 25_000
FONT_BUDGET = 120_000


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _manifest() -> dict[str, str]:
    lines = (STATIC / "vendor" / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def test_every_vendored_file_is_the_one_that_was_fetched() -> None:
    wrong = [name for name, digest in _manifest().items() if _digest(STATIC / name) != digest]

    assert wrong == []


def test_no_file_from_elsewhere_is_missing_from_the_manifest() -> None:
    places = ("fonts/*", "vendor/*.js", "vendor/licenses/*")
    served = {str(path.relative_to(STATIC)) for place in places for path in STATIC.glob(place)}

    assert served <= set(_manifest())


def test_the_lock_pins_exact_versions_and_names_no_registry() -> None:
    source = STATIC / "vendor" / "src"
    wanted = json.loads((source / "package.json").read_text())["devDependencies"]
    locked = json.loads((source / "package-lock.json").read_text())["packages"]

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert not [name for name, package in locked.items() if "resolved" in package]
    assert all("integrity" in package for name, package in locked.items() if name)


def test_a_font_keeps_its_address_only_as_long_as_its_content() -> None:
    css = (STATIC / "css" / "app.css").read_text()

    named = re.findall(r"url\(/static/(fonts/[\w-]+\.woff2)\?v=(\w+)\)", css)

    assert len(named) == len(list(STATIC.glob("fonts/*")))
    assert [name for name, tag in named if not _digest(STATIC / name).startswith(tag)] == []


def test_a_list_stays_within_its_bytes() -> None:
    style = (STATIC / "css" / "app.css").stat().st_size
    fonts = sum(path.stat().st_size for path in STATIC.glob("fonts/*"))

    assert style <= CSS_BUDGET
    assert fonts <= FONT_BUDGET


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    templates = (STATIC.parent / "templates").rglob("*.html")

    named = {
        (path.name, name)
        for path in templates
        for name in re.findall(r"""\bicon(?:\(|=)["']([\w-]+)["']\s*[,)]""", path.read_text())
    }

    assert {(file, name) for file, name in named if name not in drawn} == set()


def test_our_styles_and_templates_need_no_inline_style_or_script() -> None:
    templates = (STATIC.parent / "templates").rglob("*.html")
    forbidden = re.compile(
        r"<[a-z][^>]*\s(?:style|on[a-z]+)=|<script(?![^>]*\bsrc=)|hx-on|js:", re.I
    )

    guilty = [path.name for path in templates if forbidden.search(path.read_text())]

    assert guilty == []
