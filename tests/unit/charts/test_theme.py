"""Colours that can be told from paper, labels that stay labels, numbers a reader of Quebec expects."""

import pytest

from pipelines.charts import theme
from pipelines.language import NO_BREAK_SPACE, Language


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colour", [theme.BAR, theme.MISSING, *theme.YEARS])
def test_bars_stand_out_from_paper(colour):
    assert contrast(colour, theme.PAPER) >= 3


@pytest.mark.parametrize("colour", [theme.INK, theme.MUTED_INK])
def test_text_is_legible_on_paper(colour):
    assert contrast(colour, theme.PAPER) >= 4.5


@pytest.mark.parametrize("colour", [theme.BAR, theme.MISSING, *theme.YEARS])
def test_bars_stand_out_from_a_dark_screen(colour):
    assert contrast(theme.DARK[colour], theme.DARK[theme.PAPER]) >= 3


@pytest.mark.parametrize("colour", [theme.INK, theme.MUTED_INK])
def test_text_is_legible_on_a_dark_screen(colour):
    assert contrast(theme.DARK[colour], theme.DARK[theme.PAPER]) >= 4.5


def test_the_last_year_stands_out_the_most_on_a_dark_screen():
    assert sorted((theme.DARK[colour] for colour in theme.YEARS), key=luminance) == [
        theme.DARK[colour] for colour in theme.YEARS
    ]


@pytest.mark.parametrize("count", [2, 3, 4])
def test_years_darken_towards_the_last(count):
    colours = theme.year_colours(count)

    assert len(colours) == count
    assert sorted(colours, key=luminance, reverse=True) == list(colours)


def test_a_label_is_never_markup():
    assert (
        theme.wrap_label('<b>gras</b> & <a href="#">lien</a>')
        == '&lt;b&gt;gras&lt;/b&gt; &amp; &lt;a<br>href="#"&gt;lien&lt;/a&gt;'
    )


@pytest.mark.parametrize(("largest", "ticks"), [(0, [0, 1]), (4, [0, 1, 2, 3, 4]), (43, [0, 10, 20, 30, 40])])
def test_ticks_are_round(largest, ticks):
    assert theme.axis_ticks(largest, Language("fr"))[0] == ticks


def test_ticks_are_written_in_french():
    assert theme.axis_ticks(2100, Language("fr"))[1][-1] == f"2{NO_BREAK_SPACE}000"


def test_separators_are_french():
    assert theme.template(Language("fr"))["layout"]["separators"] == f",{NO_BREAK_SPACE}"
