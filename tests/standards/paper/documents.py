"""Documents a company might have, made for tests."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from click.testing import Result
from docx import Document
from flask import Flask
from PIL import Image

from forum.admin.cli import import_group


def load(app: Flask, *arguments: str | Path) -> Result:
    """What `forum import standards …` answers."""
    return app.test_cli_runner().invoke(import_group, ["standards", *map(str, arguments)])


def picture(colour: str = "navy") -> bytes:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (40, 20), colour).save(out, "PNG")
    return out.getvalue()


def data(raw: bytes) -> str:
    """A picture as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(raw).decode()}"


def word(*, title: str = "PS-014 Оплата в срок", rows: int = 2, headings: bool = True) -> Any:
    """A Word document with a title, headings, both lists, a table and a picture."""
    made = Document()
    made.add_heading(title, 0)
    if headings:
        made.add_heading("Цель", 1)
    made.add_paragraph("Поставщики знают день оплаты.")
    if headings:
        made.add_heading("Шаги", 1)
    for words in ("Склад считает", "Финансы платят"):
        made.add_paragraph(words, style="List Number")
    for words in ("счёт", "накладная"):
        made.add_paragraph(words, style="List Bullet")
    table = made.add_table(rows=rows, cols=2)
    for number, row in enumerate(table.rows if rows < 50 else []):
        row.cells[0].text, row.cells[1].text = f"Кто {number}", f"Что {number}"
    made.add_picture(BytesIO(picture()))
    return made


def saved(made: Any) -> bytes:
    """A Word document as bytes."""
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def with_parts(raw: bytes, parts: Mapping[str, bytes]) -> bytes:
    """A package with more parts, or others in place of its own."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part.filename, old.read(part))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()
