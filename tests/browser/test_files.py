"""Files come along by dropping, by pasting and by the camera, in both languages."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.visits import Visit
from tests.browser.watch import settled
from tests.support import office

Enter = Callable[..., Visit]
PHONE = {"width": 360, "has_touch": True, "is_mobile": True}
BRING = """(area, [how, name, type, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  const event = how === "paste"
    ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
  area.dispatchEvent(event);
}"""


def bring(page: Page, how: str, name: str, kind: str, raw: bytes) -> None:
    """Drop or paste a file onto the text."""
    said = [how, name, kind, base64.b64encode(raw).decode()]
    page.locator("#problem").evaluate(BRING, said)


@pytest.mark.parametrize(("locale", "line"), [("en", "PDF, 1 kB"), ("ru", "PDF, 1 КБ")])
def test_files_come_by_drop_by_paste_and_by_the_camera(
    visit: Enter, tmp_path: Path, locale: str, line: str
) -> None:
    anna = visit("anna", locale, **PHONE)
    page = anna.page
    page.goto("/ideas/new")
    settled(page)
    text = page.locator("#problem")
    text.fill(f"The gate sticks, {locale}.\n\n")
    text.press("End")

    bring(page, "drop", "смета.pdf", "application/pdf", office.pdf("forklift"))
    expect(text).to_have_value(re.compile(r"\[смета\.pdf\]\(/files/"))
    bring(page, "paste", "list.xlsx", "", office.xlsx("barrier"))
    expect(text).to_have_value(re.compile(r"\[list\.xlsx\]\(/files/"))
    photo = tmp_path / "IMG_0042.HEIC"
    photo.write_bytes(office.heic())
    camera = page.locator("input[capture][data-upload-for='problem']")
    expect(page.locator("label", has=camera)).to_be_visible()
    camera.set_input_files(photo)
    expect(text).to_have_value(re.compile(r"!\[IMG_0042\]\(/files/"))
    page.get_by_role("button", name=anna.says("Post"), exact=True).click()

    document = page.locator("a.file", has_text="смета.pdf")
    expect(document).to_contain_text(line)
    expect(page.locator("a.file")).to_have_count(2)
    shown = page.locator(".prose img")
    assert shown.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 64
    with page.expect_download() as download:
        document.click()
    assert download.value.suggested_filename == "смета.pdf"
    assert Path(download.value.path()).read_bytes() == office.pdf("forklift")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []


@pytest.mark.parametrize(
    ("locale", "said"), [("en", "This file holds macros"), ("ru", "В этом файле есть макросы")]
)
def test_a_refused_file_is_named_with_the_reason_and_the_text_stays(
    visit: Enter, locale: str, said: str
) -> None:
    anna = visit("anna", locale)
    anna.watch.expect(422)
    page = anna.page
    page.goto("/ideas/new")
    settled(page)
    page.locator("#problem").fill("The gate sticks.")

    bring(page, "drop", "смета.docx", "", office.docx("x", **{"word/vbaProject.bin": b"\0"}))

    expect(page.locator("#notices")).to_contain_text(f"смета.docx: {said}")
    expect(page.locator("#problem")).to_have_value("The gate sticks.")


def test_a_picture_that_an_office_program_pastes_beside_its_text_stays_out(visit: Enter) -> None:
    page = visit("anna").page
    page.goto("/ideas/new")
    settled(page)
    text = page.locator("#problem")

    taken = text.evaluate(
        """(area) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["x"], "image.png", { type: "image/png" }));
          transfer.setData("text/plain", "Cells of a sheet");
          const options = { clipboardData: transfer, bubbles: true, cancelable: true };
          return !area.dispatchEvent(new ClipboardEvent("paste", options));
        }"""
    )

    assert not taken


def test_files_are_chosen_by_keyboard(visit: Enter, tmp_path: Path) -> None:
    page = visit("anna").page
    page.goto("/ideas/new")
    settled(page)
    chosen = [tmp_path / "one.pdf", tmp_path / "two.docx"]
    for place, raw in zip(chosen, (office.pdf("x"), office.docx("x")), strict=True):
        place.write_bytes(raw)

    with page.expect_file_chooser() as chooser:
        page.locator("#problem").press("Shift+Tab")
        expect(page.locator("input[data-upload-for=problem][multiple]")).to_be_focused()
        page.keyboard.press("Space")
    chooser.value.set_files(chosen)

    expect(page.locator("#problem")).to_have_value(
        re.compile(r"\[one\.pdf\]\(/files/\S+\)\n\[two\.docx\]\(/files/")
    )


def test_without_scripts_a_plain_field_brings_files(visit: Enter, tmp_path: Path) -> None:
    page = visit("anna", java_script_enabled=False).page
    page.goto("/ideas/new")
    place = tmp_path / "plan.pdf"
    place.write_bytes(office.pdf("x"))

    page.locator("#problem").fill("The gate sticks, without scripts.")
    page.get_by_label("Pictures and files").first.set_input_files(place)
    page.get_by_role("button", name="Post", exact=True).click()

    expect(page.locator("a.file")).to_contain_text("plan.pdf")
