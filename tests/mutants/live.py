"""Changing the code of the running forum: the functions it already holds get other code objects.

So one process, which has imported everything once, can try many mutants in forks of itself.
"""

from __future__ import annotations

import ast
import builtins
import functools
import gc
import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

reached: set[str] = set()
SLOW_TO_FILL = ("forum.core.words",)


class Noting(ast.NodeTransformer):
    """Makes every function of a file note that it was called."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.stack: list[str] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        self.stack.append(node.name)
        self.generic_visit(node)
        self.stack.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.stack.append(node.name)
        self.generic_visit(node)
        place = f"{self.file}::{'.'.join(self.stack)}"
        note = ast.parse(f"__forum_reached__({place!r})").body[0]
        for part in ast.walk(note):
            ast.copy_location(part, node.body[0])
        node.body.insert(0, note)
        self.stack.pop()
        return node


def note_calls(root: Path) -> list[str]:
    """From now on `reached` holds every function of the forum that is called; the files noted."""
    builtins.__forum_reached__ = reached.add  # type: ignore[attr-defined]
    for module in pkgutil.walk_packages([str(root / "forum")], "forum."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    functions = living()
    for path in (root / "forum").rglob("*.py"):
        source = path.read_text()
        tree = Noting(path.relative_to(root).as_posix()).visit(ast.parse(source))
        swap(functions.get(str(path), ()), source, compile(tree, str(path), "exec"))
    return [Path(name).relative_to(root).as_posix() for name in functions if str(root) in name]


def mutate(path: Path, source: str, mutated: str) -> None:
    """Let the running forum behave as if `path` held `mutated`. Raises ValueError if it cannot."""
    swap(living().get(str(path), ()), source, compile(mutated, str(path), "exec"))
    forget()


def living() -> dict[str, list[FunctionType]]:
    """Every function this process holds, by its file."""
    found: dict[str, list[FunctionType]] = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType):
            found[each.__code__.co_filename].append(each)
    return found


def swap(functions: Iterable[FunctionType], source: str, module: CodeType) -> None:
    """Give the functions of a file their counterparts from another compilation of it."""
    fresh = dict(_named(module))
    before = _named(compile(source, module.co_filename, "exec"))
    by_line = {(code.co_qualname, code.co_firstlineno): name for name, code in before}
    for function in functions:
        code = function.__code__
        name = by_line.get((code.co_qualname, code.co_firstlineno))
        if name in fresh:
            function.__code__ = fresh[name]


def _named(module: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """Every code object inside, by its name and its turn among those of the same name."""
    turns: dict[str, int] = {}
    left = [module]
    while left:
        code = left.pop()
        turn = turns[code.co_qualname] = turns.get(code.co_qualname, -1) + 1
        yield (code.co_qualname, turn), code
        left += [each for each in reversed(code.co_consts) if isinstance(each, CodeType)]


def forget() -> None:
    """Empty what functions of the forum remember of earlier calls."""
    for kept in _memories():
        kept.cache_clear()


@functools.cache
def _memories() -> list[Any]:
    kinds = functools._lru_cache_wrapper
    found = [each for each in gc.get_objects() if isinstance(each, kinds)]
    named = [(getattr(each, "__module__", "") or "", each) for each in found]
    return [
        each
        for module, each in named
        if module.startswith("forum.") and not module.startswith(SLOW_TO_FILL)
    ]
