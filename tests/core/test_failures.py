"""What a command that fails leaves behind: a sentence where it was expected, else the whole bug."""

from __future__ import annotations

import click
import pytest

from forum.__main__ import main
from forum.core.errors import Conflict


def fails_with(trouble: Exception) -> click.Command:
    """A command that raises."""

    @click.command()
    def failing() -> None:
        raise trouble

    return failing


def test_what_was_expected_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(main.commands, "failing", fails_with(Conflict("It is there already.")))

    with pytest.raises(SystemExit) as left:
        main(["failing"])

    assert left.value.code == 1
    assert capsys.readouterr().err == "It is there already.\n"


def test_a_bug_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(main.commands, "failing", fails_with(ZeroDivisionError("a bug")))

    with pytest.raises(ZeroDivisionError, match="a bug"):
        main(["failing"])
