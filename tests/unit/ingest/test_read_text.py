"""The table of a text file: what is a row, what is not, and that every record is one or the other."""

import pytest

from pipelines.errors import InputRefused
from pipelines.ingest.account import Reason, Role, make_account
from pipelines.ingest.file_table import FileTable
from pipelines.ingest.read_text import TextContract, read_text


def read(text: str, **said: str) -> FileTable:
    return read_text(text.encode(), TextContract(**said), "x.csv")


def marks(table: FileTable) -> list[tuple[int, str]]:
    return [(record.line, record.mark.value) for record in table.set_aside]


ROWS = "1;01/02/2024;a\n2;03/02/2024;b\n3;28/02/2024;c\n"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    table = read(("No;Date;Mot\n" + ROWS).replace(";", delimiter))

    assert table.dialect is not None
    assert table.dialect.delimiter == delimiter
    assert table.header == ("No", "Date", "Mot")


def test_a_decimal_comma_is_not_a_delimiter() -> None:
    assert read("a;b\n1,5;2,3\n2,5;1,3\n4,0;7,1\n").rows[0] == ("1,5", "2,3")


def test_commas_of_sentences_are_not_delimiters() -> None:
    table = read("No;Note\n1;un, deux, trois\n2;un, deux, trois\n3;un, deux, trois\n")

    assert table.rows[0] == ("1", "un, deux, trois")


def test_a_delimiter_that_is_said_is_not_weighed() -> None:
    assert read("a,b;c\n1,2;3\n4,5;6\n", delimiter=";").header == ("a,b", "c")


def test_apostrophes_that_fill_cells_are_quotation_marks() -> None:
    assert read("n,m\n1,'a,b'\n2,'c'\n").rows == (("1", "a,b"), ("2", "c"))


def test_apostrophes_of_words_are_letters() -> None:
    assert read("n;m\n1;l'aide\n2;d'accord\n").rows == (("1", "l'aide"), ("2", "d'accord"))


def test_titles_above_the_header_are_recognised() -> None:
    table = read("Rapport des demandes\nPériode;2023-2024\n\nNo;Date;Mot\n" + ROWS)

    assert table.header == ("No", "Date", "Mot")
    assert marks(table) == [(1, "preamble"), (2, "preamble")]
    assert len(table.rows) == 3


def test_titles_as_wide_as_the_table_are_recognised() -> None:
    assert marks(read("Rapport;;\n;;\nNo;Date;Mot\n" + ROWS)) == [(1, "preamble")]


def test_two_header_lines_become_one_name_a_column() -> None:
    table = read("Personne;;Rencontre;\nÂge;Poids;Durée;Heure\n12;40;1,5;2\n13;50;2,5;3\n14;51;3;4\n")

    assert table.header == ("Personne Âge", "Personne Poids", "Rencontre Durée", "Rencontre Heure")
    assert table.header_lines == 2


def test_a_row_without_answers_is_not_a_second_header_line() -> None:
    table = read("Nom;Âge;Heures\nA;n/d;n/d\nB;12;3\nC;13;4\nD;14;5\n")

    assert (table.header_lines, len(table.rows)) == (1, 4)


def test_a_word_in_the_first_row_does_not_make_it_a_header_line() -> None:
    table = read("No;Lieu;Âge\n1;Joliette;inconnu\n2;Berthier;13\n3;Rawdon;14\n4;Crabtree;15\n5;Lavaltrie;16\n6;X;17\n")

    assert len(table.rows) == 6


def test_years_name_columns_of_numbers() -> None:
    table = read("Région;2019;2020;2021\nA;10;12;14\nB;9;8;7\nC;4;5;6\n")

    assert table.header == ("Région", "2019", "2020", "2021")


def test_a_file_that_names_no_column_has_no_header() -> None:
    table = read(ROWS)

    assert (table.header, len(table.rows)) == ((), 3)


def test_total_lines_are_recognised_wherever_they_stand() -> None:
    table = read("Sexe;Nombre\nF;10\nM;5\nTotal;15\n")

    assert marks(table) == [(4, "total")]


def test_a_category_called_total_is_a_row_like_the_others() -> None:
    rows = "".join(f"Total;{n}\nF;{n}\n" for n in range(20))

    assert len(read("Sexe;Nombre\n" + rows).rows) == 40


def test_notes_after_the_table_are_recognised() -> None:
    table = read("No;Date;Mot\n" + ROWS + "\nSource : la plateforme des centres\nDonnées du 1er avril\n")

    assert marks(table) == [(6, "footer"), (7, "footer")]


@pytest.mark.parametrize("cut", ["4", "D2024-0", "03/0", "Jean-P"])
def test_a_row_that_was_cut_off_is_rejected_not_taken_for_a_note(cut: str) -> None:
    table = read("No;Date;Mot\n" + ROWS + cut)

    assert marks(table) == [(5, "too_few_cells")]
    assert table.is_last_line_open


@pytest.mark.parametrize(("row", "reason"), [("4;x", "too_few_cells"), ("4;x;y;z", "too_many_cells")])
def test_a_ragged_row_is_rejected_with_its_reason(row: str, reason: str) -> None:
    assert marks(read(f"No;Date;Mot\n{row}\n" + ROWS)) == [(2, reason)]


def test_a_repeated_header_is_recognised() -> None:
    assert marks(read("No;Date;Mot\n" + ROWS + "No;Date;Mot\n" + ROWS)) == [(5, "repeated_header")]


def test_a_second_table_of_another_width_is_not_mixed_with_the_first() -> None:
    table = read("No;Date;Mot\n" + ROWS + "\nCode;Nombre\na;1\nb;2\nc;3\n")

    assert len(table.rows) == 3
    assert marks(table) == [(6, "other_table"), (7, "other_table"), (8, "other_table"), (9, "other_table")]


def test_a_second_table_of_the_same_width_is_not_mixed_with_the_first() -> None:
    table = read("No;Date;Mot\n" + ROWS + ROWS + "\nCode;Jour;Rang\n7;01/02/2024;1\n8;02/02/2024;2\n")

    assert marks(table) == [(9, "other_table"), (10, "other_table"), (11, "other_table")]


def test_a_narrower_second_table_of_the_same_sheet_is_not_mixed_with_the_first() -> None:
    table = read("No;Date;Mot\n" + ROWS + ROWS + ";;\nCode;Libellé;\na;Un;\nb;Deux;\n")

    assert marks(table) == [(9, "other_table"), (10, "other_table"), (11, "other_table")]


def test_a_row_with_few_answers_after_an_empty_line_is_a_row() -> None:
    table = read("No;Date;Âge\n" + "D1;01/02/2024;12\n" * 4 + ";;\nD2;;inconnu\nD3;02/02/2024;13\n")

    assert len(table.rows) == 6


def test_names_one_shorter_than_the_rows_leave_the_first_column_unnamed() -> None:
    table = read('"x";"y"\n"r1";1;2\n"r2";3;4\n"r3";5;6\n')

    assert (table.header, len(table.rows)) == (("", "x", "y"), 3)


def test_a_delimiter_at_the_end_of_every_line_makes_an_empty_column() -> None:
    assert read("a;b;\n1;2;\n3;4;\n").header == ("a", "b", "")


def test_a_mark_inside_quotes_is_not_a_part_of_the_name() -> None:
    assert read('"\ufeffNo";"Mot"\n1;a\n2;b\n').header == ("No", "Mot")


def test_one_column_needs_no_delimiter() -> None:
    assert read("value\n01\n002\n00003\n").rows == (("01",), ("002",), ("00003",))


def test_an_empty_file_holds_nothing() -> None:
    table = read("")

    assert (table.header, table.rows, table.account.records) == ((), (), 0)


def test_cells_keep_their_spaces_and_zeros() -> None:
    assert read("a;b\n 007 ;1\u00a0378,5\n").rows == ((" 007 ", "1\u00a0378,5"),)


def test_the_account_of_a_messy_file_adds_up() -> None:
    table = read('Titre\n\nNo;Date;Mot\n1;01/02/2024;a\n2;x\n3;"y\n4;02/02/2024;b\nTotal;3;\nSource : la plateforme\n')

    assert table.account.records == 9
    assert table.account.loaded == 2
    assert table.account.recognised == {
        Role.PREAMBLE: 1, Role.BLANK: 1, Role.HEADER: 1, Role.TOTAL: 1, Role.FOOTER: 1,
    }  # fmt: skip
    assert table.account.rejected == {Reason.TOO_FEW_CELLS: 1, Reason.OPEN_QUOTE: 1}


def test_an_account_that_does_not_add_up_is_a_fault_of_the_program() -> None:
    account = make_account([Role.ROW, Role.BLANK, Reason.NUL])
    object.__setattr__(account, "records", 4)

    with pytest.raises(AssertionError):
        account.check()


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InputRefused):
        read_text(b"PK\x03\x04", TextContract(), "x.csv")
