"""Once a wave's figures are written down, its answers are kept as these tell them and no further.

Who took part is known, and where they work: the answers about a service that one of them alone
answered about would be theirs. So what is told nowhere goes, and within an atom it is forgotten
which answer is of which service. Figures follow from atoms, so they stay the same, however often
this is done and wherever it breaks off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, select, update

from forum.core.db import db, end_read, transaction
from forum.surveys.closing import CHUNK, zero_what_goes
from forum.surveys.models import SurveyAnswer, SurveyText
from forum.surveys.results import computing
from forum.surveys.results.atoms import Atom
from forum.surveys.results.leaving import dealt

ANSWERS: Any = SurveyAnswer.__table__


def settle(wave_id: int, k: int) -> None:
    """Forget what a wave's figures of so many people do not tell."""
    for version_id, atoms in computing.atoms(wave_id, k).items():
        of_item = and_(SurveyAnswer.wave_id == wave_id, SurveyAnswer.version_id == version_id)
        _forget_few(of_item, {service for atom in atoms for service in atom.services})
        for atom in atoms:
            _deal(of_item, version_id, atom)
    _blank_texts(wave_id, {voice.key for voice in computing.voices(wave_id, k)})


def _forget_few(of_item: ColumnElement[bool], told: set[int]) -> None:
    services = set(db.session.scalars(select(SurveyAnswer.service_id).where(of_item).distinct()))
    for some in _parts(sorted(services - told)):
        with transaction():
            zero_what_goes()
            gone = delete(SurveyAnswer).where(of_item, SurveyAnswer.service_id.in_(some))
            db.session.execute(gone.execution_options(synchronize_session=False))
    end_read()


def _deal(of_item: ColumnElement[bool], version_id: int, atom: Atom) -> None:
    """Give the answers of an atom its values anew, in one write, so that their sum stays. Of one
    service alone nothing is mixed; only where all said the same, one is counted otherwise."""
    alone = len(atom.services) == 1
    if alone and max(atom.counts.of) < atom.counts.n - 1:
        return
    here = select(ANSWERS).where(of_item, SurveyAnswer.service_id.in_(atom.services))
    rows = [dict(row) for row in db.session.execute(here).mappings()]
    was = {row["key"]: row["value"] for row in rows}
    becomes = [
        {"one": row["key"], "to": row["value"]}
        for row in dealt({version_id: [atom]}, rows, 0)
        if row["value"] != was[row["key"]]
    ]
    end_read()
    if not becomes or (alone and len(becomes) > 1):
        return
    query = update(ANSWERS).where(ANSWERS.c.key == bindparam("one")).values(value=bindparam("to"))
    with transaction():
        zero_what_goes()
        db.session.connection().execute(query, becomes)


def _blank_texts(wave_id: int, told: set[str]) -> None:
    """The words of texts that are told nowhere; that there was one stays."""
    here = and_(SurveyText.wave_id == wave_id, SurveyText.body != "")
    keys = sorted(set(db.session.scalars(select(SurveyText.key).where(here))) - told)
    end_read()
    for some in _parts(keys):
        with transaction():
            zero_what_goes()
            blank = update(SurveyText).where(SurveyText.key.in_(some)).values(body="", lang="")
            db.session.execute(blank.execution_options(synchronize_session=False))


def _parts(found: Sequence[Any]) -> list[Sequence[Any]]:
    return [found[start : start + CHUNK] for start in range(0, len(found), CHUNK)]
