"""The promise of the exit codes, and of one line that says what, where, why and what to do."""

import pytest

from pipelines import errors
from pipelines.language import Language, Message

ENGLISH = Language("en")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError, 2),
        (errors.ConfigurationError, 2),
        (errors.InputRefused, 3),
        (errors.QualityGateFailed, 4),
        (errors.DisclosureGateFailed, 5),
        (errors.CentreBusy, 6),
        (errors.StorageError, 7),
        (errors.MachineBusy, 8),
    ],
)
def test_exit_codes_are_those_promised(error, code):
    assert error.exit_code == code


def test_every_error_of_a_user_ends_without_a_traceback():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]

    assert all(issubclass(kind, errors.PipelineUserError) for kind in kinds)


def test_one_line_says_what_where_why_and_what_to_do_in_that_order():
    error = errors.InputRefused(Message("What"), where=Message("where"), why=Message("why"), to_do=Message("Do this"))

    assert error.one_line(ENGLISH) == "What. Where. Why. Do this."


def test_what_is_not_known_is_left_out():
    assert errors.InputRefused(Message("What"), to_do=Message("Do this")).one_line(ENGLISH) == "What. Do this."


def test_one_line_is_one_line():
    error = errors.InputRefused(Message("What\nand what"), to_do=Message("Do this.\n"))

    assert "\n" not in error.one_line(ENGLISH)


def test_the_parameters_of_a_message_stay_out_of_what_a_traceback_prints():
    error = errors.InputRefused(Message("Column {column}", {"column": "Marie"}), to_do=Message("Do this"))

    assert "Marie" not in str(error) + repr(error)


def test_all_the_faults_of_a_configuration_are_told_together():
    error = errors.ConfigurationError(
        Message("Faults:"), faults=(Message("first."), Message("second.")), to_do=Message("Correct them")
    )

    assert error.one_line(ENGLISH) == "Faults: first; second. Correct them"
