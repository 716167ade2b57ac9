"""Made-up centres whose meetings, accompaniments and kits are drawn by chance, and what they publish of them.

The truth of a cell is counted here from the drawn contacts themselves, by code that shares nothing with the
program: protection is judged from it.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.codes import Code, Vocabularies, Vocabulary
from pipelines.config import read_period
from pipelines.disclosure.policy import Policy
from pipelines.disclosure.protect import release_head
from pipelines.disclosure.protect_families import FamiliesDraft, ProtectedFamilies, protect_families
from pipelines.disclosure.release_files import write_release_tables
from pipelines.language import Text
from pipelines.tables.coded_records import PERSON, CodedRecords
from pipelines.tables.compare_periods import Coverage, compare_years
from pipelines.tables.count_records import count_records
from pipelines.tables.count_table import CountTable, make_table
from pipelines.tables.dimension import PERIOD
from pipelines.tables.table_spec import Catalogue, Level, TableSpec
from pipelines.units import Unit
from tests.judge_releases import real_policy
from tests.random_centre import made_up_centre

YEARS = ("2021-2022", "2022-2023", "2023-2024")
WORD = Text("mot", "word")
#: Of each family: the units of its tables, and what they are broken down by.
SUBJECTS = {
    "meetings": ((Unit.MEETING, Unit.PERSON_MET), "service_type"),
    "accompaniments": ((Unit.ACCOMPANIMENT, Unit.PERSON_ACCOMPANIED), "accompaniment_purpose"),
}
HOURS = {"meetings": Unit.MEETING_MINUTE, "accompaniments": Unit.ACCOMPANIMENT_MINUTE}
LINES = {Unit.PERSON_MET: Unit.PERSON_IN_SERVICE, Unit.PERSON_ACCOMPANIED: Unit.PERSON_FOR_PURPOSE}


@dataclass(frozen=True)
class Contact:
    """One meeting, or one accompaniment; nobody knows who an anonymous contact was (`person` is -1)."""

    period: str
    person: int
    code: str
    minutes: int


@dataclass(frozen=True)
class Kit:
    """One kit, of a person each."""

    period: str
    reached: str
    delay: str


@dataclass(frozen=True)
class Entered:
    """All that a centre has entered, by family."""

    contacts: dict[str, tuple[Contact, ...]]
    kits: tuple[Kit, ...]

    def of(self, periods: Sequence[str]) -> "Entered":
        kept = {name: tuple(one for one in of if one.period in periods) for name, of in self.contacts.items()}
        return Entered(kept, tuple(kit for kit in self.kits if kit.period in periods))

    def with_more(self, other: "Entered") -> "Entered":
        contacts = {name: of + other.contacts[name] for name, of in self.contacts.items()}
        return Entered(contacts, self.kits + other.kits)

    def records(self, chance: random.Random) -> dict[str, CodedRecords]:
        """The contacts as the program keeps them, in an order of chance."""
        empty = CodedRecords(
            (PERIOD, PERSON, *(f"is_{unit}" for unit in ("request", "aggression", "aggressor_link"))), ()
        )
        kits = [(kit.period, str(place), "yes", kit.reached, kit.delay) for place, kit in enumerate(self.kits)]
        chance.shuffle(kits)
        found = {"requests": empty}
        found["kits"] = CodedRecords((PERIOD, PERSON, "is_kit", "kit_reached", "call_delay"), tuple(kits))
        for name, ((unit, persons), side) in SUBJECTS.items():
            order = list(self.contacts[name])
            chance.shuffle(order)
            met: set[tuple] = set()
            rows = []
            for one in order:
                marks = []
                for key in ((one.period, one.person, one.code), (one.period, one.person)):
                    marks.append("yes" if one.person >= 0 and key not in met else "no")
                    met.add(key)
                rows.append((one.period, str(one.person + 1), "yes", *marks, one.code, str(one.minutes)))
            marked = (f"is_{unit.value}", f"is_{LINES[persons].value}", f"is_{persons.value}")
            chance.shuffle(rows)
            found[name] = CodedRecords((PERIOD, PERSON, *marked, side, "minutes"), tuple(rows))
        return found


@dataclass(frozen=True)
class ServiceCentre:
    """A centre, the codes of its lists, and what it entered."""

    vocabularies: Vocabularies
    catalogue: Catalogue
    years: tuple[str, ...]
    entered: Entered
    chance: random.Random
    draw: "_Drawer" = field(repr=False)

    def tables(
        self, records: dict[str, CodedRecords], year: str, among: Sequence[str] | None
    ) -> tuple[CountTable, ...]:
        centre = made_up_centre()
        tables, comparisons = [], []
        for spec in self.catalogue.table:
            if among is not None and spec.id not in among:
                continue
            of = records[_family(spec.unit)]
            make = (count_records(of, spec, self.vocabularies), self.catalogue, centre, self.vocabularies)
            tables.append(make_table(spec, *make, read_period(centre.period, year)))
            if spec.is_compared:
                years = [read_period(centre.period, each) for each in self.years if each <= year]
                by_class = spec.model_copy(update={"level": Level.CLASS})
                of_years = [make_table(by_class, *make, each) for each in years]
                comparisons.append(
                    compare_years(spec, of_years, self.catalogue, Coverage(tuple(years), (), ()), centre)
                )
        return (*tables, *comparisons)


class _Drawer:
    """Draws contacts, with a few frequent services and many rare ones, and persons who come often."""

    def __init__(self, chance: random.Random, codes: dict[str, list[str]]) -> None:
        self._chance = chance
        self._codes = codes
        self._weights = {name: [chance.expovariate(1) ** 2 + 0.01 for _ in of] for name, of in codes.items()}
        self._again = chance.choice((0.05, 0.3, 0.7, 0.85))
        self._anonymous = chance.choice((0, 0, 0.05, 0.3))

    def entered(self, years: Sequence[str], persons: int) -> Entered:
        contacts = {}
        for name, (_, side) in SUBJECTS.items():
            some = persons if name == "meetings" else persons // 2
            contacts[name] = tuple(one for person in range(some) for one in self._contacts(years, person, side))
        kits = tuple(
            Kit(self._chance.choice(years), self._code("kit_reached"), self._code("call_delay"))
            for _ in range(self._chance.randint(0, persons // 2))
        )
        return Entered(contacts, kits)

    def _contacts(self, years: Sequence[str], person: int, side: str) -> Iterator[Contact]:
        usual = self._code(side)
        while True:
            code = usual if self._chance.random() < 0.7 else self._code(side)
            anonymous = self._chance.random() < self._anonymous
            minutes = self._chance.choice((15, 30, 60, 60, 90, 400))
            yield Contact(self._chance.choice(years), -1 if anonymous else person, code, minutes)
            if self._chance.random() > self._again:
                return

    def _code(self, side: str) -> str:
        if self._chance.random() < 0.02:
            return "non_demande"
        return self._chance.choices(self._codes[side], self._weights[side])[0]


def draw_services(seed: int, persons: tuple[int, int] = (6, 300)) -> ServiceCentre:
    """A centre of chance; the same seed gives the same one."""
    chance = random.Random(seed)
    sides = ("service_type", "accompaniment_purpose", "kit_reached", "call_delay")
    codes = {side: [f"{side[:1]}{place}" for place in range(chance.randint(1, 7))] for side in sides}
    lists = {side: Vocabulary(side, tuple(_code(code) for code in of)) for side, of in codes.items()}
    lists["missing_kind"] = Vocabulary("missing_kind", (_code("non_demande"), _code("non_disponible")))
    is_compared = chance.random() < 0.5
    specs = [
        TableSpec(
            id=unit.value,
            title=WORD,
            unit=unit,
            population=WORD,
            dimensions=(side,),
            level=Level.LEAF,
            is_compared=is_compared,
        )
        for name, (units, side) in SUBJECTS.items()
        for unit in (*units, HOURS[name])
    ]
    specs += [
        TableSpec(id=f"kit_{side}", title=WORD, unit=Unit.KIT, population=WORD, dimensions=(side,))
        for side in ("kit_reached", "call_delay")
    ]
    catalogue = Catalogue.model_validate(
        {
            "unit": {unit: {"label": WORD, "one": WORD, "definition": WORD} for unit in Unit},
            "dimension": {side: {"title": WORD} for side in sides},
            "comparison": {"title": WORD, "year": WORD, "partial_year": WORD, "absent_year": WORD},
            "table": specs,
        }
    )
    years = YEARS[: chance.randint(1, 3)]
    draw = _Drawer(chance, codes)
    low, high = persons
    number = round(low * (high / low) ** chance.random())
    return ServiceCentre(Vocabularies(lists), catalogue, years, draw.entered(years, number), chance, draw)


def _code(code: str) -> Code:
    return Code(code, code, code, "", 0, None, None, "")


@dataclass(frozen=True)
class ServicesOut:
    """One release that is out, and what it was counted from."""

    folder: Path
    protected: ProtectedFamilies
    entered: Entered


class ServiceRegister:
    """Releases one after the other, as the ledger ties them: what is told once is frozen, family by family."""

    def __init__(self, centre: ServiceCentre, folder: Path, policy: Policy | None = None) -> None:
        self.centre = centre
        self.policy = policy or real_policy()
        self.out: list[ServicesOut] = []
        self._folder = folder
        self._frozen: dict[tuple[str, str], Entered] = {}
        self._merged: list[str] = []

    def publish(self, entered: Entered, year: str, among: Sequence[str] | None = None) -> ServicesOut:
        """Protect and write the release of a year; raises `DisclosureGateFailed`."""
        counted = self._frozen_or(entered)
        records = counted.records(self.centre.chance)
        tables = self.centre.tables(records, year, among)
        told = {(_family(table.unit), period) for table in tables for period in table.periods} | self._frozen.keys()
        kept = {
            name: of.of_periods(sorted(period for family, period in told if family == name))
            for name, of in records.items()
        }
        head = release_head(made_up_centre(), read_period(made_up_centre().period, year), "public")
        earlier = tuple(one.protected.release for one in self.out)
        draft = FamiliesDraft(head, tables, kept, earlier, tuple(self._merged))
        protected = protect_families(draft, self.policy, self.centre.vocabularies)
        folder = self._folder / str(len(self.out))
        write_release_tables(protected.release, folder)
        self.out.append(ServicesOut(folder, protected, counted))
        self._merged += [step.name for family in protected.families for step in family.taken_now]
        for table in protected.release.tables:
            for period in table.periods:
                self._frozen.setdefault((_family(table.unit), period), counted)
        return self.out[-1]

    def _frozen_or(self, entered: Entered) -> Entered:
        def kept(name: str, of: Entered) -> Iterator:
            for period in self.centre.years:
                source = self._frozen.get((name, period), of).of([period])
                yield from source.kits if name == "kits" else source.contacts[name]

        return Entered({name: tuple(kept(name, entered)) for name in SUBJECTS}, tuple(kept("kits", entered)))


def _family(unit: Unit) -> str:
    return next((name for name, (units, _) in SUBJECTS.items() if unit in (*units, HOURS[name])), "kits")


def minutes_of(entered: Entered, family: str, period: str) -> dict[str, Counter]:
    """By line (and `_total`), the minutes of each person in a year; who is anonymous is one person."""
    found: dict[str, Counter] = defaultdict(Counter)
    for one in entered.contacts.get(family, ()):
        if one.period == period:
            for code in (f"{SUBJECTS[family][1]}={one.code}", "_total"):
                found[code][one.person] += one.minutes
    return found


def truth_of(entered: Entered, family: str, period: str) -> dict[str, Counter]:
    """By line (and `_total`), how many contacts, persons, and persons behind for protection, of a year."""
    contacts, known, behind = Counter(), defaultdict(set), defaultdict(set)
    if family == "kits":
        of_year = [kit for kit in entered.kits if kit.period == period]
        told = [code for kit in of_year for code in (f"kit_reached={kit.reached}", f"call_delay={kit.delay}", "_total")]
        return {"contacts": Counter(told), "persons": Counter(), "behind": Counter(told)}
    _, side = SUBJECTS[family]
    for one in entered.contacts[family]:
        if one.period == period:
            for code in (f"{side}={one.code}", "_total"):
                contacts[code] += 1
                behind[code].add(one.person)
                if one.person >= 0:
                    known[code].add(one.person)
    persons = Counter({code: len(of) for code, of in known.items()})
    return {"contacts": contacts, "persons": persons, "behind": Counter({code: len(of) for code, of in behind.items()})}
