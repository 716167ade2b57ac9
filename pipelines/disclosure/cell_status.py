"""The state of a published cell: one documented list, used in every output."""

from enum import StrEnum


class CellStatus(StrEnum):
    """Hidden is not zero, unknown is not missing, zero is a fact."""

    SHOWN = "shown"
    #: Hidden to protect people; nothing tells why this cell rather than another.
    HIDDEN = "hidden"
    #: Cannot be anything but zero (a teen aged 40).
    STRUCTURAL_ZERO = "structural_zero"
    #: The centre's export does not hold it.
    NOT_COLLECTED = "not_collected"
