"""The reference of `report.py`: what an analyst would write by hand, pandas and plotly, ten charts, one page.

It reads the demonstration export as it lies and draws the ten charts of the report for one year. It
checks nothing, protects nothing, and keeps nothing: that is the point of the comparison.
Usage: python benchmarks/hand_written.py EXPORT_FOLDER PAGE.html
"""

import sys
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio

FIRST_DAY, LAST_DAY = pd.Timestamp("2023-04-01"), pd.Timestamp("2024-03-31")
AGES = [-1, 5, 11, 13, 17, 24, 34, 44, 54, 64, 200]
DELAYS = [-1, 4, 30, 364, 2191, 4747, 100_000]


def read(folder: Path, name: str) -> pd.DataFrame:
    """One file of the export, every cell as text."""
    return pd.read_csv(folder / name, sep=";", encoding="cp1252", decimal=",", dtype=str)


def main(folder: Path, page: Path) -> None:
    """Read, count, draw."""
    requests = read(folder, "demandes.csv")
    told = pd.to_datetime(requests["Date de la demande"], format="%d/%m/%Y")
    requests = requests.assign(told=told)[told.between(FIRST_DAY, LAST_DAY)]
    aggressions = read(folder, "agressions.csv").merge(requests[["No demande", "told"]], on="No demande")
    links = read(folder, "liens_agresseurs.csv").merge(aggressions[["No agression"]], on="No agression")
    referrals = read(folder, "references.csv").merge(requests[["No demande"]], on="No demande")
    outcomes = pd.read_excel(folder / "orientations.xlsx", engine="calamine").merge(
        requests[["No demande"]], on="No demande"
    )
    since = pd.to_datetime(aggressions["Date de l'agression"], format="%d/%m/%Y", errors="coerce")
    delays = (aggressions["told"] - since).dt.days
    ages = pd.to_numeric(aggressions["Âge à l'agression"], errors="coerce")
    ages_at_request = pd.to_numeric(requests["Âge à la demande"], errors="coerce")
    charts = {
        "Qui a fait la demande": requests["Type de demandeur"].value_counts(),
        "Formes d'agression": aggressions["Formes"].str.split(" | ", regex=False).explode().value_counts(),
        "Âge à l'agression": pd.cut(ages, AGES).astype(str).value_counts(),
        "Âge à la demande": pd.cut(ages_at_request, AGES).astype(str).value_counts(),
        "Lien avec l'agresseur": links["Lien avec l'agresseur"].value_counts(),
        "Source de référence": referrals[referrals["Principale"] == "Oui"]["Source"].value_counts(),
        "Résidence": requests["MRC"].value_counts(),
        "Suite à la demande": outcomes["Suite à la demande"].value_counts(),
        "Suite à la première rencontre": outcomes["Suite à la première rencontre"].value_counts(),
        "Délai": pd.cut(delays, DELAYS).astype(str).value_counts(),
    }
    parts = []
    for title, counts in charts.items():
        labels = [str(label) for label in counts.index]
        figure = go.Figure(go.Bar(x=counts.to_list(), y=labels, orientation="h"), layout={"title": title})
        parts.append(pio.to_html(figure, full_html=False, include_plotlyjs=not parts))
    page.write_text("<!doctype html><meta charset=utf-8>" + "\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
