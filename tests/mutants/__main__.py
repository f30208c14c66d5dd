"""`python -m tests.mutants`: break fifty rules, one at a time, and see which test notices."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.plan import NEVER, RARELY, Known, Outcome, Task
from tests.mutants.sites import Mutant, all_mutants, drawn

ROOT = Path(__file__).parents[2]
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
PATIENCE = 600
"""Seconds after which tests that a mutant was tried on afresh count as hung."""
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not browser")


def main() -> None:
    """Draw, try, and print the table."""
    asked = _asked()
    work = Path(asked.work)
    tree = _copied(work / "tree")
    known = Known(work, tree)
    mutants = [each for each in drawn(all_mutants(tree), asked.seed) if each.key not in EQUIVALENT]
    chosen = list(islice(mutants, asked.count))
    if asked.only is not None:
        chosen = [mutant for mutant in chosen if mutant.key in asked.only]
    _try_all(known, chosen, far=asked.everywhere)
    _print(known, chosen, far=asked.everywhere)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="which draw (1)")
    parser.add_argument("--count", type=int, default=50, help="how many mutants (50)")
    parser.add_argument("--only", nargs="*", help="only these keys of the draw")
    parser.add_argument(
        "--everywhere",
        action="store_true",
        help="try what the tests near its feature let live on all others but browser ones, too",
    )
    default = Path(tempfile.gettempdir()) / "counterpart-mutants"
    parser.add_argument("--work", default=default, help=f"where verdicts are kept ({default})")
    return parser.parse_args()


def _copied(tree: Path) -> Path:
    """A copy of the checkout; mutants are applied nowhere else."""
    shutil.rmtree(tree, ignore_errors=True)
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in listed.rstrip("\0").split("\0"):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    return tree


def _try_all(known: Known, mutants: list[Mutant], *, far: bool) -> None:
    """Decide what is not known yet: in forks of one process where that is enough, else afresh."""
    new = [mutant for mutant in mutants if known.verdict(mutant, far=far) is None]
    live = [Task(mutant, far) for mutant in new if not _acts_early(mutant)]
    known.ask(live)
    if live:
        _run(known, ["-p", "tests.mutants.trial", *_folders(known.tree, far=far)])
    for mutant in new:
        outcome = known.verdict(mutant, far=far)
        if outcome is None or outcome.verdict == "unreached":
            _afresh(known, Task(mutant, far))


def _acts_early(mutant: Mutant) -> bool:
    """Whether it acts while the forum is imported or put together, or in processes of its own."""
    return not mutant.inside or mutant.inside == "install" or mutant.feature == "ops"


def _folders(tree: Path, *, far: bool) -> list[str]:
    left_out = NEVER if far else {*NEVER, *RARELY} - {"core"}
    folders = (path.parent.name for path in tree.glob("tests/*/test_*.py"))
    return [f"tests/{name}" for name in sorted({*folders} - {*left_out})]


def _run(known: Known, arguments: list[str], patience: float | None = None) -> str:
    """Run pytest in the copy, from which `forum` is imported too; its output."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(known.tree),
        "PYTHONDONTWRITEBYTECODE": "1",
        "FORUM_TEST_DATABASES": "sqlite",
        "MUTANTS_WORK": str(known.work),
    }
    command = ["nice", "-n", "15", sys.executable, *PYTEST, *arguments]
    output = known.work / "last.txt"
    with output.open("w") as file:
        child = subprocess.Popen(
            command, cwd=known.tree, env=environment, stdout=file, stderr=file, process_group=0
        )
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            print("\nFAILED (hung)", file=file)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
    return output.read_text()


def _afresh(known: Known, task: Task) -> None:
    """Try a mutant that acts while the forum is made: in processes that begin with it."""
    path = known.tree / task.mutant.file
    source = path.read_text()
    files = sorted(f"tests/{p.parent.name}/{p.name}" for p in known.tree.glob("tests/*/test_*.py"))
    path.write_text(task.mutant.applied_to(source))
    wanted = known.order(task.mutant, files, far=task.far)
    try:
        found = FAILED.search(_run(known, ["-x", *wanted], PATIENCE))
    finally:
        path.write_text(source)
    killer = found.group(1) if found else ""
    if "::" in killer and FAILED.search(_run(known, [killer])):
        raise SystemExit(f"{killer} fails without any mutant; see {known.work / 'last.txt'}")
    known.decided(task, Outcome(task.mutant.key, "killed" if killer else "survived", killer))


def _print(known: Known, mutants: list[Mutant], *, far: bool) -> None:
    killed = 0
    for mutant in mutants:
        outcome = known.verdict(mutant, far=far) or Outcome(mutant.key, "unknown")
        killed += outcome.verdict == "killed"
        became = f"killed by {outcome.by}" if outcome.verdict == "killed" else outcome.verdict
        print(f"{mutant.key}  {mutant.kind:8} {mutant.file}:{mutant.line}  {mutant.in_words()}")
        print(f"{'':14}{became}")
    print(f"killed {killed} of {len(mutants)}")


if __name__ == "__main__":
    main()
