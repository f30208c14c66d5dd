"""The engine finds what Whoosh's own searcher finds, with the same scores."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query as stock_queries
from whoosh.index import open_dir

from forum.search.engine import found, lists, queries, search
from forum.search.engine.opened import read
from forum.search.engine.scoring import BM25
from forum.search.engine.search import Search
from forum.search.engine.snapshot import View
from tests.search.engine import worlds

FULL = bool(os.environ.get("FORUM_TEST_FULL"))
WORDS = ["a", "ab", "abc", "b", "ba", "c", "d", "дом", "до"]
words = st.lists(st.sampled_from(WORDS), max_size=12)
documents = st.tuples(words, words)
batches = st.lists(st.lists(documents, min_size=1, max_size=12), min_size=1, max_size=4)
fields = st.sampled_from(["title", "body"])
boosts = st.sampled_from([1.0, 0.5, 3.0])
terms = st.builds(queries.Term, fields, st.sampled_from([*WORDS, "nowhere"]), boosts)
leaves = st.one_of(
    terms,
    # Whoosh forgets a prefix's boost when only one term begins so.
    st.builds(queries.Prefix, fields, st.sampled_from(["a", "ab", "д", "x"])),
    st.builds(
        queries.Phrase,
        st.just("body"),
        st.lists(st.sampled_from(WORDS), min_size=2, max_size=3, unique=True).map(tuple),
        boosts,
    ),
)


def _grown(inner: Any) -> Any:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        st.builds(queries.All, several),
        st.builds(queries.Any, several),
        st.builds(queries.Without, inner, inner),
        st.builds(queries.Preferring, inner, inner),
    )


asked = st.recursive(leaves, _grown, max_leaves=6)


def as_whoosh(query: queries.Query) -> Any:
    """The same query for Whoosh."""
    match query:
        case queries.Term(field, text, boost):
            return stock_queries.Term(field, text, boost=boost)
        case queries.Prefix(field, text, boost):
            return stock_queries.Prefix(field, text, boost=boost, constantscore=False)
        case queries.Phrase(field, texts, boost):
            return stock_queries.Phrase(field, list(texts), boost=boost)
        case queries.All(parts) | queries.Any(parts):
            joined = stock_queries.And if isinstance(query, queries.All) else stock_queries.Or
            return joined([as_whoosh(part) for part in parts])
        case queries.Preferring(wanted, liked):
            return stock_queries.AndMaybe(as_whoosh(wanted), as_whoosh(liked))
        case _:
            raise TypeError(query)


def theirs(made: Any, query: queries.Query) -> dict[int, float]:
    """What Whoosh finds when it looks at everything.

    Whoosh's own AndNot never asks whether its first document is unwanted, Not loses documents
    deeper in a query, and AndMaybe forgets there what is liked: where it is told to skip, that part
    stays behind. What is asked so is put together from Whoosh's answers to its parts.
    """
    match query:
        case queries.Without(wanted, unwanted):
            without = theirs(made, unwanted)
            return {d: s for d, s in theirs(made, wanted).items() if d not in without}
        case queries.All(parts) | queries.Any(parts) if _is_taken_apart(query):
            found = [theirs(made, part) for part in parts]
            docs = (set.intersection if isinstance(query, queries.All) else set.union)(
                *(set(part) for part in found)
            )
            return {doc: sum(part.get(doc, 0.0) for part in found) for doc in docs}
        case queries.Preferring(wanted, liked) if _is_taken_apart(query):
            more = theirs(made, liked)
            return {d: s + more.get(d, 0.0) for d, s in theirs(made, wanted).items()}
    with made.searcher() as searcher:
        hits = searcher.search(as_whoosh(query), limit=None, optimize=False)
        return {hit.docnum: hit.score for hit in hits}


def _is_taken_apart(query: queries.Query) -> bool:
    told = repr(query)
    return "Without(" in told or "Preferring(" in told[1:]


def ours(made: Any, query: queries.Query, *, large: bool = False) -> dict[int, float]:
    """What the engine finds; or what it finds in the ways that it takes where there is much."""
    view = View(read(made, worlds.PLAN, {}), BM25(), stock=True)
    with pytest.MonkeyPatch.context() as patch:
        if large:
            patch.setattr(search, "MANY", 1)
            patch.setattr(found, "RARE", 0)
            patch.setattr(lists, "RARE", 0)
        docs, scores = Search(view).find(query)
    return dict(zip(docs.tolist(), scores.tolist(), strict=True))


@contextmanager
def without_arrays(folder: Path) -> Iterator[None]:
    """As long as this lasts the arrays are lost."""
    paths = list(folder.glob("*.arrays"))
    for path in paths:
        path.rename(path.with_suffix(".away"))
    yield
    for path in paths:
        path.with_suffix(".away").rename(path)


@given(found=batches, wanted=st.lists(asked, min_size=10, max_size=10), data=st.data())
@settings(max_examples=100 if FULL else 20, deadline=None)
def test_the_same_documents_with_the_same_scores(found, wanted, data) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = worlds.ours(folder, *found)
        count = sum(len(batch) for batch in found)
        gone = data.draw(st.sets(st.integers(0, count - 1), max_size=count // 2))
        worlds.add(made, [], gone=sorted(gone))
        made = open_dir(name)

        for query in wanted:
            expected = pytest.approx(theirs(made, query), rel=1e-5)

            assert ours(made, query) == expected, query
            assert ours(made, query, large=True) == expected, query
            with without_arrays(folder):
                assert ours(made, query) == expected, query
                assert ours(made, query, large=True) == expected, query
