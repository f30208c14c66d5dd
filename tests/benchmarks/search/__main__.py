"""How long a search takes, beside SQLite's FTS5 and tantivy over the same words.

`python -m tests.benchmarks.search DATA [--documents 10000 100000] [--queries 200] [--keep FOLDER]`

Documents are put together from the texts of DATA. All engines are given the same dictionary forms,
filters and facets, are asked for the best twenty and an exact count, and for a common term count
all seven facets. Cold: each query is asked once, nothing of it is in the process's caches, while
the files are in the system's; warm: asked again.
Both in three rounds, of which the middle time of each query counts.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.search.asked import KINDS, Asked, queries
from tests.benchmarks.search.corpus import documents, lemmas
from tests.benchmarks.search.others import Fts5, Tantivy
from tests.benchmarks.search.ours import Ours

SAMPLE = 3_000
ROUNDS = 3
Took = dict[str, list[float]]


def timed(ask: Callable[[Asked], int], asked: Sequence[Asked]) -> Took:
    """Milliseconds of each query by kind."""
    took: Took = {}
    for one in asked:
        began = time.perf_counter()
        ask(one)
        took.setdefault(one.kind, []).append(1000 * (time.perf_counter() - began))
    return took


def main() -> None:
    """Fill what is missing, ask, print; each size in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--documents", type=int, nargs="+", default=[100_000])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="folder to keep the indexes in")
    parser.add_argument("--only-ours", action="store_true")
    options = parser.parse_args()
    for count in options.documents:
        with tempfile.TemporaryDirectory() as temporary:
            folder = (options.keep or Path(temporary)) / str(count)
            _measure(folder, count, options)


def _measure(folder: Path, count: int, options: argparse.Namespace) -> None:
    print(f"\n{count:,} documents".replace(",", " "), flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    ours = Ours(folder)
    if ours.shelf.current() is None:
        _build(ours, options.data, count)
    others: list[Any] = [] if options.only_ours else [Fts5(folder), Tantivy(folder)]
    for other in others:
        if not (folder / f"{other.name}.done").exists():
            other.fill((d, lemmas(d)) for d in documents(options.data, count))
            (folder / f"{other.name}.done").touch()
    ours.open()
    sample = [lemmas(d) for d in documents(options.data, min(count, SAMPLE))]
    asked = list(queries(sample, cache(ours.share), options.queries))
    _read_all(folder)
    results = {}
    for engine in (ours, *others):
        cold, warm = _rounds(engine, asked)
        results[f"{engine.name}, cold"], results[f"{engine.name}, warm"] = cold, warm
    _table(results)


def _rounds(engine: Any, asked: Sequence[Asked]) -> tuple[Took, Took]:
    """Cold and warm: of each query the middle one of all rounds, each with the engine opened anew.

    A machine that others use too is now and then busy for a moment, with whichever query.
    """
    cold, warm = [], []
    for _round in range(ROUNDS):
        engine.open()
        cold.append(timed(engine.ask, asked))
        warm.append(timed(engine.ask, asked))
    return _middle(cold), _middle(warm)


def _middle(rounds: Sequence[Took]) -> Took:
    return {kind: np.median([took[kind] for took in rounds], axis=0).tolist() for kind in rounds[0]}


def _build(ours: Ours, data: Path, count: int) -> None:
    found = list(documents(data, count))
    began = time.perf_counter()
    ours.fill(iter(found))
    took = time.perf_counter() - began
    print(f"built in {took:.1f} s, {count / took:,.0f} documents a second", flush=True)


def _read_all(folder: Path) -> None:
    """Have the system keep all files at hand."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                while file.read(1 << 22):
                    pass


def _table(results: dict[str, Took]) -> None:
    print(f"{'ms p50/p95':12}", *(f"{name:>15}" for name in results), end="")
    others = [name for name in results if name.endswith("cold") and not name.startswith("ours")]
    print(*(f"{'p95: x ' + name.split(',')[0]:>15}" for name in others))
    for kind in KINDS:
        print(f"{kind:12}", *(_pair(found[kind]) for found in results.values()), end="")
        own = np.percentile(results["ours, cold"][kind], 95)
        ratios = (own / np.percentile(results[name][kind], 95) for name in others)
        print(*(f"{ratio:15.2f}" for ratio in ratios), flush=True)


def _pair(took: Sequence[float]) -> str:
    middle, high = np.percentile(took, (50, 95))
    return f"{middle:8.2f}/{high:6.2f}"


if __name__ == "__main__":
    main()
