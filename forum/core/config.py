"""Every setting of the process: name, environment variable, default, one sentence.

What an administrator changes while the forum runs lives in the database (`forum/admin`); the
environment wins over it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from forum.core.limits import FILES, FILES_A_DAY, UPLOAD

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent

MODULES = (
    "map",
    "surveys",
    "training",
    "thanks",
    "insights",
    "campaigns",
    "scorecards",
    "anonymous",
)


class BadSetting(ValueError):
    """An environment variable that cannot be understood."""


def in_checkout() -> bool:
    """Whether the package runs from a source tree rather than from a wheel."""
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "templates").is_dir()


def bundled(folder: str) -> Path:
    """Where `templates`, `static` or `migrations` lie, in a checkout or in a wheel."""
    return CHECKOUT / folder if in_checkout() else PACKAGE / "_bundle" / folder


def default_data_dir() -> Path:
    """`./data` in a checkout, else the place the XDG rules name."""
    if in_checkout():
        return CHECKOUT / "data"
    share = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(share) / "forum"


ON, OFF = frozenset({"on", "1", "true", "yes"}), frozenset({"off", "0", "false", "no"})


def switch(value: str) -> bool:
    """`on 1 true yes` or `off 0 false no`; a slip is refused rather than taken for off."""
    word = value.strip().lower()
    if word not in ON | OFF:
        raise ValueError(f"{value!r} is neither on nor off")
    return word in ON


def words(value: str) -> tuple[str, ...]:
    """A list written with commas or spaces."""
    return tuple(value.replace(",", " ").split())


def modules(value: str) -> frozenset[str]:
    """Names of modules; `all` is every one, `none` or nothing is none. Unknown ones are refused."""
    wanted = {"all": MODULES, "none": ()}.get(value.strip(), words(value))
    unknown = set(wanted) - set(MODULES)
    if unknown:
        raise ValueError(f"unknown modules: {', '.join(sorted(unknown))}")
    return frozenset(wanted)


def mail_url(value: str) -> str:
    """Where the mail server is. Raises ValueError, without what may be a password."""
    try:
        parts = urlsplit(value)
        known = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise ValueError("this is not smtp://user:password@host:port")
    return value


def amount(value: str) -> int:
    """A whole number of at least one."""
    number = int(value)
    if number < 1:
        raise ValueError("this has to be at least 1")
    return number


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; the environment variable is its name with `FORUM_` before it."""

    name: str
    parse: Callable[[str], Any]
    default: Any
    sentence: str
    empty_counts: bool = False
    """Whether a variable that is set to nothing says something; else it is as if not set."""

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"FORUM_{self.name}"


SETTINGS = (
    Setting("DATA_DIR", Path, None, "Folder of the database, index, uploads and secret key."),
    Setting("DATABASE_URL", str, None, "SQLAlchemy address; SQLite in the data folder by default."),
    Setting("REDIS_URL", str, None, "Redis for jobs when more than one machine serves the forum."),
    Setting("SECRET_KEY", str, None, "Signs cookies; made once in the data folder by default."),
    Setting("SITE_NAME", str, None, "Name of the forum; locks the one set by the administrator."),
    Setting("PUBLIC_URL", str, None, "Address people use; other hosts are then refused."),
    Setting("TRUSTED_PROXIES", int, 0, "How many reverse proxies in front set X-Forwarded-*."),
    Setting(
        "MODULES",
        modules,
        None,
        "Modules switched on (`all`, names, or empty for none); locks the page.",
        empty_counts=True,
    ),
    Setting(
        "MAIL_URL", mail_url, None, "smtp://user:password@host:port; without it nothing is mailed."
    ),
    Setting("UPLOAD_MB", amount, UPLOAD.value // 1_000_000, "Largest file people may send, in MB."),
    Setting("FILES_PER_TEXT", amount, FILES.value, "Most documents that one text may bring along."),
    Setting("FILES_PER_DAY", amount, FILES_A_DAY.value, "Most files one person may send in a day."),
    Setting("RATE_LIMITS", switch, True, "`off` switches every throttle off, for tests only."),
    Setting(
        "READ_ONLY",
        switch,
        None,
        "`on` refuses every change while the forum is moved; `on` or `off` locks the switch.",
    ),
    Setting("DEVELOPMENT", switch, False, "`on` shows /styleguide and reloads templates."),
    Setting("LOG_LEVEL", str, "INFO", "How much is logged: DEBUG, INFO, WARNING, ERROR."),
)


def as_markdown() -> str:
    """The table of settings in docs/operations.md, which a test holds to it."""
    rows = [
        f"| `{each.variable}` | {_shown(each.default)} | {each.sentence} |" for each in SETTINGS
    ]
    return "\n".join(["| variable | default | what it does |", "|---|---|---|", *rows])


def _shown(default: Any) -> str:
    if default is None:
        return ""
    return ("off", "on")[default] if isinstance(default, bool) else str(default)


def load(
    environment: Mapping[str, str] | None = None, overrides: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """All settings, `overrides` (tests) before the environment before the defaults.

    Raises BadSetting naming the variable that cannot be understood.
    """
    environment = os.environ if environment is None else environment
    values = {setting.name: _read(setting, environment) for setting in SETTINGS}
    values.update(overrides or {})
    values["DATA_DIR"] = Path(values["DATA_DIR"] or default_data_dir()).absolute()
    values["DATABASE_URL"] = _database_url(values)
    return values


def _read(setting: Setting, environment: Mapping[str, str]) -> Any:
    raw = environment.get(setting.variable, "").strip()
    if not raw and not (setting.empty_counts and setting.variable in environment):
        return setting.default
    try:
        return setting.parse(raw)
    except ValueError as error:
        raise BadSetting(f"{setting.variable}: {error}") from error


def _database_url(values: Mapping[str, Any]) -> str:
    url = values["DATABASE_URL"] or f"sqlite:///{values['DATA_DIR'] / 'forum.sqlite3'}"
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return str(url)


def secret_key(data_dir: Path) -> str:
    """The key in the data folder, made on first use, readable by its owner only."""
    path = data_dir / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


if __name__ == "__main__":
    print(as_markdown())  # noqa: T201 -- this is what the command is for
