"""Where the forum's rules stand in its source, and what each looks like when it is broken."""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

SKIPPED = ("forum/demo/", "forum/core/richtext/", "forum/core/words/", "forum/core/config.py")
HIDING = re.compile(
    r"visible|listed|scope|hidden|draft|delet|deactivat|erased|archiv|present|findable|touches"
    r"|open_version|edited_by|may_own|can_|is_active|until|expire|read_at|stage_kind|\.state\b",
    re.IGNORECASE,
)
IDENTITY = re.compile(r"[\w.]+\.(id|\w+_id) == [\w.]+(\(.*\))?\Z", re.DOTALL)
CHECKS = re.compile(r"_?(check|refuse|ensure|assert|validate|hold|forbid|throttle)\w*\Z")
LOST = 'getattr(__import__("tests.mutants.lost", fromlist=["lost"]), "lost")()'


@dataclass(frozen=True, slots=True)
class Mutant:
    """One rule broken: where, what it was, and what stands there instead."""

    file: str
    line: int
    kind: str
    inside: str
    was: str
    becomes: str
    start: int
    end: int
    turn: int = 0

    @property
    def feature(self) -> str:
        """The package the rule belongs to."""
        return self.file.split("/")[1].removesuffix(".py")

    @property
    def key(self) -> str:
        """A name that survives changes elsewhere in the file."""
        what = "|".join((self.file, self.inside, self.kind, self.was, self.becomes, str(self.turn)))
        return hashlib.sha256(what.encode()).hexdigest()[:12]

    def applied_to(self, source: str) -> str:
        """The file with this rule broken."""
        return source[: self.start] + self.becomes + source[self.end :]

    def in_words(self) -> str:
        """What was changed, on one line."""
        after = {"commit": "what is written is lost"}.get(self.kind, _flat(self.becomes))
        return f"{_flat(self.was)} → {after or 'nothing'}"


def _flat(code: str) -> str:
    line = re.sub(r"\s+", " ", code).replace("( ", "(").replace(" )", ")")
    return line if len(line) <= 90 else f"{line[:87]}…"


def all_mutants(root: Path) -> list[Mutant]:
    """Every mutant there is, file by file."""
    found: list[Mutant] = []
    for path in sorted((root / "forum").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if not name.startswith(SKIPPED):
            found += Finder(name, path.read_text()).mutants()
    return found


class Finder(ast.NodeVisitor):
    """Walks one file and collects its mutants."""

    def __init__(self, file: str, source: str) -> None:
        self.file, self.source = file, source
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.lines = source.splitlines()
        self.stack: list[str] = []
        self.found: list[Mutant] = []

    def mutants(self) -> list[Mutant]:
        """The file's mutants; same ones are told apart by their turn."""
        self.visit(ast.parse(self.source))
        seen: Counter[str] = Counter()
        for at, mutant in enumerate(self.found):
            self.found[at] = replace(mutant, turn=seen[mutant.key])
            seen[mutant.key] += 1
        return self.found

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for decorator in node.decorator_list:
            self._decorator(decorator)
        self.stack.append(node.name)
        self._policy(node)
        for part in node.body:
            self.visit(part)
        self.stack.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.stack.append(node.name)
        self.generic_visit(node)
        self.stack.pop()

    def visit_Expr(self, node: ast.Expr) -> None:
        name = _called(node.value)
        if name in ("require", "require_visible"):
            self._add("require", node, "pass")
        elif name == "record":
            self._add("record", node, "pass")
        elif name and CHECKS.match(name):
            self._add("check", node, "pass")
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        if len(node.body) == 1 and isinstance(node.body[0], ast.Raise) and not node.orelse:
            self._add("refusal", node.test, "False")
        self.generic_visit(node)

    def visit_With(self, node: ast.With) -> None:
        for item in node.items:
            if _called(item.context_expr) == "transaction":
                self._add("commit", item.context_expr, LOST)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "where":
            changes = _root(node.func.value) in ("update", "delete")
            self._conditions(node, "guard" if changes else "where")
        elif _called(node) == "and_":
            self._conditions(node, "where")
        self.generic_visit(node)

    def _conditions(self, node: ast.Call, kind: str) -> None:
        for dropped in node.args:
            text = self._text(dropped)
            if not (HIDING.search(text) if kind == "where" else not IDENTITY.match(text)):
                continue
            left = [self._text(each) for each in node.args if each is not dropped]
            if not left and _called(node) == "and_":
                continue
            start, end = self._at(node.args[0])[0], self._at(node.args[-1])[1]
            mutant = self._mutant(kind, dropped, "")
            changed = replace(mutant, start=start, end=end, becomes=", ".join(left))
            self.found.append(changed)

    def _policy(self, node: ast.FunctionDef) -> None:
        if not (self.file.endswith("policy.py") or node.name.startswith(("may_", "_may_"))):
            return
        for part in ast.walk(node):
            if isinstance(part, ast.BoolOp) and isinstance(part.op, ast.And):
                for dropped in part.values:
                    self._add("policy", dropped, "True")
            if isinstance(part, ast.Return) and part.value and _returns(node) == "bool":
                self._add("policy", part.value, "True")

    def _decorator(self, node: ast.expr) -> None:
        if isinstance(node, ast.Name) and node.id in ("admins_only", "moderators_only", "no_store"):
            self._add("access", node, "(lambda view: view)")

    def _add(self, kind: str, node: ast.AST, becomes: str) -> None:
        if self._text(node) != becomes:
            self.found.append(self._mutant(kind, node, becomes))

    def _mutant(self, kind: str, node: ast.AST, becomes: str) -> Mutant:
        start, end = self._at(node)
        inside, was = ".".join(self.stack), self.source[start:end]
        line: int = node.lineno  # type: ignore[attr-defined]
        return Mutant(self.file, line, kind, inside, was, becomes, start, end)

    def _text(self, node: ast.AST) -> str:
        start, end = self._at(node)
        return self.source[start:end]

    def _at(self, node: ast.AST) -> tuple[int, int]:
        return (
            self._offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self._offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def _offset(self, line: int, column: int) -> int:
        before = self.lines[line - 1].encode()[:column].decode()
        return self.starts[line - 1] + len(before)


def _called(node: ast.AST) -> str:
    """The last name of what is called, or nothing."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def _root(node: ast.AST) -> str:
    """The name a chain of calls begins with."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id
        node = node.func if isinstance(node, ast.Call) else node.value
    return ""


def _returns(node: ast.FunctionDef) -> str:
    return ast.unparse(node.returns) if node.returns else ""


def drawn(mutants: list[Mutant], seed: int) -> Iterator[Mutant]:
    """All of them in an order drawn by the seed: kinds in turn, features evenly within a kind."""
    import random

    chance = random.Random(seed)
    pools: dict[str, list[Mutant]] = {}
    for mutant in chance.sample(mutants, len(mutants)):
        pools.setdefault(mutant.kind, []).append(mutant)
    taken: Counter[str] = Counter()
    while pools:
        for kind in sorted(pools):
            pool = pools[kind]
            chosen = min(pool, key=lambda each: taken[each.feature])
            pool.remove(chosen)
            taken[chosen.feature] += 1
            yield chosen
        pools = {kind: pool for kind, pool in pools.items() if pool}
