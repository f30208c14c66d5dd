"""The `forum` command."""

from __future__ import annotations

import sys
from typing import Any

import click
from flask.cli import FlaskGroup

from forum import __version__
from forum.cli import WITHOUT_APPLICATION


def _create() -> Any:
    from forum.app import create_app

    return create_app()


class ForumGroup(FlaskGroup):
    """Flask's group; what cannot be done ends with one line on stderr and exit code 1."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command."""
        from sqlalchemy.exc import DBAPIError

        from forum.core.config import Misread
        from forum.core.errors import DomainError

        try:
            return super().main(*args, **kwargs)
        except (DomainError, Misread) as refusal:
            click.echo(str(refusal), err=True)
        except DBAPIError as trouble:  # most often a folder that holds no forum yet
            reason = str(trouble.orig).partition("\n")[0]
            click.echo(f"The database says: {reason}. See `forum doctor`.", err=True)
        sys.exit(1)


@click.group(cls=ForumGroup, create_app=_create, add_version_option=False)
@click.version_option(__version__, prog_name="forum")
def main() -> None:
    """Counterpart: the forum where departments fix how they work for each other."""


for _command in WITHOUT_APPLICATION:
    main.add_command(_command)


if __name__ == "__main__":
    main()
