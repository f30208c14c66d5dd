"""What is written can be opened in a spreadsheet without running, and read back as it was."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from forum.core.csvfiles import plain_cell, read_sheet, safe_cell, write_sheet

STAND_INS = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1+1", "=cmd|' /C calc'!A0", "plain", "it's"]


def _hostile(data: Path) -> list[str]:
    file = data / "hostile" / "csv_injection.jsonl"
    if not file.is_file():
        return STAND_INS
    return [*STAND_INS, *(json.loads(line)["s"] for line in file.read_text().splitlines())]


def test_no_cell_begins_like_a_formula(data: Path) -> None:
    for cell in _hostile(data):
        assert safe_cell(cell)[:1] not in tuple("=+-@\t\r＝＋－＠"), cell


def test_what_was_written_is_read_back(data: Path) -> None:
    cells = [" ".join(cell.split()) for cell in _hostile(data)]

    sheet = read_sheet(
        write_sheet(["name"], [[cell] for cell in cells]).encode(), ["name"], ["name"]
    )

    assert not sheet.refused
    assert [record.get("name") for record in sheet.records] == [c for c in cells if c]


@given(st.text())
def test_quoting_a_cell_can_always_be_undone(cell: str) -> None:
    assert plain_cell(safe_cell(cell)) == cell


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    sheet = read_sheet(raw, ["name", "email"], ["name", "email"])

    assert all(record.line > 1 for record in sheet.records)


def test_lists_survive_a_file_separated_by_semicolons() -> None:
    raw = 'name;people\nFinance;"a@b.example;c@d.example"\nSales;a@b.example;c@d.example\n'

    sheet = read_sheet(raw.encode(), ["name", "people"], ["name"])

    assert sheet.records[0].list_of("people") == ["a@b.example", "c@d.example"]
    assert [line for line, _reason in sheet.refused] == [3]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    raw = 'name\n\n"two\nlines"\nbad"quote\n"worse"quote\nlast\n'

    sheet = read_sheet(raw.encode(), ["name"], ["name"])

    assert [record.line for record in sheet.records] == [3, 5, 7]
    assert [line for line, _reason in sheet.refused] == [6]


def test_a_quote_that_is_never_closed_costs_its_own_line_only() -> None:
    raw = 'name,code\n"Finance,FIN\nSales,SAL\n"Stores",STO\n"open to the end,END\nLegal,LEG\n'

    sheet = read_sheet(raw.encode(), ["name", "code"], ["name"])

    assert [record.get("name") for record in sheet.records] == ["Sales", "Stores", "Legal"]
    assert [line for line, _reason in sheet.refused] == [2, 5]


def test_a_first_line_without_end_is_refused_and_no_fault() -> None:
    sheet = read_sheet(b"x" * 200_000 + b"\nanna\n", ["name"], ["name"])

    assert sheet.records == []
    assert sheet.refused
