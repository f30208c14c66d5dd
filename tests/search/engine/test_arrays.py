"""A file of arrays is what was written or it is damaged; terms are found by their bytes."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.search.engine import arrays
from forum.search.engine.arrays import Arrays, Damaged
from forum.search.engine.lengths import LENGTHS, bytes_of
from forum.search.engine.terms import Terms, packed


def written(folder: Path) -> Path:
    """A file of three arrays, one of them empty."""
    path = folder / "some.arrays"
    kept = {
        "a": np.arange(1000, dtype=np.uint32),
        "none": np.zeros(0, dtype=np.float32),
        "b": np.array([-1.5, 2.5]),
    }
    arrays.write(path, kept, {"слово": [1, "x"]})
    return path


def test_what_was_written_is_read_where_it_lies(tmp_path) -> None:
    found = Arrays(written(tmp_path))

    found.check()
    assert found["a"].tolist() == list(range(1000))
    assert found["none"].tolist() == []
    assert found["b"].tolist() == [-1.5, 2.5]
    assert found.facts == {"слово": [1, "x"]}
    assert all(found[name].ctypes.data % arrays.ALIGNED == 0 for name in ("a", "b"))
    with pytest.raises(ValueError, match="read-only"):
        found["a"][0] = 1


def test_arrays_outlive_their_file(tmp_path) -> None:
    path = written(tmp_path)
    numbers = Arrays(path)["a"]
    path.unlink()
    gc.collect()

    assert int(numbers.sum()) == 499_500


@pytest.mark.parametrize("length", [0, 7, 20, 64, 1000, -1])
def test_a_file_that_was_cut_is_damaged(tmp_path, length) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(Damaged):
        Arrays(path)


@pytest.mark.parametrize("place", [0, 8, 16, 30, 60])
def test_a_changed_header_is_damage(tmp_path, place) -> None:
    path = written(tmp_path)
    content = bytearray(path.read_bytes())
    content[place] ^= 0x40
    path.write_bytes(content)

    with pytest.raises(Damaged):
        Arrays(path)


def test_a_changed_number_is_damage_to_whoever_checks(tmp_path) -> None:
    path = written(tmp_path)
    content = bytearray(path.read_bytes())
    content[-64] ^= 1
    path.write_bytes(content)

    with pytest.raises(Damaged):
        Arrays(path).check()


def test_nothing_is_left_of_a_write_that_failed(tmp_path, monkeypatch) -> None:
    def full(*_names: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(arrays.os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        written(tmp_path)

    assert list(tmp_path.iterdir()) == []


@given(found=st.sets(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)))
def test_terms_are_found_and_others_are_not(found) -> None:
    coded = sorted(word.encode() for word in found)
    terms = Terms(*packed(coded))

    assert list(terms) == coded
    assert [terms.find(word) for word in coded] == list(range(len(coded)))
    assert terms.find(b"\xff") == terms.find(b"") == -1


@given(found=st.sets(st.text("abб", min_size=1, max_size=4)), other=st.text("abб", max_size=5))
def test_a_term_is_not_found_inside_of_others(found, other) -> None:
    coded = sorted(word.encode() for word in found)

    number = Terms(*packed(coded)).find(other.encode())

    assert number == (coded.index(other.encode()) if other in found else -1)


@given(
    found=st.sets(st.text("abб", min_size=1, max_size=4)),
    prefix=st.text("abб", max_size=3),
)
def test_terms_that_begin_so_stand_in_a_row(found, prefix) -> None:
    coded = sorted(word.encode() for word in found)
    terms = Terms(*packed(coded))

    begun = [terms[number] for number in terms.beginning(prefix.encode())]

    assert begun == [word for word in coded if word.startswith(prefix.encode())]


def test_length_bytes_are_whooshs_own() -> None:
    from whoosh.util.numeric import byte_to_length, length_to_byte

    lengths = np.array([0, 1, 2, 107, 108, 109, 110, 5_000, 106_373, 106_374, 9_999_999])

    coded = bytes_of(lengths).tolist()

    assert coded == [length_to_byte(length) for length in lengths.tolist()]
    assert LENGTHS[coded].tolist() == [byte_to_length(byte) for byte in coded]
