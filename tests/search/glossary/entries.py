"""Entries of the glossary, made through the forum's own actions."""

from __future__ import annotations

from flask import Flask

from forum.search.glossary import actions


def same(app: Flask, *sides: str, note: str = "") -> int:
    """An entry."""
    with app.app_context():
        read = actions.read_sides("\n".join(sides))
        return actions.add(None, sides=read, note=note).id
