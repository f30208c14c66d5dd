"""Before a wave's figures are written down, its answers become what these tell and no more.

Who took part is known, and where they work: the answers about a service that one of them alone
answered about would be theirs. So what is told nowhere goes, and within an atom it is forgotten
which answer is of which service, as it is of texts that are told together. Figures follow from
atoms, so they stay the same, however often this is done and wherever it breaks off: whatever moves
them is one write. Nothing that the database counts or numbers says which rows stayed what they had
been: all of an atom are deleted and written again, and in the end all of the wave in random order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from forum.core.db import db, end_read, transaction, zero_what_goes
from forum.surveys.closing import CHUNK, rewrite
from forum.surveys.models import SurveyAnswer, SurveyText, WaveService
from forum.surveys.relay.models import VoiceQuestion
from forum.surveys.results import computing
from forum.surveys.results.atoms import Atom
from forum.surveys.results.computing import Voice
from forum.surveys.results.leaving import Row, dealt, mixed

SETTLED = (SurveyAnswer, SurveyText)


def settle(wave_id: int, k: int) -> None:
    """Forget what a wave's figures of so many people do not tell."""
    for version_id, atoms in computing.atoms(wave_id, k).items():
        of_item = and_(SurveyAnswer.wave_id == wave_id, SurveyAnswer.version_id == version_id)
        _forget_few(of_item, {service for atom in atoms for service in atom.services})
        for atom in atoms:
            _deal(of_item, version_id, atom)
    voices = computing.voices(wave_id, k)
    _blank_texts(wave_id, {voice.key for voice in voices})
    rewrite(SurveyAnswer, SurveyAnswer.wave_id == wave_id)
    asked = select(VoiceQuestion.key).where(VoiceQuestion.wave_id == wave_id).limit(1)
    # Texts that were asked about came with an import, as an export deals them.
    if db.session.scalar(asked) is None:
        _deal_texts(wave_id, voices)
        rewrite(SurveyText, SurveyText.wave_id == wave_id)


def _forget_few(of_item: ColumnElement[bool], told: set[int]) -> None:
    services = set(db.session.scalars(select(SurveyAnswer.service_id).where(of_item).distinct()))
    end_read()
    with transaction():
        zero_what_goes()
        for some in _parts(sorted(services - told)):
            gone = delete(SurveyAnswer).where(of_item, SurveyAnswer.service_id.in_(some))
            db.session.execute(gone.execution_options(synchronize_session=False))


def _deal(of_item: ColumnElement[bool], version_id: int, atom: Atom) -> None:
    """Give the answers of an atom its values anew. Of one service alone nothing is mixed, but where
    all said the same, or looks as if they had: there one is counted otherwise, the same in both."""
    if len(atom.services) == 1 and max(atom.counts.of) < atom.counts.n - 1:
        return
    here = and_(of_item, SurveyAnswer.service_id.in_(atom.services))
    rows = _rows(SurveyAnswer, here)
    _write(SurveyAnswer, list(dealt({version_id: [atom]}, rows, 0)))


def _deal_texts(wave_id: int, voices: Sequence[Voice]) -> None:
    """Give the texts that are told together their services anew."""
    together = {voice.key: voice.node for voice in voices if voice.node[0] != "service"}
    rows = _rows(SurveyText, SurveyText.wave_id == wave_id)
    _write(SurveyText, list(mixed(rows, together)))


def _rows(model: Any, which: ColumnElement[bool]) -> list[Row]:
    found = db.session.execute(select(model.__table__).where(which)).mappings()
    rows = [dict(row) for row in found]
    end_read()
    return rows


def _write(model: Any, rows: Sequence[Row]) -> None:
    """Put these in the place of those with the same keys, in one go, so that what they sum up to
    stays."""
    table = model.__table__
    if not rows:
        return
    with transaction():
        zero_what_goes()
        for some in _parts(rows):
            gone = delete(table).where(table.c.key.in_([row["key"] for row in some]))
            db.session.execute(gone)
        db.session.connection().execute(table.insert(), list(rows))


def _blank_texts(wave_id: int, told: set[str]) -> None:
    """Take the words of texts that are told nowhere, and what they were about: any of the wave's
    services takes its place. That there was one stays, for whoever keeps its address."""
    here = and_(SurveyText.wave_id == wave_id, SurveyText.body != "")
    keys = sorted(set(db.session.scalars(select(SurveyText.key).where(here))) - told)
    any_service = select(func.min(WaveService.service_id)).where(WaveService.wave_id == wave_id)
    nothing = {"body": "", "lang": "", "service_id": db.session.scalar(any_service)}
    end_read()
    with transaction():
        zero_what_goes()
        for some in _parts(keys):
            blank = update(SurveyText).where(SurveyText.key.in_(some)).values(**nothing)
            db.session.execute(blank.execution_options(synchronize_session=False))


def _parts(found: Sequence[Any]) -> list[Sequence[Any]]:
    return [found[start : start + CHUNK] for start in range(0, len(found), CHUNK)]
