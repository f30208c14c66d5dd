"""What a command cannot do, it says in one line on stderr, and leaves with 1."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forum.__main__ import main
from tests.support.server import environment


def run(folder: Path, *arguments: str, **more: str) -> Result:
    """The command in this process, with nothing of this machine's settings."""
    return CliRunner().invoke(main, list(arguments), env=environment(folder, **more))


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("import", "people", "missing.csv"),
        ("import", "ideas", "."),
        ("import", "ideas", "--format", "pdf", "missing.jsonl"),
        ("import", "nothing", "x"),
        ("export", "/proc/no-such-place"),
        ("backup", "/no/such/folder/x.tar.gz"),
        ("restore", "missing.tar.gz"),
        ("serve", "--port", "99999"),
        ("serve", "--port", "many"),
        ("demo", "--host", "no-such-host.invalid"),
        ("search", "evaluate", "/no/such/folder"),
        ("search", "evaluate", "."),
        ("people", "promote", "nobody@example.org"),
    ],
    ids=" ".join,
)
def test_a_refusal_is_one_line_on_stderr(tmp_path, arguments) -> None:
    done = run(tmp_path, *arguments)

    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert done.exception is None or isinstance(done.exception, SystemExit)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FORUM_DATABASE_URL", "nonsense"),
        ("FORUM_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none"),
        ("FORUM_TRUSTED_PROXIES", "some"),
        ("FORUM_DATA_DIR", "/proc/no-such-place"),
    ],
)
def test_a_setting_that_cannot_be_used_is_a_sentence(tmp_path, name, value) -> None:
    done = run(tmp_path, "doctor", **{name: value})

    assert done.exit_code == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_a_collection_that_cannot_be_read_is_a_sentence(tmp_path) -> None:
    (tmp_path / "docs.jsonl").write_text("x\n")
    for name in ("queries.tsv", "qrels.tsv"):
        (tmp_path / name).write_text("")

    done = run(tmp_path / "data", "search", "evaluate", str(tmp_path))

    assert (done.exit_code, done.stdout) == (1, "")
    assert "cannot be read" in done.stderr


def test_without_a_command_the_forum_tells_what_there_is(tmp_path) -> None:
    done = run(tmp_path)

    assert done.exit_code == 0
    assert "backup" in done.stdout
