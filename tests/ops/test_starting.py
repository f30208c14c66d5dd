"""The application that lasts as long as its process."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from forum.starting import application


def test_garbage_of_requests_is_still_collected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORUM_DATA_DIR", str(tmp_path))
    try:
        app = application()

        assert app.name == "forum"
        assert gc.isenabled()
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()
