"""What the attacker says of each cell, and of all of them together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.disclosure.attacker.attack_model import Space, System
from pipelines.disclosure.attacker.attack_solver import Searcher
from pipelines.disclosure.reading.published import Where


class Verdict(StrEnum):
    """What the attacker says of a cell; all but the first two are refused."""

    SAFE = "safe"
    #: Surely k or more.
    LARGE = "large"
    #: A shown cell that the rule hides.
    SHOWN_SMALL = "shown_small"
    #: One possible value.
    EXACT = "exact"
    #: Surely below k, and some small value is excluded.
    TOO_NARROW = "too_narrow"
    #: Some small value is excluded, and k or more is possible: a danger if the cell is small.
    TOO_NARROW_IF_SMALL = "too_narrow_if_small"
    #: A group that no table publishes, known to be 1..k-1.
    IMPLICIT_SMALL = "implicit_small"
    #: Hours that bound a hidden count, or are all of one hidden line.
    HOURS_TELL = "hours_tell"
    #: The attack did not end in time.
    NOT_PROVEN = "not_proven"


@dataclass(frozen=True)
class Finding:
    """What is known of one group of records: `low` to `high`, both included, None without end or not proven.

    `allowed_low`: what the published zeros alone leave, where it matters. `minus`: the group taken away
    from `where`, for a difference of two shown cells. `are_ends_exact`: False where `low` and `high` are the widest
    values met, which were enough to judge, and others may be possible beyond them.
    """

    table: str
    where: Where
    low: int | None
    high: int | None
    allowed_low: int | None
    verdict: Verdict
    universe: str = ""
    minus: Where | None = None
    are_ends_exact: bool = True

    @property
    def is_safe(self) -> bool:
        return self.verdict in (Verdict.SAFE, Verdict.LARGE)


@dataclass(frozen=True)
class Searched:
    """One universe, and the solutions that the search met in it."""

    universe: str
    space: Space
    system: System
    searcher: Searcher


@dataclass(frozen=True)
class AttackReport:
    """One finding for each hidden and each watched cell, and one for each shown number that betrays a group."""

    findings: tuple[Finding, ...]
    k: int
    #: What the certificates are made of: every set of records that the search met.
    searched: tuple[Searched, ...] = field(default=(), repr=False, compare=False)

    @property
    def unsafe(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.is_safe)

    @property
    def is_safe(self) -> bool:
        return not self.unsafe

    @property
    def proved(self) -> tuple[Finding, ...]:
        """What a stranger is sure of, who does not know which hidden cells are small."""
        return tuple(
            finding
            for finding in self.unsafe
            if finding.verdict is not Verdict.TOO_NARROW_IF_SMALL
            and (finding.verdict is not Verdict.EXACT or (finding.high or 0) < self.k)
        )

    @property
    def hides_smallness(self) -> bool:
        """Whether nobody can prove of any hidden cell that it is below k (the level S2)."""
        return self.is_safe and all(finding.high is None or finding.high >= self.k for finding in self.findings)

    def unsafe_given(self, small: Collection[tuple[str, Where]]) -> tuple[Finding, ...]:
        """What is refused once the true small cells, as (universe, where), are known: for who holds the counts.

        A cell that is not small and not known to be small needs no interval.
        """
        lenient = (Verdict.EXACT, Verdict.TOO_NARROW_IF_SMALL)
        return tuple(
            finding
            for finding in self.unsafe
            if finding.verdict not in lenient or (finding.universe, finding.where) in small
        )
