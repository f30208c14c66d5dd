"""Hostile strings: a seeded draw over every collection, all of them, and some of our own making."""

from __future__ import annotations

import base64
import random
from collections.abc import Sequence
from pathlib import Path

from tests.core.markup import hostile

COLLECTIONS = (
    *("xss", "blns", "sqli", "ssti", "path_traversal", "open_redirect", "csv_injection"),
    *("bleach_fixtures", "emails_valid_invalid", "raw_bytes_html5lib", "html_tokenizer_inputs"),
    "commonmark_spec_examples",
)
SEED = 20_260


def every(data: Path, name: str) -> list[str]:
    """The strings of one collection, or a handful of their kind where it is absent."""
    return [_text(row) for row in hostile(data, f"{name}.jsonl")]


def _text(row: dict[str, str]) -> str:
    if "b64" in row:
        return base64.b64decode(row["b64"]).decode("utf-8", "surrogateescape")
    return row.get("s") or row.get("input") or row.get("markdown") or row.get("name", "")


def drawn(data: Path, count: int) -> list[str]:
    """As many strings, some of every collection."""
    chance = random.Random(SEED)
    share = -(-count // len(COLLECTIONS))
    found: list[str] = []
    for name in COLLECTIONS:
        rows = [row for row in every(data, name) if len(row) < 5_000]
        found += chance.sample(rows, min(share, len(rows)))
    chance.shuffle(found)
    return (found * (count // max(1, len(found)) + 1))[:count]


def pathological(data: Path, length: int) -> list[str]:
    """Markdown made to explode, cut to what a field takes."""
    return [row["s"][:length] for row in hostile(data, "markdown_pathological.jsonl.gz")]


ODD = (
    *("", " ", "0", "-1", "1" * 30, "9223372036854775808", "1e9", "NaN", "null", "true", "٣", "²"),
    *("\x00", "a\x00b", "\x1b[31m", "\u202eabc\u202c", "\u2066x", "\ufeff", "\u200b" * 50),
    *("\udcff\udcfe", "\ud800", "e" + "\u0301" * 500, "2026-02-30", "0000-00-00", "99999-01-01"),
    *("//evil.example", "/\\evil.example", "javascript:alert(1)", "https://evil.example/", "../.."),
    *("a" * 100_000, "ж" * 30_000, "word " * 5_000, "\n" * 20_000, "[" * 20_000, "<b>" * 6_000),
    *("{{7*7}}", "{% raise %}", "%s%n%(x)s", "W10", "WzEsMl0", "eyJ9", "=", "\t\r\n"),
)
"""Wrong kinds, edges, invisible signs, broken bytes and long words."""


def together(strings: Sequence[str], count: int) -> list[str]:
    """The strings a few to a value, a line each."""
    return ["\n".join(strings[i : i + count]) for i in range(0, len(strings), count)]
