"""An odd address of a picture costs that picture, not the file and not the whole import."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.standards.paper import documents
from tests.support import make

ADDRESSES = ("//[x", "http://[x/a.png", "a%00.png", "a" * 300 + ".png", "loop.png")


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "# PS-1 A\n\n## Rule\n\nText. ![x]({})\n"),
        ("a.html", "<h1>PS-1 A</h1><h2>Rule</h2><p>Text.</p><img src='{}' alt='x'>"),
    ],
)
def test_an_odd_address_is_told_and_the_rest_is_taken_in(
    app: Flask, tmp_path: Path, name: str, text: str, address: str
) -> None:
    make.admin(app)
    (tmp_path / "loop.png").symlink_to("loop.png")
    (tmp_path / name).write_text(text.format(address))
    (tmp_path / "b.md").write_text("# PS-2 B\n\n## Rule\n\nText.\n")

    done = documents.load(app, tmp_path)

    assert done.exception is None
    assert done.stdout == "created 2, unchanged 0, updated 0, refused 0\n"
    assert f"There is no such picture: {address[:100]}" in done.stderr
