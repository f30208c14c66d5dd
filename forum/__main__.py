"""The `forum` command."""

from __future__ import annotations

import sys
from typing import Any

import click
from flask.cli import FlaskGroup

from forum import __version__
from forum.ops.cli import WITHOUT_APPLICATION
from forum.starting import application


class ForumGroup(FlaskGroup):
    """Flask's group; what cannot be done ends with one line on stderr and exit code 1."""

    def _load_plugin_commands(self) -> None:
        """None: the application's own group knows `db`, and importing Alembic takes its time."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; without one, show which there are."""
        try:
            answer = super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as asked:
            click.echo(asked.format_message())
            if asked.ctx is not None:
                asked.ctx.close()
            answer = 0
        except Exception as trouble:
            from forum.core.failures import sentence_of

            sentence = sentence_of(trouble)
            if sentence is None:
                raise
            click.echo(sentence, err=True)
            answer = 1
        sys.exit(answer if isinstance(answer, int) else 0)


@click.group(cls=ForumGroup, create_app=application, add_version_option=False)
@click.version_option(__version__, prog_name="forum")
def main() -> None:
    """Counterpart: the forum where departments fix how they work for each other."""


for _command in WITHOUT_APPLICATION:
    main.add_command(_command)


if __name__ == "__main__":
    main()
