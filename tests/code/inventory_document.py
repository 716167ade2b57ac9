"""`docs/inventory.md`, made from the catalogue of tables: `python -m tests.code.inventory_document` writes it anew.

A new table names its block in `config/tables/` (`block = "groups"`); a new block is a line of `BLOCKS`.
"""

from collections.abc import Iterator
from pathlib import Path

from pipelines.tables.continuity import columns_of
from pipelines.tables.table_spec import TableSpec, load_catalogue

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENT = REPOSITORY / "docs" / "inventory.md"

#: The blocks of the annual reports of the model organisations, in the order of those reports: what each tells, and the
#: other blocks whose tables tell a part of it.
BLOCKS: dict[str, tuple[str, tuple[str, ...]]] = {
    "requests": ("New requests: who asks, at what age, from where, sent by whom, and what followed", ()),
    "relationship": ("Relationship to the aggressor", ()),
    "individual_services": ("Individual services: persons, meetings, hours of each service", ()),
    "priority": ("Priorities, waiting lists", ()),
    "groups": ("Groups: beginners, sessions, hours, attendance", ()),
    "drop_in": ("Drop-in meetings", ("groups",)),
    "accompaniment": (
        "Accompaniments: persons, times, hours, in the year and since the first year",
        (),
    ),
    "designated_centres": ("Kits of designated centres: received, reached, delay of the call", ()),
    "unmet_needs": ("Needs not met: not reached, no capacity, waiting", ()),
    "hours": ("Hours of work by area: direct help, supervision, management, training, struggle", ()),
    "volunteering": ("Activism: acts, hours, training levels", ()),
    "prevention": ("Prevention and awareness: groups, pupils, hours, by activity and by school year", ()),
    "exploitation": ("Sexual exploitation: prevention, help, hours", ("prevention", "individual_services", "hours")),
    "communications": ("Communications: publications, reach, newsletters, media", ()),
    "committees": ("Representation and committees", ("hours",)),
    "events": ("Partners, struggle, calendar of events", ("prevention", "hours")),
    "evaluations": ("Evaluations: items by level, number of answers", ()),
    "members": ("Members, workers, governance", ()),
    "training": ("Training given to the team", ("hours",)),
    "aid": ("Direct aid and solidarity fund", ()),
    "complaints": ("Complaints: number, nature, outcome", ()),
    "funders": ("Funders: hours by agreement", ("hours",)),
    "territory": ("Territory served", ("requests",)),
    "publics": ("Publics, languages, anonymous contacts", ("requests", "individual_services")),
}
_HEAD = """\
# What an annual report holds, and what an export must hold for it

Each block of the annual reports that this program was made for, the tables that tell it (`config/tables/`), and the
columns of an export that those tables need: `entity.column`, as a centre's configuration names them; the entities are
those of `pipelines/entities/`. A table whose column is absent from an export is "not collected"; the others are made.
Beside a table: `_by_year` compares the years at hand, `_since` counts over all, `_school_year` tells school years.

This page is made from the catalogue: `python -m tests.code.inventory_document` writes it, and a test holds it to it.

| block | tables | columns |
|---|---|---|
"""


def document() -> str:
    """The whole page, every table of every centre in it once."""
    tables = list(load_catalogue(REPOSITORY / "config").table)
    rows = [_row(name, [spec for spec in tables if spec.block == name]) for name in BLOCKS]
    own = [
        _line(f"Tables of the centre `{path.stem}` alone", _own(path.stem, tables))
        for path in sorted((REPOSITORY / "config" / "tables" / "centres").glob("*.toml"))
    ]
    return _HEAD + "\n".join((*rows, *own)) + "\n"


def _own(centre_id: str, shared: list[TableSpec]) -> list[TableSpec]:
    known = {spec.id for spec in shared}
    return [spec for spec in load_catalogue(REPOSITORY / "config", centre_id).table if spec.id not in known]


def _row(block: str, specs: list[TableSpec]) -> str:
    words, others = BLOCKS[block]
    elsewhere = f" (in part: {', '.join(others)})" if others else ""
    return _line(f"**{block}**: {words}{elsewhere}", specs)


def _line(words: str, specs: list[TableSpec]) -> str:
    columns = dict.fromkeys(f"`{entity}.{column}`" for spec in specs for entity, column in columns_of(spec))
    return f"| {words} | {', '.join(map(_name, specs)) or '—'} | {', '.join(columns) or '—'} |"


def _name(spec: TableSpec) -> str:
    return " ".join((f"`{spec.id}`", *_also(spec)))


def _also(spec: TableSpec) -> Iterator[str]:
    told = {"_by_year": spec.is_compared, "_since": spec.since, "_school_year": spec.by_school_year}
    also = [suffix for suffix, is_told in told.items() if is_told]
    if also:
        yield f"({', '.join(also)})"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
