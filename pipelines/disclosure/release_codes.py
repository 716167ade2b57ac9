"""A heading of a release table as `tables.json` tells it, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.language import Text
from pipelines.tables.dimension import TableCode

#: What is told of a heading where it is so: the bytes of every other release stay what they were.
_MARKS = ("is_part", "is_after_break")


def describe_code(code: TableCode) -> dict[str, Any]:
    """The heading as JSON can hold it."""
    return {
        "code": code.code,
        "label": {"fr": code.label.fr, "en": code.label.en},
        "parent": code.parent,
        "is_missing": code.is_missing,
        "within": code.within,
        **{name: True for name in _MARKS if getattr(code, name)},
    }


def parse_code(described: Mapping[str, Any]) -> TableCode:
    """The heading that was described; a `KeyError` where a part of it is absent."""
    return TableCode(
        described["code"],
        Text(**described["label"]),
        described["parent"],
        described["is_missing"],
        described["within"],
        **{name: described[name] for name in _MARKS if name in described},
    )
