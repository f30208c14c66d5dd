"""`forum doctor`: what is likely to hurt, before it does."""

from __future__ import annotations

import shutil
import smtplib
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import text

from forum.core import audit, events, health, mail, readers
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import DomainError
from forum.core.schema import schema_state
from forum.core.site import site
from forum.ops import worker
from forum.ops.server import REFUSALS, which_schema

Level = Literal["ok", "warn", "fail"]

ENOUGH_DISK = 1_000_000_000
"""Bytes; below a tenth of this the next upload may fail."""
LAG = 1000
"""Events a reader may be behind before it is worth a line."""
SKEW = timedelta(seconds=30)


class Unwell(DomainError):
    """Something has to be mended."""


class Finding(NamedTuple):
    """One line of the report."""

    level: Level
    what: str
    sentence: str


def examine() -> Iterator[Finding]:
    """All findings; without a working database only those that need none."""
    for check in PLACES:
        yield check()
    state = schema_state()
    yield _schema(state)
    if state != "ok":
        return
    for check in WITHIN:
        yield check()


def _schema(state: str) -> Finding:
    if state == "ok":
        return Finding("ok", "database", "It answers and has this version's schema.")
    return Finding("fail", "database", REFUSALS[which_schema(state)])


def _address() -> Finding:
    public = current_app.config["PUBLIC_URL"]
    if not public:
        return Finding(
            "warn", "address", "Set FORUM_PUBLIC_URL, so that unknown hosts are refused."
        )
    parts = urlsplit(public)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return Finding("fail", "address", f"FORUM_PUBLIC_URL is no address: {public}.")
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        return Finding("warn", "address", "Passwords travel unencrypted; serve over https.")
    return Finding("ok", "address", public)


def _proxy() -> Finding:
    secure = str(current_app.config["PUBLIC_URL"] or "").startswith("https://")
    proxies = current_app.config["TRUSTED_PROXIES"]
    if secure and not proxies:
        return Finding("warn", "proxy", "https needs a proxy; say so with FORUM_TRUSTED_PROXIES=1.")
    if proxies and not secure:
        return Finding("warn", "proxy", "Proxies are trusted though the address is not https.")
    return Finding("ok", "proxy", f"{proxies} trusted.")


def _disk() -> Finding:
    free = shutil.disk_usage(current_app.config["DATA_DIR"]).free
    level: Level = "ok" if free > ENOUGH_DISK else "warn" if free > ENOUGH_DISK // 10 else "fail"
    return Finding(level, "disk", f"{free // 1_000_000:,} MB free.")


def _secrets() -> Finding:
    folder: Path = current_app.config["DATA_DIR"]
    open_to_all = [
        path.name
        for path in (folder, folder / "secret-key")
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_to_all:
        return Finding(
            "warn", "folder", f"Others on this machine can read {', '.join(open_to_all)}."
        )
    return Finding("ok", "folder", "Readable by its owner only.")


def _mail() -> Finding:
    if not mail.can_mail():
        return Finding("warn", "mail", "No server is set; links are shown for copying instead.")
    parts = urlsplit(site().mail_url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(parts.hostname or "localhost", parts.port or 0, timeout=5) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Finding("fail", "mail", f"The server does not answer: {type(error).__name__}.")
    stuck = mail.stuck_mails()
    if stuck:
        return Finding("warn", "mail", f"{stuck} mails were given up on.")
    return Finding("ok", "mail", "The server answers.")


def _clock() -> Finding:
    """The database's clock against ours, and no event from the future."""
    postgres = db.engine.dialect.name == "postgresql"
    asked = "extract(epoch FROM clock_timestamp())" if postgres else "strftime('%s', 'now')"
    seconds = float(db.session.scalar(text(f"SELECT {asked}")) or 0)  # noqa: S608
    theirs = datetime.fromtimestamp(seconds, UTC)
    newest = db.session.get(events.Event, events.last_id())
    if abs(theirs - now()) > SKEW:
        return Finding("fail", "clock", "This machine and the database disagree about the time.")
    if newest is not None and newest.at > now() + SKEW:
        return Finding("fail", "clock", "The newest event lies in the future; set the clock.")
    return Finding("ok", "clock", "Right, as far as the database can tell.")


def _jobs() -> Finding:
    state = worker.state(current_app._get_current_object())  # type: ignore[attr-defined]
    if state == "ok":
        return Finding("ok", "jobs", "The jobs process is alive.")
    return Finding("warn", "jobs", "No jobs process is alive here; mail and search stand still.")


def _index() -> Finding:
    check = health.CHECKS.get("index")
    state = check() if check is not None else "none"
    level: Level = "ok" if state in ("ok", "none") else "warn"
    return Finding(level, "index", f"{state}.")


def _readers() -> Finding:
    newest = events.last_id()
    behind = [name for name in readers.READERS if newest - readers.position_of(name) > LAG]
    if behind:
        return Finding("warn", "readers", f"Far behind the log: {', '.join(sorted(behind))}.")
    return Finding("ok", "readers", f"Up with the log at event {newest}.")


def _audit() -> Finding:
    good, broken = audit.verify()
    if broken is not None:
        return Finding("fail", "audit", f"The chain is broken at event {broken}.")
    return Finding("ok", "audit", f"{good} links hold.")


PLACES: tuple[Callable[[], Finding], ...] = (_address, _proxy, _disk, _secrets)
WITHIN: tuple[Callable[[], Finding], ...] = (_mail, _clock, _jobs, _index, _readers, _audit)
