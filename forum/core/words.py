"""The words of the search: found in a text, made comparable, brought to their dictionary form.

Russian goes through a dictionary (заявок → заявка), because cutting endings alone misses everyday
plurals; words it does not know, and Latin ones, are stemmed. Everything is bounded and cached.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from forum.core.limits import SLUG, WORD
from forum.core.textcheck import word_set


class Token(NamedTuple):
    """A word as written, cut at 64 characters, and where all of it stands in the text."""

    text: str
    start: int
    end: int


_CACHED_WORDS = 50_000
_MARK = "[\u0300-\u036f]*"
_PART = f"(?:[^\\W_]{_MARK})+"
# Bounded repeats before the @, so that a long text without one is not read again at every dot.
_MAIL = r"[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9][\w-]{0,62}(?:\.[A-Za-z0-9][\w-]{0,62}){1,6}"
_SIGNED = r"(?<![^\W_])[A-Za-z](?:\+\+|#)(?![^\W_])"
_NUMBER = r"\d+(?:[.,]\d+)+(?![^\W_])"
_JOINED = f"{_PART}(?:[-\u2010\u2011'’&]{_PART})*"
_TOKEN = re.compile(f"{_MAIL}|{_SIGNED}|{_NUMBER}|{_JOINED}")
_HYPHEN = re.compile("[-\u2010\u2011]")
_CYRILLIC = re.compile("[а-я]+(?:-[а-я]+)*")
_LATIN = re.compile("[a-z]+(?:'[a-z]+)?")
_CYRILLIC_LETTER = re.compile("[а-я]")
_FOREIGN = re.compile("[a-z0-9]")
_CODE = re.compile("(?=.*[a-z0-9])[a-z0-9авекмнорстух]+")
_TWINS = str.maketrans("авекмнорстух", "abekmhopctyx")
_APOSTROPHES = str.maketrans("’\u2010\u2011", "'--")


def tokenize(text: str) -> Iterator[Token]:
    """The words of a text in order; PS-001, C++, 3.14 and an address stay whole."""
    for found in _TOKEN.finditer(text):
        yield Token(found.group()[: WORD.value], found.start(), found.end())


def words_in(text: str) -> list[str]:
    """The words of a text in order, as `tokenize` finds them, without their places."""
    return [word[: WORD.value] for word in _TOKEN.findall(text)]


@lru_cache(_CACHED_WORDS)
def normalize(word: str) -> str:
    """A word as it is compared: one case, ё as е, width, accents and stress marks dropped."""
    if word.isascii():
        return word.lower()
    folded = unicodedata.normalize("NFKC", word).casefold().replace("ё", "е")
    # й is a letter of its own while é is an accented e: only what Latin letters wear falls.
    bare = "".join(
        char if "\u0400" <= char <= "\u052f" else _without_marks(char) for char in folded
    )
    return _one_alphabet(bare.translate(_APOSTROPHES))


def _one_alphabet(word: str) -> str:
    """Codes such as 1С and А4 are typed in either alphabet, so they are compared in one."""
    if not _FOREIGN.search(word) or not _CYRILLIC_LETTER.search(word):
        return word
    parts = word.split("-")
    return "-".join(part.translate(_TWINS) if _CODE.fullmatch(part) else part for part in parts)


def _without_marks(char: str) -> str:
    parts = unicodedata.normalize("NFD", char)
    return parts if parts.isascii() else re.sub("[\u0300-\u036f]", "", parts)


@lru_cache(_CACHED_WORDS)
def lemma(word: str) -> str:
    """The dictionary form of a word, or its stem when no dictionary knows it; codes stay as is."""
    plain = normalize(word[: WORD.value])
    if _CYRILLIC.fullmatch(plain):
        return "-".join(_russian(part) for part in plain.split("-"))
    if _LATIN.fullmatch(plain):
        return _english(plain)
    if "-" in plain and not any(char.isdigit() for char in plain):
        return "-".join([lemma(part) for part in plain.split("-")])
    return plain


def terms(text: str) -> list[str]:
    """The lemmas of a text in order without stop words; a hyphenated word also by its parts."""
    return [term for token in tokenize(text) for term in _terms_of(token.text)]


def _terms_of(word: str) -> Iterable[str]:
    plain = normalize(word)
    if plain in _ALL_STOP_WORDS:
        return ()
    parts = _HYPHEN.split(plain) if "@" not in plain else [plain]
    if len(parts) == 1:
        return (lemma(plain),)
    return (lemma(plain), *(lemma(part) for part in parts if part not in _ALL_STOP_WORDS))


def stop_words(lang: str) -> frozenset[str]:
    """Normalised words too common to search for in `ru` or `en`; none for other languages."""
    return _STOP_WORDS.get(lang, frozenset())


def preload() -> None:
    """Load the dictionary (0.4 s, 30 MB) now: once before workers fork, so that they share it."""
    lemma("заявок")
    lemma("invoices")


@cache
def _dictionary() -> Any:
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()


_local = threading.local()


def _stemmer(language: str) -> Any:
    """One stemmer a thread and language: it keeps the word it works on in itself."""
    if not hasattr(_local, language):
        from snowballstemmer import stemmer

        setattr(_local, language, stemmer(language))
    return getattr(_local, language)


def _russian(word: str) -> str:
    dictionary = _dictionary()
    if dictionary.word_is_known(word):
        return str(dictionary.parse(word)[0].normal_form).replace("ё", "е")
    return str(_stemmer("russian").stemWord(word))


def _english(word: str) -> str:
    regular = _IRREGULAR.get(word, word)
    return str(_stemmer("english").stemWord(regular))


def _pairs(text: str) -> dict[str, str]:
    first_second = (pair.split() for pair in text.split(","))
    return {first: second for first, second in first_second}


_IRREGULAR = _pairs(
    "people person, men man, women woman, children child, feet foot, teeth tooth, mice mouse, "
    "indices index, matrices matrix, criteria criterion, analyses analysis, halves half, "
    "shelves shelf, knives knife, lives life, paid pay, sent send, bought buy, sold sell, "
    "kept keep, lost lose, made make, went go, gone go, took take, taken take, wrote write, "
    "written write, broke break, broken break, chose choose, chosen choose, found find, "
    "built build, met meet, better good, best good, worse bad, worst bad"
)
_LAYOUT_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>"
_LAYOUT_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"
_TO_CYRILLIC = str.maketrans(_LAYOUT_LATIN, _LAYOUT_CYRILLIC)
_TO_LATIN = str.maketrans(_LAYOUT_CYRILLIC, _LAYOUT_LATIN)


def transliterate_layout(text: str) -> str:
    """The same keys on the other keyboard layout: ghbdtn → привет, and руддщ → hello."""
    cyrillic = sum("\u0400" <= char <= "\u04ff" for char in text)
    latin = sum(char.isascii() and char.isalpha() for char in text)
    return text.translate(_TO_LATIN if cyrillic > latin else _TO_CYRILLIC)


_LETTERS = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэіґўøłđðı", "abvgdeziyklmnoprstufyeiguolddi", strict=True))
    | _pairs("ё yo, ж zh, х kh, ц ts, ч ch, ш sh, щ shch, ю yu, я ya, ї yi, є ye")
    | _pairs("ß ss, æ ae, œ oe, þ th")
    | {"ъ": "", "ь": "", "&": " and ", "+": " plus ", "#": " sharp "}
)
_NOT_SLUG = re.compile("[^a-z0-9]+")


def slugify(text: str) -> str:
    """An address of small Latin letters, digits and hyphens, at most 80; never empty."""
    # Composed first, so that й is looked up as a letter; taken apart later for é and its kin.
    letters = unicodedata.normalize("NFKC", text[: 4 * SLUG.value]).lower().translate(_LETTERS)
    ascii_only = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    slug = _NOT_SLUG.sub("-", ascii_only).strip("-")
    if len(slug) > SLUG.value:
        slug = slug[: SLUG.value + 1].rpartition("-")[0] or slug[: SLUG.value]
    return slug or "x" + sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


_STOP_WORDS = {
    "ru": word_set(
        "а без более бы был была были было быть в вам вами вас весь во вот все всего всех вы где "
        "да даже для до его ее ей ему если есть еще же за здесь и из или им ими их к как ко когда "
        "кто ли либо мне может мой мы на над надо наш не него нее нет ни них но ну о об однако он "
        "она они оно от очень по под при с со так также такой там те тем то того тоже той только "
        "том ты у уже хотя чего чей чем что чтобы чье чья эта эти это этого этом этот я"
    ),
    # Not "it": in a company that is the name of a department.
    "en": word_set(
        "a an and any are as at be been being but by can could did do does for from had has have "
        "he her here him his how i if in into is its me my nor of on or our she should so some "
        "such than that the their them then there these they this those to too us was we were what "
        "when where which while who whom why will with would you your"
    ),
}
_ALL_STOP_WORDS = frozenset[str]().union(*_STOP_WORDS.values())
