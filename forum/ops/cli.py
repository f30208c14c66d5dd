"""Commands that run the forum and keep it safe."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import ScriptInfo, with_appcontext

PORT = click.IntRange(0, 65535)


def default_workers() -> int:
    """A web worker a core, at least two so that one slow request never stops the house."""
    return max(2, min(8, os.cpu_count() or 2))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=PORT, default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), default=default_workers, help="Web workers.")
@with_appcontext
def serve(host: str, port: int, workers: int) -> None:
    """Serve the forum: web workers and the jobs process."""
    from forum.ops import server

    server.serve(current_app._get_current_object(), host, port, workers)  # type: ignore[attr-defined]


@click.command()
@with_appcontext
def worker() -> None:
    """Run the jobs apart from the web workers."""
    from forum.ops import server
    from forum.ops import worker as jobs_process

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    server.check_schema(app)
    jobs_process.run(app)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def backup(file: Path) -> None:
    """Write everything into FILE, readable by its owner only, while the forum runs."""
    from forum.ops import backups

    manifest = backups.back_up(file)
    rows = sum(note.rows for note in manifest.tables.values())
    click.echo(f"backed up {rows} rows and {len(manifest.files)} files to {file}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def restore(context: click.Context, file: Path) -> None:
    """Bring FILE back into an empty data folder and an empty database."""
    from forum.ops import restores

    manifest = restores.restore(file, context.ensure_object(ScriptInfo).load_app)
    rows = sum(note.rows for note in manifest.tables.values())
    click.echo(f"restored {rows} rows and {len(manifest.files)} files of {manifest.made_at}")


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@with_appcontext
def upgrade(dry_run: bool) -> None:
    """Back up, migrate and verify; the index is made anew behind."""
    from forum.ops import upgrades

    waiting = upgrades.pending()
    for revision, sentence in waiting:
        click.echo(f"{revision} {sentence}", err=True)
    if dry_run:
        click.echo(f"{len(waiting)} migrations to run, nothing was changed")
        return
    kept = upgrades.upgrade()
    click.echo(f"upgraded, backup in {kept}" if kept else "nothing to upgrade")


@click.command()
@with_appcontext
def doctor() -> None:
    """Check address, proxy, disk, database, mail, clock, jobs and index."""
    from forum.ops import doctor as checks

    findings = list(checks.examine())
    for finding in findings:
        click.echo(f"{finding.level:<5} {finding.what:<9} {finding.sentence}")
    failed = sum(finding.level == "fail" for finding in findings)
    if failed:
        raise checks.Unwell(f"Checks that failed: {failed}.")


WITHOUT_APPLICATION: tuple[click.Command, ...] = (restore,)
"""Commands that must look before an application makes its data folder."""
