"""The stems of an English word: approval → approv, leaves → leav or leaf, colours → color."""

from __future__ import annotations

import re
import threading
from functools import cache
from typing import Any

from forum.core.textcheck import word_set

_IRREGULAR_FORMS = """
arise arose arisen, awake awoke awoken, bear borne, beat beaten, become became, begin began
begun, bend bent, bind bound, bite bit bitten, bleed bled, blow blew blown, break broke broken,
breed bred, bring brought, build built, burn burnt, buy bought, catch caught, choose chose chosen,
cling clung, come came, creep crept, deal dealt, dig dug, draw drew drawn, dream dreamt,
drink drank drunk, drive drove driven, dwell dwelt, eat ate eaten, fall fell fallen, feed fed,
feel felt, fight fought, find found, flee fled, fly flew flown, forbid forbade forbidden,
foresee foresaw foreseen, forget forgot forgotten, forgive forgave forgiven, freeze froze frozen,
get got gotten, give gave given, go went gone, grind ground, grow grew grown, hang hung,
hear heard, hide hid hidden, hold held, keep kept, kneel knelt, know knew known, lay laid,
lead led, lean leant, leap leapt, learn learnt, leave left, lend lent, light lit, lose lost,
make made, mean meant, meet met, mislead misled, mistake mistook mistaken,
misunderstand misunderstood, overcome overcame, oversee oversaw overseen, overtake overtook
overtaken, pay paid, prove proven, rebuild rebuilt, repay repaid, rewrite rewrote rewritten,
ride rode ridden, ring rang rung, rise rose risen, run ran, say said, see saw seen, seek sought,
sell sold, send sent, shake shook shaken, shine shone, shoot shot, show shown, shrink shrank
shrunk, sing sang sung, sink sank sunk, sit sat, sleep slept, slide slid, smell smelt,
speak spoke spoken, speed sped, spell spelt, spend spent, spill spilt, spin spun, spoil spoilt,
spring sprang sprung, stand stood, steal stole stolen, stick stuck, strike struck stricken,
strive strove striven, swear swore sworn, sweep swept, swell swollen, swim swam swum, swing swung,
take took taken, teach taught, tear torn, tell told, think thought, throw threw thrown,
undergo underwent undergone, understand understood, undertake undertook undertaken,
undo undid undone, uphold upheld, wake woke woken, wear wore worn, weave wove woven, weep wept,
win won, withdraw withdrew withdrawn, withhold withheld, withstand withstood, write wrote written,
person people, man men, woman women, child children, foot feet, tooth teeth, mouse mice,
goose geese, index indices, matrix matrices, vertex vertices, appendix appendices,
criterion criteria, phenomenon phenomena, medium media, curriculum curricula, bacterium bacteria,
stimulus stimuli, nucleus nuclei, radius radii, formula formulae, datum data, half halves,
shelf shelves, knife knives, life lives, live lives, leaf leaves, leave leaves, wife wives,
thief thieves, calf calves, loaf loaves, scarf scarves, wolf wolves, self selves,
basis bases, base bases, axis axes, axe axes, crisis crises, thesis theses,
hypothesis hypotheses, diagnosis diagnoses, parenthesis parentheses, synthesis syntheses,
good better best, bad worse worst
"""
_OF_ITS_OWN = word_set(
    "best better bound data fell felt found ground left media rose saw shot spoke thought"
)
"""Irregular forms that are words of their own as well, and are found as both."""

_FAMILIES_BY_STEM = """
analysis: analysis analyses analyse analysed analysing analyser analysers analyze analyzed analyzes
analyzing analyzer analyzers; agre: agreement agreements; pay: payment payments;
apartment: apartment apartments; army: army armies;
authority: authority authorities; busy: busy busier busiest; critical: critical critically;
customer: customer customers; customs: customs; digital: digital digitally;
department: department departments departmental; emergency: emergency emergencies;
experiment: experiment experiments experimental experimentally experimented experimenting
experimentation; important: important importance importantly; intern: intern interns;
international: international internationally; objective: objective objectives;
party: party parties; positive: positive positively positives; secretary: secretary secretaries;
publication: publication publications; several: several severally; terminal: terminal terminals;
judgment: judgement judgements judgment judgments;
acknowledg: acknowledgement acknowledgements acknowledgment acknowledgments acknowledge
acknowledged acknowledges acknowledging;
license: licence licences license licenses licensed licensing;
practice: practise practised practises practising practice practices practiced practicing
"""
"""Words that the rules for endings would join with others, or keep apart: stem, then words."""

_BRITISH_AMERICAN = """
ageing aging, aluminium aluminum, analogue analog, artefact artifact, catalogue catalog,
cheque check, cosy cozy, defence defense, dialogue dialog, enquire inquire, enquired inquired,
enquiry inquiry, enquiries inquiries, enrol enroll, enrolment enrollment, fulfil fulfill,
grey gray, instalment installment, jewellery jewelry, kerb curb, mould mold, offence offense,
plough plow, pretence pretense, programme program, sceptic skeptic, sceptical skeptical,
skilful skillful, tyre tire, wilful willful, whisky whiskey, manoeuvre maneuver, storey story
"""
"""British spellings that no rule below covers."""

_IZE = re.compile("(.{3,})is(e|ed|es|er|ers|ing|able|ation|ations|ational)")
_ISE = word_set(
    "adv advert anticlockw appra appr ar bra bru chast circumc clockw compr comprom conc cru dem "
    "desp dev disgu enfranch enterpr exc exerc expert franch gu improv inc la lia likew malad "
    "merchand moonr otherw parad po porpo pra prec prem prom ra repr rev sunr superv surm surpr "
    "telev tort tra treat turquo unw upr"
)
"""What stands before -ise where it is no other spelling of -ize."""
_OUR = re.compile(
    "(ard|arm|behavi|can|clam|col|endeav|fav|ferv|flav|harb|hon|hum|lab|misdemean|neighb|od|parl"
    "|ranc|rig|rum|sav|savi|splend|succ|tum|val|vap|vig)our"
)
_RE = re.compile("(.*(?:calib|cent|fib|lit|lust|meag|met|sab|somb|spect|theat))re([sd]?)")
_GREEK = re.compile("(an|gyn|h|leuk|orthop|p)ae(?=[cmd])|(diarrh|f)oe(?=[at])|oe(?=dem|soph|str)")


def stems(word: str) -> tuple[str, ...]:
    """What a small Latin word is found by, the likeliest first.

    Snowball's English stemmer (Porter 2), after irregular forms and British spellings were made
    regular, and but for words that it would join with others or keep from their own forms.
    """
    own = word.removesuffix("'s")
    bases = _IRREGULAR.get(own) or (own,)
    return tuple(dict.fromkeys(_stem(base) for base in bases))


def beginnings(stem: str) -> frozenset[str]:
    """How the words begin that may have a stem: go has went, inquiri has enquiry."""
    first = stem[:2]
    greek = {first.replace("e", spelt, 1)[:2] for spelt in ("ae", "oe") if "e" in first}
    return frozenset({first, *greek}) | _begun_otherwise().get(stem, frozenset())


@cache
def _begun_otherwise() -> dict[str, frozenset[str]]:
    """By stem, how the words begin that begin otherwise than it."""
    found: dict[str, frozenset[str]] = {}
    for word in (*_IRREGULAR, *_FAMILIES, *_SPELLINGS, *_SHORTENED):
        for stem in stems(word):
            if stem[:2] != word[:2]:
                found[stem] = found.get(stem, frozenset()) | {word[:2]}
    return found


def american(word: str) -> str:
    """A word in the spelling that the rules for endings were made for."""
    one = word.removesuffix("s")
    if one in _SPELLINGS:
        return _SPELLINGS[one] + word[len(one) :]
    # Most words have nothing of the kind, which is sooner seen without a pattern.
    found = _IZE.fullmatch(word) if "is" in word else None
    if found and found[1] not in _ISE:
        return f"{found[1]}iz{found[2]}"
    found = _RE.fullmatch(word) if "re" in word[-3:] else None
    if found:
        return f"{found[1]}er{found[2] if found[2] != 'd' else 'ed'}"
    if "our" in word:
        word = _OUR.sub(r"\1or", word)
    return _GREEK.sub(r"\1\2e", word) if "ae" in word or "oe" in word else word


def _stem(word: str) -> str:
    return _FAMILIES.get(word) or str(_stemmer().stemWord(american(word)))


_local = threading.local()


def _stemmer() -> Any:
    """One stemmer a thread: it keeps the word it works on in itself."""
    if not hasattr(_local, "stemmer"):
        from snowballstemmer import stemmer

        _local.stemmer = stemmer("english")
    return _local.stemmer


def _irregular() -> dict[str, tuple[str, ...]]:
    """The words that each irregular form may be of."""
    bases: dict[str, tuple[str, ...]] = {word: (word,) for word in _OF_ITS_OWN}
    for group in _IRREGULAR_FORMS.split(","):
        base, *forms = group.split()
        for form in forms:
            bases[form] = (*bases.get(form, ()), base)
    return bases


def _families() -> dict[str, str]:
    """The stem of each word that the rules would get wrong."""
    families = (family.split(":") for family in _FAMILIES_BY_STEM.split(";"))
    return {word: stem.strip() for stem, words in families for word in words.split()}


_IRREGULAR = _irregular()
_FAMILIES = _families()
_SHORTENED = ("dying", "lying", "tying", "skies")
"""Words of which the rules for endings change the first two letters."""
_SPELLINGS = dict(pair.split() for pair in _BRITISH_AMERICAN.split(","))
