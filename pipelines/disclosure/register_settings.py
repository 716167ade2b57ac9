"""What a person writes for the anonymization register: `[register]` of `config/disclosure.toml`.

The regulation on anonymization (A-2.1, r. 0.1) asks for the purposes, for a competent person who supervises,
for the security measures and for the dates of analysis; numbers and techniques come from the release.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pipelines.errors import DisclosureGateFailed
from pipelines.language import Text, msg


class RegisterSettings(BaseModel):
    """The lines of the register that no computer can fill.

    `person_in_charge`: who supervises the anonymization; a draft can be made without, an approval cannot.
    `review_months`: after how many months at most the risks are analysed again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    person_in_charge: Annotated[str, StringConstraints(strip_whitespace=True)] = ""
    role: Text | None = None
    purpose: Text
    security_measures: Annotated[tuple[Text, ...], Field(min_length=1)]
    review_months: Annotated[int, Field(ge=1, le=36)] = 12


def require_person_in_charge(settings: RegisterSettings) -> None:
    """Raise `DisclosureGateFailed` (exit 5) where the register names nobody.

    To call before the approval of a release of a real centre; a made-up one has nobody to name.
    """
    if not settings.person_in_charge:
        raise DisclosureGateFailed(
            msg("The release cannot be approved"),
            why=msg("its register names no person in charge of the anonymization"),
            to_do=msg(
                "Write person_in_charge under [register] in config/disclosure.toml, make the report again, "
                "then approve it"
            ),
        )
