"""Build the wheel, install it away from the checkout, make the demo and answer one request.

The wheel's list of files has to be git's: what is ignored or forgotten is found here.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUNDLED = ("templates", "static", "migrations")


def main() -> None:
    """Run the whole check in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="forum-wheel-") as name:
        place = Path(name)
        wheel = build(place / "dist")
        compare(wheel)
        python = install(place / "venv", wheel)
        try_it(python, place / "empty")
    print("the wheel holds what git holds, and serves the demo from an empty folder")


def build(target: Path) -> Path:
    """A wheel from the files of the checkout."""
    tools = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target)]
    subprocess.run([*tools, str(ROOT)], check=True, stdout=subprocess.DEVNULL)
    (wheel,) = target.glob("*.whl")
    return wheel


def compare(wheel: Path) -> None:
    """The wheel's files against git's."""
    listed = subprocess.run(
        ["git", "ls-files", "forum", *BUNDLED], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\n")
    wanted = {in_wheel(name) for name in listed if name}
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    if held != wanted:
        sys.exit(
            f"only in the wheel: {sorted(held - wanted)}\nonly in git: {sorted(wanted - held)}"
        )


def in_wheel(name: str) -> str:
    """Where a file of the repository lies in the wheel."""
    return f"forum/_bundle/{name}" if name.startswith(BUNDLED) else name


def install(folder: Path, wheel: Path) -> Path:
    """A clean environment with the wheel in it."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    pinned = ROOT / "requirements.lock"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--constraint", pinned, wheel], check=True
    )
    return python


def try_it(python: Path, folder: Path) -> None:
    """`forum demo`, then `forum serve`, with no checkout in sight."""
    folder.mkdir()
    forum = python.with_name("forum")
    plain = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
    settings = {**plain, "FORUM_DATA_DIR": str(folder / "data")}
    subprocess.run([forum, "demo", "--no-serve"], cwd=folder, env=settings, check=True)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    server = subprocess.Popen(
        [forum, "serve", "--port", str(port), "--workers", "1"],
        cwd=folder,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        address = server.stdout.readline().removeprefix("Listening on ").strip()
        with urllib.request.urlopen(f"{address}/sign-in", timeout=10) as answer:
            page = answer.read().decode()
        assert "csrf_token" in page, page[:500]
    finally:
        server.terminate()
        server.wait(30)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
