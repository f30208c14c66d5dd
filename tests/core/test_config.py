"""Settings of the process, as its environment spells them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forum.core import config
from tests.support.server import forum


def read(**environment: str) -> dict[str, Any]:
    """All settings of an environment with these variables, without `FORUM_`."""
    given = {f"FORUM_{name}": value for name, value in environment.items()}
    return config.load({"FORUM_DATA_DIR": "/nowhere", **given})


@pytest.mark.parametrize("value", ["", "  ", "none"])
def test_no_modules_at_all_is_something_one_can_ask_for(value: str) -> None:
    assert read(MODULES=value)["MODULES"] == frozenset()
    assert read()["MODULES"] is None


def test_all_modules_or_some_are_named() -> None:
    assert read(MODULES="all")["MODULES"] == frozenset(config.MODULES)
    assert read(MODULES="map, thanks")["MODULES"] == {"map", "thanks"}


@pytest.mark.parametrize(
    ("value", "meant"),
    [("on", True), ("1", True), ("TRUE", True), ("off", False), ("0", False), ("no", False)],
)
def test_a_switch_is_on_or_off_and_not_given_is_neither(value: str, meant: bool) -> None:
    assert read(READ_ONLY=value)["READ_ONLY"] is meant
    assert read(READ_ONLY="")["READ_ONLY"] is None
    assert read()["READ_ONLY"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("RATE_LIMITS", "onn"), ("READ_ONLY", "maybe"), ("MODULES", "maps"), ("TRUSTED_PROXIES", "x")],
)
def test_a_slip_is_named_and_never_taken_for_something_else(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"FORUM_{name}"):
        read(**{name: value})


def test_an_empty_name_or_address_is_as_if_it_were_not_given() -> None:
    settings = read(SITE_NAME="", PUBLIC_URL=" ", MAIL_URL="", DATABASE_URL="")

    assert (settings["SITE_NAME"], settings["PUBLIC_URL"], settings["MAIL_URL"]) == (None,) * 3
    assert settings["DATABASE_URL"].startswith("sqlite:")


def test_a_command_says_in_one_line_which_variable_is_wrong(tmp_path: Path) -> None:
    done = forum("people", "invite", "x", folder=tmp_path, FORUM_READ_ONLY="onn")

    assert done.returncode == 1
    assert done.stderr == "FORUM_READ_ONLY: 'onn' is neither on nor off.\n"


@pytest.mark.parametrize("value", ["smtp://mail.example.org:abc", "mail.example.org", "smtp://"])
def test_a_mail_server_that_cannot_be_is_named_at_the_start(value: str) -> None:
    with pytest.raises(config.BadSetting, match="FORUM_MAIL_URL"):
        read(MAIL_URL=value)


def test_what_is_wrong_with_a_mail_server_tells_no_password() -> None:
    with pytest.raises(config.BadSetting) as refused:
        read(MAIL_URL="smtp://user:s3cr/et@mail.example.org")

    assert "s3cr" not in str(refused.value)
