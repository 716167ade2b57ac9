"""What may be counted of what people say they are: requests, by it."""

from __future__ import annotations

from pipelines.units.unit import Dimension

PERSON_DIMENSIONS = (
    Dimension("gender", "core_person", "gender_code", "gender", ("person", "gender_code")),
    Dimension("language", "core_person", "language_code", "language", ("person", "language_code")),
    Dimension("person_public", "core_person_public", "public_code", "person_public", ("person_public", "public_code")),
    Dimension(
        "discrimination",
        "core_discrimination",
        "discrimination_code",
        "discrimination",
        ("discrimination", "discrimination_code"),
    ),
)
