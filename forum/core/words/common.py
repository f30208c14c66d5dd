"""Words too common to search for."""

from __future__ import annotations

from forum.core.textcheck import word_set

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
STOP_WORDS = frozenset[str]().union(*_STOP_WORDS.values())


def stop_words(lang: str) -> frozenset[str]:
    """Normalised words too common to search for in `ru` or `en`; none for other languages."""
    return _STOP_WORDS.get(lang, frozenset())
