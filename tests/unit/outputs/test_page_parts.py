"""What a section of a page says of the tables that it lacks: once, and where they would stand if there is only one."""

from typing import Any

import nbformat
import pytest

from pipelines.charts.chart import MIME_CHART, Chart
from pipelines.language import NO_BREAK_SPACE, Language
from pipelines.outputs.page_parts import tell_untold_once

FRENCH = Language("fr")
NOT_YET, NO_KEY = "Ce tableau reste au centre.", "Sans pseudonyme, personne ne sait."


def prose(source: str) -> Any:
    return nbformat.v4.new_markdown_cell(source)


def code(chart: Chart) -> Any:
    return nbformat.v4.new_code_cell(
        outputs=[nbformat.v4.new_output("display_data", data={MIME_CHART: chart.payload()})]
    )


def told(title: str) -> Any:
    return code(Chart(title, title, "2023-2024", "Phrase.", table=None))


def untold(title: str, reason: str = NOT_YET) -> Any:
    return code(Chart(title, title, "2023-2024", reason, table=None, is_published=False))


def shown(cells: list[Any]) -> list[str]:
    """The prose, and the title of each chart, in the order of the page."""
    return [
        cell.source if cell.cell_type == "markdown" else cell.outputs[0]["data"][MIME_CHART]["title"] for cell in cells
    ]


def test_tables_that_stay_at_the_centre_are_named_once_at_the_end_of_their_section() -> None:
    section = [prose("# Prévention"), untold("Activités"), prose("## Qui était là"), untold("Rôles"), told("Autre")]

    assert shown(tell_untold_once(section, FRENCH)) == [
        "# Prévention",
        "## Qui était là",
        "Autre",
        f"Tableaux absents de cette page{NO_BREAK_SPACE}: Activités; Rôles. La même raison vaut pour chacun. {NOT_YET}",
    ]


def test_a_heading_under_which_nothing_is_left_goes_and_a_title_is_named_once() -> None:
    section = [prose("# Groupes"), untold("Heures"), prose("## Du début à la fin"), untold("Début"), untold("Heures")]

    kept = shown(tell_untold_once(section, FRENCH))

    assert kept[0] == "# Groupes"
    assert len(kept) == 2
    assert kept[1].count("Heures") == kept[1].count(NOT_YET) == 1


@pytest.mark.parametrize("others", [[], [untold("Rencontres", NO_KEY)], [told("Trousses")]])
def test_a_table_alone_with_its_reason_keeps_its_place(others: list[Any]) -> None:
    section = [prose("# Services"), untold("Activités"), *others]

    assert tell_untold_once(section, FRENCH) == section
