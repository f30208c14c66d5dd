"""The accent that can be read in both themes, and the logo that is made anew."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from forum.admin.colours import DARK, ENOUGH, LIGHT, contrast, to_linear, to_oklch, weakest_contrast
from forum.core.db import db
from forum.core.site import SitePicture
from tests.admin.sent import GENERAL, setting


def test_the_accent_reaches_the_stylesheet_that_everybody_loads(admin, anonymous):
    admin.post("/admin/settings", GENERAL)

    links = [e["href"] for e in anonymous.page("/sign-in").all("link") if "href" in e]
    address = next(link for link in links if link.startswith("/site.css"))
    sheet = anonymous.get(address)

    assert "--accent-seed: #8b1f5f" in sheet.text
    assert sheet.mimetype == "text/css"
    assert "immutable" in sheet.headers["Cache-Control"]
    assert "immutable" not in anonymous.get("/site.css?v=0").headers["Cache-Control"]


def test_any_seed_gives_an_accent_that_can_be_read_in_both_themes():
    seeds = [
        f"#{r:02x}{g:02x}{b:02x}"
        for r in range(0, 256, 51)
        for g in range(0, 256, 51)
        for b in range(0, 256, 51)
    ]

    weakest = min(weakest_contrast(seed, theme) for seed in seeds for theme in (LIGHT, DARK))

    assert weakest >= ENOUGH


def test_an_accent_that_could_not_be_read_is_refused(admin, monkeypatch):
    pale = LIGHT.__class__((0.9, 0.1), LIGHT.wash, LIGHT.surfaces, LIGHT.on_accent)
    monkeypatch.setattr("forum.admin.settings_forms.LIGHT", pale)

    answer = admin.post("/admin/settings", GENERAL)

    assert answer.status_code == 422
    assert "cannot be read" in answer.text


def test_colours_are_measured_as_the_standards_say():
    black, white = to_linear((0, 0, 0)), to_linear((1, 0, 0))

    assert contrast(black, white) == pytest.approx(21, abs=0.01)
    assert to_oklch("#ff0000") == pytest.approx((0.628, 0.2577, 29.23), abs=0.01)


def test_the_measured_theme_is_the_one_of_the_stylesheet():
    css = (Path(__file__).parents[2] / "static/css/app.css").read_text()
    declared = dict(re.findall(r"--([a-z-]+): light-dark\((.*)\);", css))

    def numbers(name):
        light, dark = declared[name].split("), oklch(")
        return [
            [float(n) for n in re.findall(r"(?<![\w#-])\d*\.?\d+", part)] for part in (light, dark)
        ]

    for name, index in (("paper", 0), ("raised", 1), ("sunk", 2)):
        light, dark = numbers(name)
        assert tuple(light) == LIGHT.surfaces[index]
        assert tuple(dark) == DARK.surfaces[index]
    for name in ("accent", "wash"):
        light, dark = numbers(name)
        assert tuple(light) == getattr(LIGHT, name)
        assert tuple(dark) == getattr(DARK, name)


def picture(kind="JPEG", size=(2000, 400), mode="RGB", **options):
    """A picture file."""
    out = BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def test_a_logo_is_encoded_anew_small_and_without_what_it_hid(app, admin, anonymous):
    hidden = picture(comment=b"<script>GPS 55.7 37.6</script>")

    admin.post("/admin/settings", {**GENERAL, "logo": (BytesIO(hidden), "logo.jpg")})

    address = anonymous.page("/sign-in").one("img")["src"]
    answer = anonymous.get(address)
    shown = Image.open(BytesIO(answer.data))
    assert answer.mimetype == "image/png"
    assert shown.format == "PNG"
    assert shown.size == (560, 112)
    assert b"GPS" not in answer.data


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:500], b"\x89PNG\r\n"],
)
def test_what_is_no_picture_is_refused_as_a_logo(app, admin, content):
    answer = admin.post("/admin/settings", {**GENERAL, "logo": (BytesIO(content), "logo.png")})

    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.text
    assert setting(app, "logo_key") == ""


def test_a_picture_of_too_many_pixels_is_refused(app, admin):
    bomb = picture("PNG", (9000, 9000), "1")

    answer = admin.post("/admin/settings", {**GENERAL, "logo": (BytesIO(bomb), "logo.png")})

    assert answer.status_code == 422


def test_a_logo_may_be_as_large_as_any_picture(app, admin):
    out = BytesIO()
    Image.effect_noise((2400, 1400), 90).save(out, "PNG")
    heading = 'Content-Disposition: form-data; name="{}"{}\r\n\r\n'
    parts = [heading.format(name, "").encode() + value.encode() for name, value in GENERAL.items()]
    parts.append(heading.format("logo", '; filename="a.png"').encode() + out.getvalue())
    body = b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"

    answer = admin.client.post(
        "/admin/settings",
        data=body,
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRF-Token": admin.token},
    )

    assert len(body) > 1_500_000
    assert answer.status_code == 303
    assert setting(app, "logo_key")


@pytest.mark.parametrize(("position", "byte"), [(20, 255), (24, 77), (25, 9), (11, 2)])
def test_a_damaged_picture_is_refused_at_its_field_and_no_fault(app, admin, position, byte):
    content = bytearray(picture("PNG"))
    content[position] = byte

    logo = {"logo": (BytesIO(bytes(content)), "logo.png")}
    answer = admin.post("/admin/settings", {**GENERAL, **logo})

    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.text


def test_a_logo_can_be_replaced_and_removed(app, admin):
    logo = {"logo": (BytesIO(picture()), "a.jpg")}
    admin.post("/admin/settings", {**GENERAL, **logo})
    first = setting(app, "logo_key")
    admin.post("/admin/settings", {**GENERAL, "logo": (BytesIO(picture()), "b.jpg")})
    second = setting(app, "logo_key")

    admin.post("/admin/settings", {**GENERAL, "no_logo": "1"})

    assert first != second
    assert setting(app, "logo_key") == ""
    assert admin.get(f"/site-logo/{second}").status_code == 404
    with app.app_context():
        assert db.session.scalars(select(SitePicture)).all() == []
