"""The application for the whole life of a process, as commands and WSGI servers begin it."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def application() -> Flask:
    """The forum by the settings there are. What it is made of stays: to look for garbage in it
    takes a quarter of the start, and each look later would take it in again."""
    gc.disable()
    from forum.app import create_app

    app = create_app()
    gc.freeze()
    gc.enable()
    return app
