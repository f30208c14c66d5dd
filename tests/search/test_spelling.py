"""What was mistyped is put right, and nothing is offered that would not be found."""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.core.words import lemmas, stop_words
from forum.core.words.transliteration import sound
from forum.search import indexer, vocabulary
from forum.search.documents import Document
from forum.search.engine import arrays
from forum.search.engine.opened import read
from forum.search.engine.search import Search
from forum.search.engine.snapshot import View
from forum.search.follower import catch_up
from forum.search.ranking import FORMULA
from forum.search.schema import PLAN
from forum.search.shelf import Position, Shelf, open_index
from forum.search.spelling import suggest
from forum.search.vocabulary import Vocabulary
from tests.support import make
from tests.support.server import wait_until

COLLECTIONS = ("office-dup", "xquad-ru", "similar-meta-bicycles-se")
COMMON = 200
A_COLLECTION = 2_000
"""Documents read of each."""
LETTERS = {"ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя", "en": "abcdefghijklmnopqrstuvwxyz"}


def index(folder: Path, documents: Iterator[Document]) -> Search:
    """A search over documents for somebody who sees all of them."""
    target = Shelf(folder / "index")
    build = target.new_build()
    indexer.fill(build, Position("spelling", 0), documents)
    return Search(View(read(open_index(build), PLAN, {}), FORMULA))


def texts(data: Path) -> Iterator[str]:
    """The texts of the collections, or invented ones with as many words where there are none."""
    if (data / "ir").is_dir():
        for name in COLLECTIONS:
            lines = (data / "ir" / name / "docs.jsonl").read_text(encoding="utf-8")
            for row in map(json.loads, filter(None, lines.split("\n")[:A_COLLECTION])):
                yield f"{row.get('title') or ''} {row['text']}"
        return
    chance = random.Random(3)
    words = [
        "".join(chance.choices(letters, k=chance.randint(4, 12)))
        for letters in LETTERS.values()
        for _each in range(3_000)
    ]
    for _document in range(1_500):
        yield " ".join(words[int(chance.paretovariate(0.4)) % len(words)] for _each in range(40))


@pytest.fixture(scope="module")
def spelled(tmp_path_factory, data):
    """A search over the collections, and the words that are common in them."""
    bodies = list(texts(data))
    documents = (Document("idea", n, "", body) for n, body in enumerate(bodies, 1))
    counts = Counter(
        word
        for body in bodies
        for word in set(re.findall("[а-я]{4,}|[a-z]{4,}", body.lower().replace("ё", "е")))
    )
    stops = stop_words("ru") | stop_words("en")
    common = [word for word, _count in counts.most_common(10_000) if word not in stops]
    return index(tmp_path_factory.mktemp("spelling"), documents), common


def damaged(word: str, chance: random.Random) -> str:
    """A word with one letter left out, put in, changed, or swapped with its neighbour."""
    letters = LETTERS["en" if word.isascii() else "ru"]
    at = chance.randrange(len(word) - 1)
    new = chance.choice(letters)
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + new + word[at:],
            word[:at] + new + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )


def unknown(search: Search, word: str, times: int, chance: random.Random) -> str:
    """The word damaged so often, as nothing in the index is written."""
    from forum.search.engine.queries import Term

    while True:
        wrong = word
        for _each in range(times):
            wrong = damaged(wrong, chance)
        if not len(search.find(Term("exact", wrong)).docs):
            return wrong


@pytest.mark.parametrize(("mistakes", "shortest", "share"), [(1, 4, 0.9), (2, 7, 0.8)])
def test_mistyped_words_are_put_right(spelled, mistakes, shortest, share, monkeypatch):
    monkeypatch.setattr(vocabulary, "WAITED_FOR", 10**9)
    search, common = spelled
    chance = random.Random(20)
    long_enough = [word for word in common if len(word) >= shortest]
    words = [w for w in long_enough if w.isascii()][: COMMON // 2]
    words += [w for w in long_enough if not w.isascii()][: COMMON // 2]

    asked = [(word, unknown(search, word, mistakes, chance)) for word in words]
    offered = [(word, wrong, suggest(search, wrong) or wrong) for word, wrong in asked]
    wrong = [one for one in offered if not set(lemmas(one[0])) & set(lemmas(one[2]))]

    assert len(words) == COMMON
    assert len(wrong) <= (1 - share) * len(words), wrong


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [
        ("ghbrfp", "приказ"),
        ("руддщ", "hello"),
        ("ghbrfp директора", "приказ директора"),
        ("ghbrfp b ljujdjh", "приказ и договор"),
        ("приказ ltgfhnfvtynf", "приказ департамента"),
        ("[jkjlbkmybr", "холодильник"),
        ("soglasovanie", "согласование"),
        ("soglasovaniye dogovora", "согласование договора"),
        ("zayavka", "заявка"),
        ("zajavka", "заявка"),
        ("zaiavka", "заявка"),
        ("otpusk", "отпуск"),
        ("schet", "счет"),
        ("holodilnik", "холодильник"),
        ("kholodilnik", "холодильник"),
        ("departamenta", "департамента"),
        ("инвойсес", None),
        ("принтер", "printer"),
        ("согласованиедоговора", "согласование договора"),
        ("до говор", "договор"),
        ("сагласование", "согласование"),
        ("соглосовоние", "согласование"),
        ("отпсук", "отпуск"),
        ("priner", "printer"),
        ("xyzzyplugh", None),
        ("приказ", None),
    ],
)
def test_what_was_meant(app, sign_in, query, suggestion):
    make.idea(app, title="Согласование договора: приказ и заявка директора департамента")
    make.idea(app, title="Hello, printer", problem="Отпуск, счёт, холодильник и договор.")
    make.idea(app, title="Приказ и договор", problem="Холодильник.")
    make.idea(app, title="Приказ", problem="Приказ.")
    catch_up(app)

    assert sign_in().json("/search", query_string={"q": query})["suggestion"] == suggestion


def test_a_mistake_that_somebody_made_before_is_still_one(app, sign_in):
    author = make.person(app)
    for number in range(12):
        make.idea(app, author, title=f"Согласование {number}")
    make.idea(app, author, title="Согласовние")
    catch_up(app)
    browser = sign_in()

    assert browser.json("/search?q=согласовние")["suggestion"] == "согласование"
    assert browser.json("/search?q=согласование")["suggestion"] is None


def test_a_suggestion_finds_what_it_promises(app, sign_in):
    make.idea(app, title="Invoices of suppliers")
    make.idea(app, title="Forklift")
    catch_up(app)
    browser = sign_in()

    suggestion = browser.json("/search?q=inovices+supliers")["suggestion"]
    answer = browser.json("/search", query_string={"q": suggestion})

    assert suggestion == "invoices suppliers"
    assert answer["hits"][0]["title"] == "Invoices of suppliers"


@pytest.mark.parametrize(
    "spellings",
    [
        "заявка zayavka zajavka zaiavka",
        "щётка shchetka schetka shhetka",
        "служебный sluzhebnyy sluzhebniy sluzhebnyj sluzhebny",
        "статья statya stat'ya statja",
        "цех tseh cekh tsekh",
        "компания kompaniya kompania",
        "подъезд podyezd podezd",
        "район rayon",
        "схема skhema shema",
        "детский detskiy detskij",
        "юрист yurist jurist iurist",
    ],
)
def test_the_customary_transliterations_sound_alike(spellings):
    words = spellings.replace("ё", "е").replace("shh", "shch").split()

    assert len({sound(word) for word in words}) == 1


def test_a_large_vocabulary_is_small_and_quick(tmp_path):
    chance = random.Random(11)
    syllables = [a + b for a in "bcdfghklmnprst" for b in "aeiouy"] + ["st", "n", "r", "l"]
    words = {"".join(chance.choices(syllables, k=chance.randint(2, 7))) for _each in range(25_000)}
    listed = sorted(words)[:20_000]
    bodies = (" ".join(listed[n : n + 500]) for n in range(0, len(listed), 500))
    search = index(tmp_path, (Document("idea", n, "", b) for n, b in enumerate(bodies, 1)))
    query = " ".join(damaged(damaged(word, chance), chance) for word in listed[5::6_001][:3])

    tables = [Vocabulary.made(segment.fields["exact"]) for segment in search.snapshot.segments]
    held = sum(part.nbytes for t in tables for part in vars(t).values() if hasattr(part, "nbytes"))
    for segment, table in zip(search.snapshot.segments, tables, strict=True):
        segment.kept["vocabulary"] = table
    took = []
    for _again in range(3):
        began = time.process_time()
        suggest(Search(search.view), query)
        took.append(time.process_time() - began)

    assert held < 50 * len(listed)
    assert min(took) < 0.025, took


def test_nobody_waits_for_the_words_of_a_large_index(app, sign_in, monkeypatch):
    monkeypatch.setattr(vocabulary, "WAITED_FOR", 1)
    make.idea(app, title="Invoices of suppliers")
    catch_up(app)
    browser = sign_in()

    assert browser.get("/search?q=inovices").status_code == 200

    def suggested() -> bool:
        return browser.json("/search?q=inovices")["suggestion"] == "invoices"

    assert wait_until(suggested, within=20)


@pytest.mark.parametrize("damage", ["none", "lost", "cut", "changed"])
def test_the_words_of_a_large_index_are_in_a_file_that_may_be_damaged(
    tmp_path, monkeypatch, damage
):
    monkeypatch.setattr(vocabulary, "WAITED_FOR", 1)
    bodies = ("Invoices of suppliers", "Suppliers send invoices")
    search = index(tmp_path, (Document("idea", n, "", b) for n, b in enumerate(bodies, 1)))
    [path] = tmp_path.rglob("*.words")
    written = path.read_bytes()
    spoil(path, damage)

    def suggested() -> bool:
        return suggest(Search(search.view), "inovices") == "invoices"

    assert suggested() if damage == "none" else wait_until(suggested, within=20)
    assert path.read_bytes() == written
    path.write_bytes(b"")
    assert wait_until(suggested, within=20), "a file that is cut while it is mapped is made again"
    assert path.read_bytes() == written


def test_each_large_segment_has_its_words_in_a_file_and_no_other_has(tmp_path, monkeypatch):
    monkeypatch.setattr(vocabulary, "WAITED_FOR", 40)
    build = Shelf(tmp_path / "index").new_build()
    indexer.fill(build, Position("spelling", 0), iter(()))
    files: list[set[Path]] = []
    for number in range(1, 9):
        words = " ".join(f"word{number}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
        document = Document("idea", number, "", words)
        indexer.write(build, [("idea", number)], [document], Position("spelling", number))
        segments = read(open_index(build), PLAN, {}).segments
        large = [s for s in segments if len(s.fields["exact"].beginning(b"")) > 40]
        wanted = {segment.beside(".words") for segment in large}

        assert wait_until(lambda wanted=wanted: set(build.glob("*.words")) == wanted, within=20)
        files.append(wanted)
    assert any(files)


def test_tables_of_another_version_are_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(vocabulary, "WAITED_FOR", 1)
    search = index(tmp_path, iter([Document("idea", 1, "", "Invoices of suppliers")]))
    [path] = tmp_path.rglob("*.words")
    [segment] = search.snapshot.segments
    arrays.write(path, vocabulary.tables_of(segment.fields["exact"]), {"version": 0})
    written = path.read_bytes()

    assert wait_until(lambda: suggest(Search(search.view), "inovices") == "invoices", within=20)
    assert path.read_bytes() != written


def spoil(path: Path, damage: str) -> None:
    """Do to a file what disks and people do."""
    if damage == "lost":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-64])
    elif damage == "changed":
        path.write_bytes(path.read_bytes()[:-64] + 64 * b"\1")
