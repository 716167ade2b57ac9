"""A configuration that `bilan map` proposed is a draft until a person put a name to it."""

from __future__ import annotations

import datetime

from pydantic import BaseModel, ConfigDict

from pipelines.errors import UsageError
from pipelines.language import msg


class ProposalSettings(BaseModel):
    """`[proposal]` of `config/centres/<id>.toml`: who accepted the draft, and what is left to decide."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    made_on: datetime.date
    accepted_by: str = ""
    to_decide: tuple[str, ...] = ()

    @property
    def is_accepted(self) -> bool:
        return bool(self.accepted_by.strip()) and not self.to_decide


def require_accepted(proposal: ProposalSettings | None, file: str) -> None:
    """Raise `UsageError` for a draft: nothing is read, counted or published with it."""
    if proposal is None or proposal.is_accepted:
        return
    raise UsageError(
        msg("The configuration of this centre is a proposal that nobody has accepted"),
        where=msg("in {file}", file=file),
        why=msg("points left to decide: {count}", count=len(proposal.to_decide)),
        to_do=msg("Read and correct it with its mappings, empty to_decide, then write your name in accepted_by"),
    )
