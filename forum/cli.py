"""What the features mount on the `forum` command; `__main__` makes the command itself."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast

import click
from flask import Flask
from flask.cli import AppGroup

from forum.core.schema import know_migrations

COMMANDS: Mapping[str, str] = {
    "audit": "forum.core.cli:audit",
    "backup": "forum.ops.cli:backup",
    "db": "flask_migrate.cli:db",
    "demo": "forum.demo.cli:demo",
    "doctor": "forum.ops.cli:doctor",
    "export": "forum.admin.cli:export_command",
    "ideas": "forum.ideas.cli:ideas",
    "import": "forum.admin.cli:import_group",
    "init": "forum.accounts.cli:init",
    "insights": "forum.insights.cli:insights",
    "people": "forum.accounts.cli:people",
    "readers": "forum.ops.readers_cli:readers",
    "search": "forum.search.cli:search",
    "serve": "forum.ops.cli:serve",
    "standards": "forum.standards.cli:standards",
    "surveys": "forum.surveys.results.cli:surveys",
    "upgrade": "forum.ops.cli:upgrade",
    "worker": "forum.ops.cli:worker",
}
"""Where each command is; imported when it is asked for: a server starts without the rest."""


class Commands(AppGroup):
    """The application's commands."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app.name)
        self.app = app

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them by name."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them, or None."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        if cmd_name == "db":
            know_migrations(self.app)
        module, _, name = COMMANDS[cmd_name].partition(":")
        return cast(click.Command, getattr(import_module(module), name))


def install(app: Flask) -> None:
    """Mount every feature's commands on the application's own group."""
    app.cli = Commands(app)
