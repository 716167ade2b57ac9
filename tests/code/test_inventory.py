"""The inventory says which tables tell each block of a report, and cannot go stale."""

import re

from pipelines.tables.table_spec import load_catalogue
from tests.code.inventory_document import BLOCKS, DOCUMENT, document


def test_the_inventory_is_that_of_the_catalogue():
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "python -m tests.code.inventory_document writes it anew"


def test_every_table_belongs_to_a_known_block(repository):
    strays = {spec.id: spec.block for spec in load_catalogue(repository / "config").table if spec.block not in BLOCKS}

    assert strays == {}


def test_every_table_is_in_the_inventory_once(repository):
    ids = {
        spec.id
        for centre in ("", *(path.stem for path in (repository / "config/tables/centres").glob("*.toml")))
        for spec in load_catalogue(repository / "config", centre).table
    }
    told = re.findall(
        r"`([a-z0-9_]+)`", " ".join(line.split("|")[2] for line in document().splitlines() if "|" in line)
    )

    assert set(told) - {"_by_year"} == ids
    own = [name for name in told if told.count(name) > 1]
    # Two centres may have a table of their own by one name.
    assert set(own) <= {"location"}
