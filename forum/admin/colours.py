"""The accent: a site chooses hue and strength, the design its lightness, and contrast is measured.

The stylesheet derives the accent from the seed with `oklch(from …)`; the same derivation is done
here to measure it. Conversions: Björn Ottosson, "A perceptual color space for image processing"
(2020); contrast: WCAG 2.2, relative luminance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import atan2, cos, hypot, sin

HEX = re.compile(r"#[0-9a-f]{6}")
ENOUGH = 4.5

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Theme:
    """How a theme makes its accent, and what it stands on; mirrors `static/css/app.css`."""

    accent: tuple[float, float]
    wash: tuple[float, float]
    surfaces: tuple[Triple, ...]
    on_accent: Triple


LIGHT = Theme(
    accent=(0.42, 0.1),
    wash=(0.955, 0.014),
    surfaces=((0.985, 0.004, 85), (1.0, 0, 0), (0.958, 0.006, 85)),
    on_accent=(1.0, 0, 0),
)
DARK = Theme(
    accent=(0.82, 0.09),
    wash=(0.28, 0.03),
    surfaces=((0.19, 0.006, 70), (0.235, 0.007, 70), (0.155, 0.006, 70)),
    on_accent=(0.19, 0.006, 70),
)


def clean_hex(text: str) -> str | None:
    """A colour as `#rrggbb`, also from `#rgb`, or None."""
    plain = text.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", plain):
        plain = "#" + "".join(digit * 2 for digit in plain[1:])
    return plain if HEX.fullmatch(plain) else None


def weakest_contrast(seed: str, theme: Theme) -> float:
    """The lowest contrast the accent of a seed has with anything it is put on in a theme."""
    _lightness, chroma, hue = to_oklch(seed)
    accent = _of(theme.accent, chroma, hue)
    others = [to_linear(surface) for surface in theme.surfaces]
    others += [_of(theme.wash, chroma, hue), to_linear(theme.on_accent)]
    return min(contrast(accent, other) for other in others)


def _of(token: tuple[float, float], chroma: float, hue: float) -> Triple:
    lightness, most = token
    return to_linear((lightness, min(chroma, most), hue))


def contrast(one: Triple, other: Triple) -> float:
    """WCAG contrast of two colours in linear sRGB, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Triple) -> float:
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def to_oklch(seed: str) -> Triple:
    """Lightness, chroma and hue (degrees) of `#rrggbb`."""
    red, green, blue = (_linear(int(seed[i : i + 2], 16) / 255) for i in (1, 3, 5))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, hypot(a, b), atan2(b, a) * _DEGREES % 360


_DEGREES = 57.29577951308232


def to_linear(colour: Triple) -> Triple:
    """Linear sRGB of an OKLCH colour, clipped to what a screen can show."""
    lightness, chroma, hue = colour
    a, b = chroma * cos(hue / _DEGREES), chroma * sin(hue / _DEGREES)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return _clip(red), _clip(green), _clip(blue)


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
