"""`registre.html`: the release record and anonymization register entry, one printed page in two languages.

It goes out with the release, so everything in it is either written by a person, a rule that everybody may
know, or computed from what is published: nothing tells which of the hidden cells are small. The regulation
is the one on the anonymization of personal information (A-2.1, r. 0.1).
"""

from __future__ import annotations

import calendar
import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.ledger.approval import APPROVAL_FILE
from pipelines.disclosure.register_settings import RegisterSettings
from pipelines.disclosure.release_files import release_texts
from pipelines.disclosure.release_table import Protection, Release, ReleaseTable
from pipelines.language import LANGUAGES, Language, Text, msg_count
from pipelines.outputs.plain_page import write_page
from pipelines.outputs.protection_words import as_sentence, merging_sentences, rule_sentences, technique_sentence
from pipelines.tables.dimension import PERIOD

REGISTER_PAGE = "registre.html"


@dataclass(frozen=True)
class RegisterFacts:
    """What the page tells beside the release itself; all of it may be known to everybody.

    `narrowest`: what an attack on the published files gives as the fewest values that a hidden cell keeps, over
    all the hidden cells that may be small for all that a reader knows, never over those that are; None where it
    gives none. `merged`: steps of the merging plan that hold. `reasons`: by name, why k, level and zeros are
    what they are, in the words of the centre's configuration. `ledger_version`: entries of the ledger that the
    release was protected with.
    """

    made_on: datetime.date
    narrowest: int | None
    merged: tuple[str, ...]
    reasons: Mapping[str, str]
    ledger_version: int
    solver: str
    seconds: float


@dataclass(frozen=True)
class Signatures:
    """Who answers for the release; `number` is its entry in the ledger of releases."""

    prepared_by: str
    approved_by: str
    approved_on: datetime.date
    number: int


@dataclass(frozen=True)
class _Side:
    """The page in one language: entries of a title and its sentences."""

    html_tag: str
    title: str
    regulation: str
    entries: Sequence[tuple[str, Sequence[str]]]
    approval_title: str
    approval: Sequence[tuple[str, str]]
    approval_note: str


def write_register(
    release: Release,
    facts: RegisterFacts,
    settings: RegisterSettings,
    path: Path,
    *,
    titles: Mapping[str, Text],
    signatures: Signatures | None = None,
) -> None:
    """Write the page of a protected release; `titles` are those of the catalogue, dropped tables included.

    Without `signatures` it is a draft's, with places to sign: the page of a release folder, which nobody may
    change once it is approved. With them it is a copy for the centre's own register. Raises `ValueError` for an
    internal release.
    """
    if release.protection is None:
        raise ValueError("a release that is not protected has no register entry")
    languages = [Language(code) for code in LANGUAGES]
    entries = _Entries(release, release.protection, facts, settings, titles)
    french = languages[0]
    write_page(
        "register.html",
        path,
        html_tag=french.html_tag,
        centre=release.centre_name.in_language(french),
        period=release.period,
        is_fictitious=release.is_fictitious,
        banners=[(language.html_tag, language.say("Made-up data")) for language in languages],
        sides=[entries.side(language, signatures) for language in languages],
        checksum=hashlib.sha256(release_texts(release)[1].encode()).hexdigest(),
    )


@dataclass(frozen=True)
class _Entries:
    """The entries of the register, in the order of the regulation, said in one language at a time."""

    release: Release
    protection: Protection
    facts: RegisterFacts
    settings: RegisterSettings
    titles: Mapping[str, Text]

    def side(self, language: Language, signatures: Signatures | None) -> _Side:
        told = (
            (language.say("Information"), self._information(language)),
            (language.say("Purposes"), [self.settings.purpose.in_language(language)]),
            (language.say("Person in charge"), [self._person(language)]),
            (language.say("Criterion: individualization (singling out)"), self._singling_out(language)),
            (language.say("Criterion: correlation"), self._correlation(language)),
            (language.say("Criterion: inference"), self._inference(language)),
            (language.say("Techniques"), self._techniques(language)),
            (
                language.say("Security measures"),
                [measure.in_language(language) for measure in self.settings.security_measures],
            ),
            (language.say("Residual risk"), self._residual_risk(language)),
            (language.say("Analysis of the risks"), self._analyses(language)),
            (language.say("Measures"), self._measures(language)),
        )
        return _Side(
            html_tag=language.html_tag,
            title=language.say("Release record and anonymization register entry"),
            regulation=language.say("Regulation respecting the anonymization of personal information (A-2.1, r. 0.1)"),
            entries=[(title, [as_sentence(sentence) for sentence in sentences]) for title, sentences in told],
            approval_title=language.say("Approval"),
            approval=_places_to_sign(signatures, language),
            approval_note=_approval_note(signatures, language),
        )

    def _information(self, language: Language) -> list[str]:
        populations = dict.fromkeys(table.population.in_language(language) for table in self.release.tables)
        tables = msg_count(
            "{count} table of counts, {period}",
            "{count} tables of counts, {period}",
            len(self.release.tables),
            period=self.release.period,
        )
        return [language.text(tables), *populations, language.say("No line about one person is published")]

    def _person(self, language: Language) -> str:
        if self.settings.person_in_charge:
            role = self.settings.role
            return ", ".join([self.settings.person_in_charge, *([role.in_language(language)] if role else [])])
        if self.release.is_fictitious:
            return language.say("Nobody: the centre is made up")
        return language.say("To be named before the approval")

    def _singling_out(self, language: Language) -> list[str]:
        return [language.text(sentence) for sentence in rule_sentences(self.protection)]

    def _correlation(self, language: Language) -> list[str]:
        return [
            language.say(
                "All the tables, and all that was published before, are protected together "
                "(ledger of releases, version {version})",
                version=self.facts.ledger_version,
            )
        ]

    def _inference(self, language: Language) -> list[str]:
        return [
            language.say("On a sensitive subject, an answer that everybody of a group gave, or nearly, is hidden"),
            language.say(
                "Subtracting a shown cell from another gives no group of 1 to {most} people",
                most=self.protection.k - 1,
            ),
        ]

    def _techniques(self, language: Language) -> list[str]:
        merged = [language.text(step) for step in merging_sentences(self.facts.merged, self.titles)]
        return [
            language.text(technique_sentence(self.protection)),
            language.say("One sign for all the hidden cells; percentages and charts come from what is shown alone"),
            language.say("Before it goes out, the release is attacked by another program, which holds only its files"),
            *([language.say("Merging plan: {steps}", steps="; ".join(merged))] if merged else []),
        ]

    def _residual_risk(self, language: Language) -> list[str]:
        told = [language.say("Very low: level {level} is reached", level=self.protection.level.value)]
        if self.facts.narrowest is not None:
            narrowest = msg_count(
                "A hidden cell that may be small keeps at least {count} possible value",
                "A hidden cell that may be small keeps at least {count} possible values",
                self.facts.narrowest,
            )
            told.append(language.text(narrowest))
        told.append(language.say("Who already knows people of these tables knows more than a stranger"))
        return told

    def _analyses(self, language: Language) -> list[str]:
        review = _months_later(self.facts.made_on, self.settings.review_months)
        return [
            language.say("Done on {date}", date=language.date(self.facts.made_on)),
            language.say("To do again before each release, and by {date} at the latest", date=language.date(review)),
        ]

    def _measures(self, language: Language) -> list[str]:
        statuses = Counter(cell.status for table in self.release.tables for cell in table.cells)
        told = [
            language.say("k = {k}; level {level}", k=self.protection.k, level=self.protection.level.value),
            language.say(
                "Cells shown: {shown}; hidden: {hidden}",
                shown=statuses[CellStatus.SHOWN],
                hidden=statuses[CellStatus.HIDDEN],
            ),
            language.say(
                "Search: {solver}, {seconds} s", solver=self.facts.solver, seconds=round(self.facts.seconds, 1)
            ),
        ]
        if (share := share_shown(self.release)) is not None:
            written = language.percent(share)
            told.insert(
                2, language.say("The detailed cells that are shown hold {share} of what was counted", share=written)
            )
        if language.code == "fr":
            # The configuration gives its reasons in the language of the centre alone.
            told += [why for name in ("k", "level", "zeros", "rounding") if (why := self.facts.reasons.get(name, ""))]
        return told


def read_signatures(release_folder: Path) -> Signatures | None:
    """What `approval.json` of a release folder says; None for a draft."""
    path = release_folder / APPROVAL_FILE
    if not path.is_file():
        return None
    approval = json.loads(path.read_text(encoding="utf-8"))
    return Signatures(
        prepared_by=approval["prepared_by"],
        approved_by=approval["approved_by"],
        approved_on=datetime.date.fromisoformat(approval["approved_on"]),
        number=approval["ledger_number"],
    )


def share_shown(release: Release) -> int | None:
    """In tenths of a percent, what the shown cells of the one-way tables hold of their totals; None without any.

    It is computed from what is published alone, so that a reader learns nothing from it; cut, not rounded.
    """
    tables = [table for table in release.tables if _is_whole(table)]
    whole = sum(table.total.value or 0 for table in tables)
    if not whole:
        return None
    return sum(_detail_shown(table) for table in tables) * 1000 // whole


def _is_whole(table: ReleaseTable) -> bool:
    """Whether the table's cells are parts of a total that is shown."""
    if len(table.dimensions) != 1 or not table.is_collected or table.total.value is None:
        return False
    side = table.dimensions[0]
    return side.name != PERIOD and not side.is_multi_answer


def _detail_shown(table: ReleaseTable) -> int:
    side = table.dimensions[0]
    inner = [code.code for code in side.codes if not side.children(code.code) and code.code not in table.leaves_out]
    cells = [table.by_codes[code,] for code in inner if (code,) in table.by_codes]
    return sum(cell.value or 0 for cell in cells)


def _places_to_sign(signatures: Signatures | None, language: Language) -> list[tuple[str, str]]:
    """The places to sign; empty in a draft."""
    return [
        (language.say("Prepared by"), signatures.prepared_by if signatures else ""),
        (language.say("Approved by"), signatures.approved_by if signatures else ""),
        (language.say("Approved on"), language.date(signatures.approved_on) if signatures else ""),
    ]


def _approval_note(signatures: Signatures | None, language: Language) -> str:
    if signatures is not None:
        return language.say("Entry {number} of the ledger of releases.", number=signatures.number)
    return language.say(
        "To be approved by a second person. The approval is recorded in {file}, beside this page, and in the ledger "
        "of releases; without that file this release is a draft.",
        file=APPROVAL_FILE,
    )


def _months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
