"""A made-up centre of a few rows, drawn as tables in the tests, that goes through the real rooms."""

import shutil
from pathlib import Path

from pipelines.config import Centre, Workspace, load_centre, load_centre_vocabularies, read_period
from pipelines.freshness import load_fingerprint
from pipelines.ingest.load_package import LoadPackage, load_export
from pipelines.model.build_database import build_database
from pipelines.model.database import read_database
from pipelines.rules import load_rules
from pipelines.tables.count_release import count_over_years, count_release
from pipelines.tables.count_table import CountTable
from pipelines.tables.table_spec import load_catalogue

REPOSITORY = Path(__file__).resolve().parent.parent

#: Codes are written as they are (no mapping), dates as ISO; `?` is "does not know".
CENTRE = """
id = "petit"
name = { fr = "Petit centre", en = "Small centre" }
is_fictitious = true

[period]
kind = "fiscal"
start_month = 4

[vocabularies]
residence = "residence_lanaudiere"
"""


def rows_of(drawing: str) -> list[list[str]]:
    """The cells of a drawn table: one line a row, `|` between cells, the header first."""
    return [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]


class SmallCentre:
    """Writes a workspace in a folder from drawn tables; each is one kind of record."""

    def __init__(self, root: Path, extra_settings: str = "", **drawings: str) -> None:
        self.workspace = Workspace(root)
        self.raw = root / "data" / "raw" / "petit"
        self.raw.mkdir(parents=True)
        config = root / "config"
        (config / "centres").mkdir(parents=True)
        shutil.copytree(REPOSITORY / "config" / "vocabularies", config / "vocabularies")
        shutil.copytree(REPOSITORY / "config" / "tables", config / "tables")
        for name in ("rules.toml", "wordings.toml"):
            shutil.copy(REPOSITORY / "config" / name, config)
        settings = [CENTRE, extra_settings]
        for entity, drawing in drawings.items():
            header, *rows = rows_of(drawing)
            lines = [";".join(header), *(";".join(row) for row in rows)]
            (self.raw / f"{entity}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
            settings.append(_source(entity, header))
        self.settings = config / "centres" / "petit.toml"
        self.settings.write_text("\n".join(settings), encoding="utf-8")

    @property
    def centre(self) -> Centre:
        return load_centre(self.workspace, "petit")

    @property
    def database(self) -> Path:
        return self.workspace.processed("petit") / "cases.duckdb"

    def load(self) -> LoadPackage:
        """Read, screen and map the drawn files."""
        vocabularies = load_centre_vocabularies(self.workspace, self.centre)
        load_id = load_fingerprint(self.workspace, self.centre, self.raw)
        loads = self.workspace.processed("petit") / "loads"
        return load_export(self.raw, loads, load_id, self.centre, vocabularies, self.workspace.config)

    def build(self) -> None:
        """Load, then build the database with the rule book of the workspace."""
        build_database(self.load(), load_rules(self.workspace.config), self.database)

    def count_all(self, year: str = "2023-2024") -> tuple[CountTable, ...]:
        """Load, build the database, then count the tables of the real catalogue, comparisons included."""
        self.build()
        vocabularies = load_centre_vocabularies(self.workspace, self.centre)
        catalogue = load_catalogue(self.workspace.config)
        period = read_period(self.centre.period, year)
        with read_database(self.database) as connection:
            of = (connection, catalogue, self.centre, vocabularies, period)
            return (*count_release(*of), *count_over_years(*of))

    def count(self, table_id: str, year: str = "2023-2024") -> CountTable:
        """One table of `count_all`."""
        return next(table for table in self.count_all(year) if table.id == table_id)


def _source(entity: str, header: list[str]) -> str:
    columns = []
    for name in header:
        extra = ', yes = ["oui"], no = ["non"]' if name.startswith("is_") else ""
        extra += ', duration = "hours"' if name.endswith("minutes") else ""
        columns.append(f'{name} = {{ from = "{name}"{extra} }}')
    return "\n".join(
        [
            "[[source]]",
            f'id = "{entity}"',
            f'files = "{entity}.csv"',
            'delimiter = ";"',
            'missing = { "?" = "ne_sait_pas" }',
            "[[entity]]",
            f'name = "{entity}"',
            f'source = "{entity}"',
            "[entity.columns]",
            *columns,
        ]
    )


def counts(table: CountTable) -> dict[str, int]:
    """The cells of a one-way table that are not zero, by code."""
    return {cell.codes[0]: cell.count for cell in table.cells if cell.count}
