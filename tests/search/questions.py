"""What a search can be asked about invoices and счета, and its answers made comparable.

Every mark, filter and order, in both languages, mistyped as well. Some words are those of
departments, people and tags that are hidden from many.
"""

from __future__ import annotations

import re
from typing import Any

BROAD = (
    "invoice",
    "invoices late supplier",
    "late invoice счета",
    "счет",
    "счета поставщиков теряются",
    "поставщик",
    "printer",
    "inv*",
    "сче*",
    "*",
    '"late invoice"',
    '"счета поставщиков"',
    '"invoice of suppliers"',
    "invoice -late",
    "счета -пути",
    "late OR printer",
    "(late OR счета) -(supplier seen)",
    "title:invoice late",
    "title:inv*",
    "where does the late invoice of a supplier go when nobody sees it",
    "inovice",
    "suplier invoice",
    "щгкщ invoice",
    "byvoice",
    "cxtnf",
    "scheta",
    "schet* invoice",
    "kind:comment invoice",
    "kind:standard",
    "kind:person",
    "kind:person author",
    "kind:department invoice",
    "kind:service",
    "stage:open invoice sort:new",
    "stage:in-force",
    "invoice sort:votes",
    "счета sort:active",
    "votes:0 sort:new",
    "comments:>1",
    "comments:0..9 invoice",
    "updated:today",
    "after:2026-03 before:2027",
    "stuck:>0d",
    "unanswered:me",
    "unanswered:finance",
    "affected:finance,systems",
    "affected:warehouse",
    "dept:finance -affected:systems",
    "отдел:systems",
    "author:author",
    "author:author invoice -tag:paper",
    "author:me",
    "автор:clara",
    "tag:paper",
    "tag:papie",
    "tag:охрана",
    "-tag:paper invoice",
    "has:standard",
    "standard:1",
    "standard:PS-002",
    "standard:PS-003 invoice",
    "lang:ru",
    "lang:en -kind:comment sort:active",
)
"""Questions of every kind, in both languages, that what is hidden would have an answer to."""
NARROWED = (
    "kind=idea&kind=comment",
    "stage=open",
    "department=finance",
    "department=warehouse",
    "affected=systems&tag=paper",
    "tag=papier",
    "year=2026&lang=ru",
    "sort=new&limit=2",
    "sort=active&limit=3",
)
TYPED = ("inv", "сче", "far", "au", "fin", "war", "ps", "invoice la", "supplier", "поставщ")
UNFINISHED = (
    *("tag:", "tag:pa", "метка:ох", "author:", "author:au", "автор:cl", "dept:", "dept:wa"),
    *("affected:f", "затронут:", "standard:", "standard:PS", "unanswered:", "kind:s", "stage:"),
)
WRITTEN = (
    ("late invoice", "the supplier never sees the invoice"),
    ("счета поставщиков", "теряются в пути"),
    ("", "a printer that blinks late"),
)


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without what differs between forums that are the same to a reader: ids, times."""
    answer.pop("took_ms", None)
    answer["next"] = bool(answer.get("next"))
    for hit in answer.get("hits", []) + answer.get("items", []):
        hit.pop("id", None)
        hit["url"] = re.sub(r"(?<=[/-])\d+", "N", hit["url"])
    return answer
