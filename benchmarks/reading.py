"""A made-up export of ten million rows (933 MB), read against DuckDB's bare scan of the same file, in turns.

The file has twelve columns, `;`, decimal commas, dd/mm/yyyy and two columns of words that code lists
map. The scan reads every cell as text and keeps nothing. Two figures are told against it:

- strict reading, as `bilan ingest` does it: both ends examined, lines counted apart, every cell read
  strictly, rows that are none of the table marked, Parquet written, and the account checked;
- the whole intake up to the load package: that reading, every cell screened for identifiers, dates and
  numbers read, words mapped, four kinds of records written.

Usage: python benchmarks/reading.py [ROWS] [FILE]
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from pipelines.codes import load_vocabularies
from pipelines.config import Centre, SourceSettings
from pipelines.ingest.load_package import load_export
from pipelines.ingest.read_large import read_large

REPOSITORY = Path(__file__).resolve().parent.parent
PROMISED_RATIO = 3.5
PROMISED_MEGABYTES = 1_200
LINKS = (
    "Mère",
    "Père",
    "Conjoint ou ex-conjoint",
    "Connaissance",
    "Inconnu",
    "Membre de la famille",
    "Ami",
    "Collègue",
)
SOURCE = {"id": "export", "files": "*.csv", "delimiter": ";", "date_format": "%d/%m/%Y"}
REFERRALS = ("Policiers", "CLSC", "Amie", "Site web", "DPJ", "Hôpital", "École", "CAVAC")


def _words(words: tuple[str, ...], draw: str) -> str:
    return f"({list(words)!r})[1 + ({draw} % {len(words)})::int]"


def write_export(path: Path, rows: int) -> None:
    """The made-up export; the same number of rows gives the same file."""
    query = f"""
        select
            'D' || lpad(i::varchar, 8, '0') as "No demande",
            'P' || lpad((hash(i) % 3000000)::varchar, 7, '0') as "No personne",
            strftime(date '2015-01-01' + (hash(i, 1) % 3650)::int, '%d/%m/%Y') as "Date de la demande",
            strftime(date '1985-01-01' + (hash(i, 2) % 14000)::int, '%d/%m/%Y') as "Date agression",
            (12 + hash(i, 3) % 70)::varchar as "Âge",
            {_words(LINKS, "hash(i, 4)")} as "Lien",
            {_words(REFERRALS, "hash(i, 5)")} as "Référence",
            replace(((hash(i, 6) % 4000) / 4.0)::varchar, '.', ',') as "Heures",
            (hash(i, 7) % 10)::varchar as "Rencontres",
            {_words(("oui", "non", ""), "hash(i, 8)")} as "Plainte",
            {_words(("Joliette", "Matawinie", "Montcalm", "Les Moulins"), "hash(i, 9)")} as "MRC",
            replace((hash(i, 10) % 100000 / 100.0)::varchar, '.', ',') as "Montant"
        from range({rows}) as numbers(i)
    """
    with duckdb.connect(config={"threads": 2, "memory_limit": "700MB"}) as connection:
        connection.execute(f"copy ({query}) to '{path}' (format csv, delim ';', header, quote '\"')")


def scan(path: Path) -> float:
    """Wall seconds of DuckDB reading every cell as text, everything pinned, nothing written."""
    begun = time.perf_counter()
    lengths = ", ".join(f"max(length(c{place}))" for place in range(12))
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(12))
    with duckdb.connect(config={"threads": 2, "memory_limit": "700MB"}) as connection:
        connection.execute(
            f"select {lengths} from read_csv('{path}', auto_detect = false, header = false, skip = 1, delim = ';', "
            f"quote = '\"', escape = '\"', strict_mode = true, columns = {{{columns}}})"
        ).fetchall()
    return time.perf_counter() - begun


def read(path: Path, work: Path) -> tuple[float, dict[str, object]]:
    """Wall seconds of the strict reading, and its account."""
    begun = time.perf_counter()
    table = read_large(path, SourceSettings.model_validate(SOURCE), work)
    taken = time.perf_counter() - begun
    table.staged.unlink()
    return taken, table.account.facts()


#: Kinds of records of the export, their columns and, for the coded ones, the code list.
ENTITIES: dict[str, dict[str, tuple[str, str]]] = {
    "request": {
        "request_id": ("No demande", ""),
        "person_id": ("No personne", ""),
        "request_date": ("Date de la demande", ""),
    },
    "aggression": {
        "aggression_id": ("No demande", ""),
        "request_id": ("No demande", ""),
        "aggression_date": ("Date agression", ""),
        "age_at_aggression": ("Âge", ""),
    },
    "aggressor_link": {"aggression_id": ("No demande", ""), "relationship_code": ("Lien", "relationship")},
    "referral": {"request_id": ("No demande", ""), "referral_source_code": ("Référence", "referral_source")},
}


def intake(path: Path, work: Path) -> tuple[float, dict[str, object]]:
    """Wall seconds of the whole intake of a folder that holds the export, and its account."""
    vocabularies = load_vocabularies(REPOSITORY / "config" / "vocabularies", {"residence": "residence_lanaudiere"})
    mappings = work / "config" / "mappings" / "bench"
    mappings.mkdir(parents=True, exist_ok=True)
    for name, words in (("relationship", LINKS), ("referral_source", REFERRALS)):
        codes = [code.code for code in vocabularies[name].leaves]
        lines = [f"{word},{code}\n" for word, code in zip(words, codes, strict=False)]
        (mappings / f"{name}.csv").write_text("source_value,code\n" + "".join(lines), encoding="utf-8")
    raw = work / "raw"
    raw.mkdir(exist_ok=True)
    export = raw / "export.csv"
    export.unlink(missing_ok=True)
    export.symlink_to(path.resolve())
    begun = time.perf_counter()
    load = load_export(raw, work / "loads", f"load-{begun:.0f}", _centre(), vocabularies, work / "config")
    return time.perf_counter() - begun, load.manifest["files"][0]["account"]


def _centre() -> Centre:
    entities = [
        {
            "name": name,
            "source": "export",
            "columns": {
                column: {"from": source} | ({"mapping": words} if words else {})
                for column, (source, words) in columns.items()
            },
        }
        for name, columns in ENTITIES.items()
    ]
    return Centre.model_validate(
        {
            "id": "bench",
            "name": {"fr": "Mesure", "en": "Measure"},
            "period": {"kind": "calendar"},
            "source": [SOURCE],
            "entity": entities,
        }
    )


def main(rows: int, given: Path | None) -> int:
    """Print the figures; 1 where a promise is broken."""
    with tempfile.TemporaryDirectory(dir=given.parent if given else None) as folder:
        work = Path(folder)
        path = given or work / "export.csv"
        if given is None:
            # Elsewhere, so that the memory of writing is not counted.
            subprocess.run([sys.executable, __file__, "--write", str(path), str(rows)], check=True)
        scans, strict, whole = [scan(path)], [], []
        for _ in range(1 if rows > 2_000_000 else 3):
            taken, account = read(path, work)
            strict.append(taken)
            strict_peak = _peak()
            scans.append(scan(path))
            whole.append(intake(path, work)[0])
            scans.append(scan(path))
        print(f"reading.py: {rows} rows, {path.stat().st_size / 1e6:.0f} MB, {account}")
        print(f"  DuckDB, scan alone                {statistics.median(scans):8.2f} s (before, between and after)")
        reading = statistics.median(strict) / statistics.median(scans)
        print(f"  strict reading with its account   {statistics.median(strict):8.2f} s, ratio {reading:.2f}")
        print(f"    promised {PROMISED_RATIO}; peak memory {strict_peak:.0f} MB (promised {PROMISED_MEGABYTES})")
        everything = statistics.median(whole) / statistics.median(scans)
        print(f"  whole intake, screen included     {statistics.median(whole):8.2f} s, ratio {everything:.2f}")
        print(f"    peak memory {_peak():.0f} MB (promised {PROMISED_MEGABYTES})")
    return 0 if reading <= PROMISED_RATIO and _peak() <= PROMISED_MEGABYTES else 1


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write_export(Path(sys.argv[2]), int(sys.argv[3]))
        sys.exit(0)
    sys.exit(
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000, Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    )
