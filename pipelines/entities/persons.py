"""What people say they are: asked only where it serves them, and never beside where they live.

The records belong to a request and not to a person, so that anonymous contacts have them too.
"""

from __future__ import annotations

from pipelines.entities.entity import Column, Entity, Kind

PERSON_ENTITIES = (
    Entity(
        "person",
        "one row per request: what the person whom it is about says she is",
        (
            Column("request_id", Kind.IDENTIFIER, is_required=True),
            Column("gender_code", Kind.CODE, vocabulary="gender"),
            Column("language_code", Kind.CODE, vocabulary="language"),
        ),
    ),
    Entity(
        "person_public",
        "one row per public to which the person of a request says she belongs",
        (
            Column("request_id", Kind.IDENTIFIER, is_required=True),
            Column("public_code", Kind.CODE, is_required=True, vocabulary="person_public"),
        ),
    ),
    Entity(
        "discrimination",
        "one row per kind of discrimination told in a request",
        (
            Column("request_id", Kind.IDENTIFIER, is_required=True),
            Column("discrimination_code", Kind.CODE, is_required=True, vocabulary="discrimination"),
        ),
    ),
)
