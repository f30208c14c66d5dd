"""What the features mount on the `forum` command; `__main__` makes the command itself."""

from __future__ import annotations

import click
from flask import Flask

from forum.accounts.cli import init, people
from forum.admin.cli import export_command, import_group
from forum.core.cli import audit
from forum.demo.cli import demo
from forum.ideas.cli import ideas
from forum.ops.cli import COMMANDS as OPERATIONS
from forum.ops.cli import WITHOUT_APPLICATION as WITHOUT_APPLICATION
from forum.search.cli import search

COMMANDS: tuple[click.Command, ...] = (
    init,
    people,
    audit,
    search,
    ideas,
    import_group,
    export_command,
    demo,
    *OPERATIONS,
)
"""What the features mount on `forum`."""


def install(app: Flask) -> None:
    """Mount every feature's commands on the application's own group."""
    for command in COMMANDS:
        app.cli.add_command(command)
