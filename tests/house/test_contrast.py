"""Every pair of colours a reader meets has the contrast promised, in both themes and any accent.

OKLCH to sRGB after Björn Ottosson, "A perceptual color space for image processing" (2020); contrast
after WCAG 2.2, "relative luminance". A colour outside sRGB is clipped, as browsers do.
"""

from __future__ import annotations

import re
from math import cos, radians, sin
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[2] / "static" / "css" / "app.css").read_text()
THEMES = {"light": 0, "dark": 1}
LONG_TEXT, TEXT, CONTROL = 7.0, 4.5, 3.0

Color = tuple[float, float, float]

_NUMBER = r"([\d.]+)"
_PLAIN = re.compile(rf"oklch\({_NUMBER} {_NUMBER} {_NUMBER}\)")
_SEEDED = re.compile(rf"oklch\(from var\(--accent-seed\) {_NUMBER} min\(c, {_NUMBER}\) h\)")
_HUED = re.compile(rf"oklch\({_NUMBER} {_NUMBER} var\(--h\)\)")


def _linear(lightness: float, chroma: float, hue: float) -> Color:
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return tuple(min(1.0, max(0.0, part)) for part in (red, green, blue))  # type: ignore[return-value]


def _luminance(color: Color) -> float:
    red, green, blue = color
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _sides(token: str) -> tuple[str, str]:
    """What a token says for light and for dark."""
    found = re.search(rf"--{token}: light-dark\((.+?\)), (.+)\);", CSS)
    assert found is not None, token
    return found[1], found[2]


def _token(token: str, theme: str, hue: float = 195, chroma: float = 0.4) -> Color:
    text = _sides(token)[THEMES[theme]]
    if seeded := _SEEDED.fullmatch(text):
        return _linear(float(seeded[1]), min(chroma, float(seeded[2])), hue)
    plain = _PLAIN.fullmatch(text)
    assert plain is not None, (token, text)
    return _linear(*(float(part) for part in plain.groups()))


def _badge(theme: str, hue: float) -> tuple[Color, Color]:
    rule = re.search(r"\.code \{.*?\}", CSS)
    assert rule is not None
    shades = [(float(lightness), float(chroma)) for lightness, chroma in _HUED.findall(rule[0])]
    ground, ink = shades[THEMES[theme]], shades[2 + THEMES[theme]]
    return _linear(*ground, hue), _linear(*ink, hue)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "raised", "sunk"])
def test_long_text_stands_out_from_every_ground(theme: str, ground: str) -> None:
    for ink in ("ink", "ink-2"):
        assert _contrast(_token(ink, theme), _token(ground, theme)) >= LONG_TEXT, ink


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ink", ["good", "warn", "bad"])
def test_words_in_a_signal_colour_are_readable(theme: str, ink: str) -> None:
    for ground in ("paper", "raised", "sunk", f"{ink}-wash"):
        assert _contrast(_token(ink, theme), _token(ground, theme)) >= TEXT, ground


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("wash", ["wash", "good-wash", "warn-wash", "bad-wash"])
def test_ink_is_readable_on_every_wash(theme: str, wash: str) -> None:
    assert _contrast(_token("ink", theme), _token(wash, theme)) >= LONG_TEXT
    assert _contrast(_token("ink-2", theme), _token(wash, theme)) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
def test_whatever_accent_a_site_chooses_it_is_readable(theme: str) -> None:
    for hue in range(0, 360, 5):
        for chroma in (0.0, 0.05, 0.4):
            accent = _token("accent", theme, hue, chroma)
            wash = _token("wash", theme, hue, chroma)
            grounds = [_token(ground, theme) for ground in ("paper", "raised", "sunk")]

            assert min(_contrast(accent, ground) for ground in [*grounds, wash]) >= TEXT, hue
            assert _contrast(accent, _token("on-accent", theme)) >= TEXT, hue
            assert _contrast(_token("ink", theme), wash) >= LONG_TEXT, hue


@pytest.mark.parametrize("theme", THEMES)
def test_the_edge_of_a_control_can_be_seen(theme: str) -> None:
    for ground in ("paper", "raised", "sunk"):
        assert _contrast(_token("edge", theme), _token(ground, theme)) >= CONTROL, ground


@pytest.mark.parametrize("theme", THEMES)
def test_a_departments_code_is_readable_in_each_of_the_twelve_hues(theme: str) -> None:
    hues = [float(hue) for hue in re.findall(r"\.hue-\d+ \{ --h: (\d+) \}", CSS)]

    assert len(hues) == 12
    for hue in hues:
        ground, ink = _badge(theme, hue)
        assert _contrast(ground, ink) >= TEXT, hue
