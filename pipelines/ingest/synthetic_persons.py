"""The made-up answers of who people say they are: `config/demonstration/<id>/persons.toml`, all of it invented."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pipelines.ingest.synthetic_aggressions import ANSWER_SEPARATOR
from pipelines.ingest.synthetic_draws import Words, as_probabilities, draw_words, replace_some
from pipelines.ingest.synthetic_settings import DemonstrationSettings, Share, Weighted


class PersonSettings(BaseModel):
    """The words of each question that the organisation asks; one that it does not ask is absent.

    `unanswered` is the share of persons who leave a question, `several` of those who give a second answer where
    several are possible; `alone` are answers that nobody gives beside another.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    unanswered: Share
    several: Share = 0
    alone: tuple[Annotated[str, StringConstraints(min_length=1)], ...] = ()
    gender: tuple[Weighted, ...] = Field(default=())
    language: tuple[Weighted, ...] = Field(default=())
    public: tuple[Weighted, ...] = Field(default=())
    discrimination: tuple[Weighted, ...] = Field(default=())


def draw_persons(
    settings: PersonSettings, of_requests: DemonstrationSettings, requests: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per request; a relative or a worker says nothing of the person."""
    is_told = requests["group"].isin(["survivor", "unknown"]).to_numpy()
    size = len(requests)
    frame = pd.DataFrame({"request_id": requests["request_id"]})
    for name, words in (("gender", settings.gender), ("language", settings.language)):
        if words:
            frame[name] = draw_words(rng, words, size)
    for name, words in (("public", settings.public), ("discrimination", settings.discrimination)):
        if words:
            frame[name] = _draw_several(settings, words, size, rng)
    for name in frame.columns[1:]:
        left = rng.random(size) < settings.unanswered
        answers = replace_some(rng, frame[name].to_numpy(dtype=object), left, of_requests.missing)
        frame[name] = np.where(is_told, answers, of_requests.words.not_applicable)
    return frame


def _draw_several(settings: PersonSettings, words: Sequence[Weighted], size: int, rng: np.random.Generator) -> Words:
    """One answer or two, in the platform's own order."""
    order = {word.label: place for place, word in enumerate(words)}
    first = draw_words(rng, words, size)
    second = rng.choice(list(order), size=size, p=as_probabilities([word.weight for word in words]))
    gives_two = rng.random(size) < settings.several
    answers = [
        sorted({one, other}, key=order.__getitem__) if two and not {one, other} & set(settings.alone) else [one]
        for one, other, two in zip(first, second, gives_two, strict=True)
    ]
    return np.array([ANSWER_SEPARATOR.join(told) for told in answers], dtype=object)
