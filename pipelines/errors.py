"""What a user can repair: one class per exit code of the command line.

Anything that is not a `PipelineUserError` is a fault of the program and keeps its traceback out of
the user's sight but in the run log's class name and place. No error ever holds a cell's value: the
parameters of its messages are names of files, columns and rules, row numbers and counts.
"""

from collections.abc import Mapping
from pathlib import Path

from pipelines.language import Language, Message, msg


class PipelineUserError(Exception):
    """Base of the errors that end in one line, without a traceback.

    `what` is wrong, `where` (file, sheet, row, column), `why`, and what `to_do` next; each is a
    `Message`, so the border can say it in the user's language.
    """

    exit_code = 2

    def __init__(
        self,
        what: Message,
        *,
        where: Message | None = None,
        why: Message | None = None,
        to_do: Message,
    ) -> None:
        super().__init__(what.msgid)
        self.what = what
        self.where = where
        self.why = why
        self.to_do = to_do
        #: What was found out nevertheless: `--json` tells it in the same object as the error.
        self.facts: Mapping[str, object] = {}

    def one_line(self, language: Language) -> str:
        """The whole story on one line, in the language given."""
        parts = [part for part in (self.what, self.where, self.why, self.to_do) if part is not None]
        sentences = (language.text(part).replace("\n", " ").rstrip(". ") for part in parts)
        return ". ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences) + "."


class UsageError(PipelineUserError):
    """Wrong use or wrong configuration."""

    exit_code = 2


class ConfigurationError(UsageError):
    """All the faults of the configuration files, collected and told together."""

    def __init__(self, what: Message, *, faults: tuple[Message, ...], to_do: Message) -> None:
        super().__init__(what, to_do=to_do)
        self.faults = faults

    def one_line(self, language: Language) -> str:
        faults = "; ".join(language.text(fault).rstrip(".") for fault in self.faults)
        return f"{language.text(self.what)} {faults}. {language.text(self.to_do)}"


class InputRefused(PipelineUserError):
    """An export that cannot be read without guessing, or that holds what it must not hold."""

    exit_code = 3


class QualityGateFailed(PipelineUserError):
    """A rule of severity "error" is broken: no report is made from such data."""

    exit_code = 4


class DisclosureGateFailed(PipelineUserError):
    """What was asked for cannot leave the centre."""

    exit_code = 5


class CentreBusy(PipelineUserError):
    """Another run holds the centre."""

    exit_code = 6


class StorageError(PipelineUserError):
    """Disk full, folder not writable, file in use."""

    exit_code = 7


class MachineBusy(PipelineUserError):
    """The machine stopped, or could not do in time, a part of a report: too little memory, too much else to do."""

    exit_code = 8

    def __init__(self, where: Message) -> None:
        super().__init__(
            msg("The machine stopped a part of the report before its end"),
            where=where,
            why=msg("most often there is too little memory; the last good report is untouched"),
            to_do=msg("Close other programs, then run the command again"),
        )


def fault_line(fault: BaseException, language: Language) -> str:
    """Class and place of a fault: its own words may hold a value, so they are not repeated."""
    place = "?"
    trace = fault.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "pipelines" in (file.parent.name, file.parent.parent.name):
            place = f"{file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return language.text(
        msg(
            "Fault of the program: {kind} at {place}. Nothing was published; tell the developers these two words.",
            kind=type(fault).__name__,
            place=place,
        )
    )
