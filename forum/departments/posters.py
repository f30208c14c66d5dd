"""A poster on the wall: whoever points a phone at it can write an idea for this department."""

from __future__ import annotations

import io

import segno

from forum.core.site import absolute


def idea_address(slug: str) -> str:
    """The address behind the code, as people outside this machine reach it."""
    return absolute(f"/ideas/new?dept={slug}")


def qr_picture(address: str) -> bytes:
    """The address as a black and white SVG that prints at any size."""
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(
        out,
        kind="svg",
        scale=8,
        border=4,
        light="#fff",
        xmldecl=True,
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue()
