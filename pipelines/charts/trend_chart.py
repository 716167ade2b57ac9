"""A comparison of years: for each class, one bar a year, the last year darkest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipelines.charts import theme
from pipelines.charts.alternative_text import describe_years, say_nothing_drawn
from pipelines.charts.bar_chart import narrow_rows, not_collected_chart
from pipelines.charts.chart import Chart, TableTwin, TwinCell, TwinRow
from pipelines.charts.comparable_years import hatched_years, marker_of, say_not_comparable
from pipelines.charts.counted_rows import CountedRow, CountedRows, as_drawn, read_rows, write_cell
from pipelines.charts.twin_bars import with_bars
from pipelines.charts.wording import (
    chart_title,
    known_answers,
    missing_of_years,
    of_units,
    sizes_of_years,
    table_notes,
)
from pipelines.disclosure.release_table import ReleaseTable
from pipelines.language import Language

_BAR_PIXELS = 20
_GAP_PIXELS = 16
#: Letters of `2023-2024`.
_USUAL_YEAR = 9

Year = tuple[str, CountedRows]


def trend_chart(table: ReleaseTable, language: Language) -> Chart:
    """The chart of a table by year and one other dimension; raises `ValueError` for another table."""
    if len(table.dimensions) != 2 or not table.dimensions[0].is_time:
        raise ValueError("a comparison takes a table by period and one other dimension")
    if not table.is_collected:
        return not_collected_chart(table, language)
    years = _years(table, language)
    if len(years) < 2:
        return nothing_to_compare(table, years, language)
    drawn = years[-len(theme.YEARS) :]
    hides_all = all(rows.hides_all_answers for _, rows in drawn)
    hatched = hatched_years(table.dimensions[0].classes)[-len(drawn) :]
    figure, narrow = (None, {}) if hides_all else _draw(drawn, hatched, language)
    return Chart(
        id=table.id,
        title=chart_title(table, language),
        subtitle=_subtitle(table, drawn, language),
        alternative=say_nothing_drawn(language) if hides_all else describe_years(table, years, language),
        table=with_bars(_twin(table, years, language), range(len(years))),
        figure=figure,
        narrow=narrow,
        missing=missing_of_years(years, language),
        notes=(
            *table_notes(table, language),
            *known_answers(years, language),
            *(() if hides_all else _notes(years, drawn, hatched, language)),
        ),
    )


def _years(table: ReleaseTable, language: Language) -> list[Year]:
    """Each year's rows, all in the order of the last year."""
    codes = table.dimensions[0].classes
    years = [(code.label.in_language(language), read_rows(table, language, code.code, None)) for code in codes]
    if not years:
        return []
    order = {row.code: rank for rank, row in enumerate(years[-1][1].answered)}
    return [
        (year, replace(rows, answered=tuple(sorted(rows.answered, key=lambda row: order[row.code]))))
        for year, rows in years
    ]


def nothing_to_compare(table: ReleaseTable, years: Sequence[Year], language: Language) -> Chart:
    """A chart without a drawing: fewer than two years are told, or the export does not hold what it needs."""
    if not table.is_collected:
        return not_collected_chart(table, language)
    return Chart(
        id=table.id,
        title=chart_title(table, language),
        subtitle="; ".join(year for year, _ in years) or table.period,
        alternative=language.say("Only one year is at hand: there is nothing to compare yet."),
        table=None,
        notes=table_notes(table, language),
    )


def _draw(years: Sequence[Year], hatched: Sequence[bool], language: Language) -> tuple[dict[str, Any], dict[str, Any]]:
    classes = years[-1][1].answered
    pitch = _BAR_PIXELS * len(years) + _GAP_PIXELS
    thickness = _BAR_PIXELS / pitch
    largest = round(max((row.drawn or 0 for _, rows in years for row in rows.answered), default=0))
    room, narrow_room = _rooms(years)
    traces: list[dict[str, Any]] = []
    numbers: list[dict[str, Any]] = []
    colours = theme.year_colours(len(years))
    for rank, ((year, rows), colour) in enumerate(zip(years, colours, strict=True)):
        offset = (rank - (len(years) - 1) / 2) * thickness
        places = [place + offset for place in range(len(classes))]
        values = [row.drawn for row in rows.answered]
        trace = theme.bar_trace(places, values, year, colour, width=thickness * 0.9, name=year)
        traces.append(trace | {"marker": marker_of(colour, is_hatched=hatched[rank])})
        # The years are named once, beside the first class's bars: no legend to look up.
        texts = [_number(year if place == 0 else "", row, language) for place, row in enumerate(rows.answered)]
        numbers.extend(
            theme.value_note(row.drawn or 0, place, text)
            for row, place, text in zip(rows.answered, places, texts, strict=True)
        )
    bottom = len(classes) - 0.4
    layout = {
        "height": round((bottom + 0.7) * pitch + 38),
        "margin": theme.MARGIN,
        "barmode": "overlay",
        "xaxis": theme.count_axis(largest, language, room=room),
        "yaxis": theme.row_axis(range(len(classes)), [theme.wrap_label(row.label) for row in classes], bottom),
        "annotations": numbers,
    }
    narrow = {
        **narrow_rows(bottom, largest),
        "labels": 0.41,
        "height": round((bottom + 0.7) * (pitch + 22) + 38),
        "xaxis.range": [0, max(largest, 1) * narrow_room],
    }
    return theme.checked_figure(traces, layout, language), narrow


def _rooms(years: Sequence[Year]) -> tuple[float, float]:
    """How far the axis reaches, in longest bars: a year told in part has its share beside its name."""
    return (2.1, 3.0) if any(len(year) > _USUAL_YEAR for year, _ in years) else (1.45, 2.3)


def _number(year: str, row: CountedRow, language: Language) -> str:
    text = row.full_text(language)
    return language.say("{label}: {count}", label=year, count=text) if year else text


def _subtitle(table: ReleaseTable, years: Sequence[Year], language: Language) -> str:
    counts = sizes_of_years(years, language)
    of = of_units(table, language)
    if table.unit.counts_persons:
        return language.say(
            "Number {of_units} ({counts}); one person may be in several lines", of_units=of, counts=counts
        )
    if table.dimensions[1].is_multi_answer:
        return language.say("Number {of_units} ({counts}), several answers possible", of_units=of, counts=counts)
    if all(rows.base is None for _, rows in years):
        return language.say(
            "Number {of_units} ({counts}); the number with an answer is hidden", of_units=of, counts=counts
        )
    if all(rows.missing_count == 0 for _, rows in years):
        return language.say("Number {of_units} ({counts})", of_units=of, counts=counts)
    return language.say("Number {of_units} with an answer ({counts})", of_units=of, counts=counts)


def _notes(
    years: Sequence[Year], drawn: Sequence[Year], hatched: Sequence[bool], language: Language
) -> tuple[str, ...]:
    notes = [
        language.say(
            "In each group the years follow one another downwards; each percentage is of the answers of its own year."
        )
    ]
    if any(hatched):
        notes.append(say_not_comparable(language))
    if len(drawn) < len(years):
        notes.append(language.say("The last {count} years are drawn; the table has them all.", count=len(drawn)))
    return tuple(notes)


def _twin(table: ReleaseTable, years: Sequence[Year], language: Language) -> TableTwin:
    def line(rows: Sequence[CountedRow], kind: str) -> TwinRow:
        return TwinRow(rows[0].label, tuple(TwinCell(row.full_text(language), row.drawn) for row in rows), kind)

    lines: list[TwinRow] = []
    for same_class in zip(*(rows.answered for _, rows in years), strict=True):
        lines.append(line(same_class, "answer"))
        order = [child.code for child in same_class[-1].children]
        by_code = [{child.code: child for child in row.children} for row in same_class]
        lines.extend(line([children[code] for children in by_code], "detail") for code in order)
    lines.extend(line(same_kind, "missing") for same_kind in zip(*(rows.missing for _, rows in years), strict=True))
    totals = tuple(
        TwinCell(write_cell(rows.total, language, rows.measure), as_drawn(rows.total.value, rows.measure))
        for _, rows in years
    )
    lines.append(TwinRow(language.say("Total"), totals, "total"))
    header = (table.dimensions[1].title.in_language(language), *(year for year, _ in years))
    return TableTwin(chart_title(table, language), header, tuple(lines))
