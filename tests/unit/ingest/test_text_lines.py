"""From characters to records: nothing is left out, a broken line is a record with its fault."""

import pytest

from pipelines.ingest.text_lines import Dialect, Fault, find_newline, remove_invisible, split_lines, split_records


def split(text: str, delimiter: str = ";", quote: str = '"') -> list[tuple[int, int, tuple[str, ...], Fault | None]]:
    newline = find_newline(text)
    records = split_records(split_lines(text, newline), Dialect(delimiter, quote, newline))
    return [(record.line, record.lines, record.cells, record.fault) for record in records]


def test_a_quoted_cell_holds_delimiters_line_breaks_and_doubled_quotes() -> None:
    assert split('1;"a;\nb ""c"""\n2;d\n') == [(1, 2, ("1", 'a;\nb "c"'), None), (3, 1, ("2", "d"), None)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_end_of_line_is_one(end: str) -> None:
    assert [record[2] for record in split(f"a;b{end}1;2{end}3;4")] == [("a", "b"), ("1", "2"), ("3", "4")]


def test_other_signs_of_unicode_do_not_end_a_line() -> None:
    assert split("1;a\u2028b\x0bc\x0cd\x85e\n") == [(1, 1, ("1", "a\u2028b\x0bc\x0cd\x85e"), None)]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('1;"a', Fault.STRAY_QUOTE),
        ('1;"a"b', Fault.STRAY_QUOTE),
        ('1;say "a"', Fault.STRAY_QUOTE),
        ("1;a\rb", Fault.STRAY_RETURN),
        ("1;a\x00", Fault.NUL),
        ("1;a\ufffd", Fault.LOST_CHARACTER),
        ("1;" + "x" * 5_000, Fault.LONG_CELL),
        ("1;x" * 30_000, Fault.LONG_LINE),
    ],
)
def test_a_broken_line_is_set_aside_alone(line: str, fault: Fault) -> None:
    told = split(f'a;b\n{line}\n2;"c"\n3;d\n')

    assert [record[0] for record in told] == [1, 2, 3, 4]
    assert [record[3] for record in told] == [None, fault, None, None]


def test_a_quote_that_is_never_closed_costs_its_own_line_only() -> None:
    assert [record[3] for record in split('a;b\n1;"x\n2;y\n3;z\n')] == [None, Fault.OPEN_QUOTE, None, None]


def test_a_line_broken_inside_a_quoted_cell_takes_the_lines_of_the_cell_with_it() -> None:
    told = split('a;b\n1;"x\n2;y\x00\nz"\n3;z\n')

    assert [(record[0], record[1], record[3]) for record in told] == [
        (1, 1, None), (2, 2, Fault.NUL), (4, 1, Fault.STRAY_QUOTE), (5, 1, None),
    ]  # fmt: skip


def test_apostrophes_quote_where_the_dialect_says_so() -> None:
    assert split("1,'a,b'\n", ",", "'") == [(1, 1, ("1", "a,b"), None)]


def test_invisible_characters_are_taken_out_and_counted() -> None:
    assert remove_invisible('"\ufeffNo";a\u200bb\u202e') == ('"No";ab', 3)


def test_no_line_at_all_is_no_record() -> None:
    assert split("") == []
