"""Locks that share a key wait for one another, and the leader of the jobs never lets go of its."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import forum

KEY = re.compile(r"^[A-Z_]+_LOCK\s*=\s*([\d_]+)", re.M)


def test_every_advisory_lock_has_a_key_of_its_own() -> None:
    files = Path(forum.__file__).parent.rglob("*.py")

    keys = Counter(key for path in files for key in KEY.findall(path.read_text("utf-8")))

    assert len(keys) >= 4
    assert max(keys.values()) == 1, keys
