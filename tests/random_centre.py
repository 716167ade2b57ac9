"""Made-up centres drawn by chance: who asked for help, what they told, and the tables that are made of it.

The truth of a cell is counted here from the drawn requests themselves, by code that shares nothing with the
program: protection is judged from it.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from pipelines.codes import TOTAL, Code, Vocabularies, Vocabulary
from pipelines.config import Centre, read_period
from pipelines.disclosure.release_table import Release, ReleaseTable
from pipelines.entities import ENTITIES, Column, Kind
from pipelines.language import Text
from pipelines.tables.coded_records import PERSON, CodedRecords
from pipelines.tables.compare_periods import Coverage, compare_years
from pipelines.tables.count_records import count_records
from pipelines.tables.count_table import CountTable, make_table
from pipelines.tables.counting_query import NO_RECORD
from pipelines.tables.dimension import PERIOD
from pipelines.tables.table_spec import Catalogue, Level, TableSpec
from pipelines.units import RECORD_DIMENSIONS, RECORD_UNITS, Unit

YEARS = ("2021-2022", "2022-2023", "2023-2024")
FORMS = "aggression_form"
MISSING = ("non_demande", "ne_sait_pas", "sans_objet", NO_RECORD)
#: The finest unit of which one gives one answer (or one set of answers) to the question.
_TOLD_BY = {
    "core_request": Unit.REQUEST,
    "core_referral": Unit.REQUEST,
    "core_disposition": Unit.REQUEST,
    "core_residence": Unit.REQUEST,
    "core_aggression": Unit.AGGRESSION,
    "core_aggression_form": Unit.AGGRESSION,
    "core_aggressor_link": Unit.AGGRESSOR_LINK,
}
_FINER = (Unit.REQUEST, Unit.AGGRESSION, Unit.AGGRESSOR_LINK)
#: Cross-tables take the ids that the merging plan of the configuration knows.
_CROSSED = ("age_by_relationship", "referral_by_disposition", "form_by_age")
Answers = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Aggression:
    """One aggression told in a request: its answers, and those about each aggressor."""

    answers: Answers
    links: tuple[Answers, ...]


@dataclass(frozen=True)
class Request:
    """One request for help, and all that was told in it."""

    period: str
    person: int
    answers: Answers
    aggressions: tuple[Aggression, ...]


@dataclass(frozen=True)
class Counted:
    """One unit of a count with every answer that it carries, its request's included."""

    period: str
    person: int
    answers: Answers


@dataclass(frozen=True)
class RandomCentre:
    """A centre, what it publishes, and the requests of its years."""

    centre: Centre
    vocabularies: Vocabularies
    catalogue: Catalogue
    requests: tuple[Request, ...]
    chance: random.Random

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(self.catalogue.dimension)

    def parent(self, dimension: str, code: str) -> str:
        """The class of a code; the code itself where it has none."""
        vocabulary = self.vocabularies[RECORD_DIMENSIONS[dimension].vocabulary]
        return (vocabulary[code].parent or code) if code in vocabulary else code

    def records(self, requests: Iterable[Request] | None = None) -> CodedRecords:
        """The requests as the program keeps them, in an order of chance."""
        rows = [row for request in (self.requests if requests is None else requests) for row in self._rows(request)]
        self.chance.shuffle(rows)
        columns = (PERIOD, PERSON, *(f"is_{unit.value}" for unit in RECORD_UNITS), *self.dimensions)
        return CodedRecords(columns, tuple(rows))

    def _rows(self, request: Request) -> Iterator[tuple[str, ...]]:
        is_new_request = True
        for aggression in request.aggressions or (None,):
            is_new_aggression = aggression is not None
            for link in (aggression.links if aggression else ()) or (None,):
                told = {**request.answers, **(aggression.answers if aggression else {}), **(link or {})}
                marks = (is_new_request, is_new_aggression, link is not None)
                yield (
                    request.period,
                    str(request.person),
                    *("yes" if mark else "no" for mark in marks),
                    *("|".join(sorted(told.get(name, {NO_RECORD}))) for name in self.dimensions),
                )
                is_new_request = is_new_aggression = False

    def tables(self, records: CodedRecords, year: str, among: Sequence[str] | None = None) -> tuple[CountTable, ...]:
        """The tables of a year and their comparisons with the years before, those of an audience alone."""
        years = [read_period(self.centre.period, each) for each in records.periods if each <= year]
        tables, comparisons = [], []
        for spec in self.catalogue.table:
            if among is not None and spec.id not in among:
                continue
            counted = count_records(records, spec, self.vocabularies)
            make = (counted, self.catalogue, self.centre, self.vocabularies)
            tables.append(make_table(spec, *make, read_period(self.centre.period, year)))
            if spec.is_compared:
                by_class = spec.model_copy(update={"level": Level.CLASS})
                of_years = [make_table(by_class, *make, each) for each in years]
                covered = Coverage(tuple(years), (), ())
                comparisons.append(compare_years(spec, of_years, self.catalogue, covered, self.centre))
        return (*tables, *comparisons)

    def truth(
        self, release: Release, requests: Iterable[Request]
    ) -> dict[tuple[str, tuple[str, ...]], tuple[int, int]]:
        """For each cell of a release, how many units and how many persons it is about."""
        units = list(_units(requests))
        found = {}
        for table in release.tables:
            counts, persons = self._count(table, [one for unit, one in units if unit is table.unit])
            for cell in table.cells:
                found[table.id, cell.codes] = counts[cell.codes], len(persons[cell.codes])
        return found

    def _count(self, table: ReleaseTable, units: Iterable[Counted]) -> tuple[dict, dict]:
        counts, persons = defaultdict(int), defaultdict(set)
        names = [side.name for side in table.dimensions]
        first = next(name for name in names if name != PERIOD)
        for unit in units:
            kept = unit.answers.get(first, frozenset({NO_RECORD})) - set(table.leaves_out)
            if not kept or (PERIOD not in names and unit.period != table.period):
                continue
            sides = []
            for name in names:
                told = {unit.period} if name == PERIOD else unit.answers.get(name, {NO_RECORD})
                told = kept if name == first else told
                sides.append({TOTAL, *told, *(self.parent(name, code) for code in told if name != PERIOD)})
            for codes in product(*sides):
                counts[codes] += 1
                persons[codes].add(unit.person)
        return counts, persons


def _units(requests: Iterable[Request]) -> Iterator[tuple[Unit, Counted]]:
    for request in requests:
        yield Unit.REQUEST, Counted(request.period, request.person, request.answers)
        for aggression in request.aggressions:
            answers = {**request.answers, **aggression.answers}
            yield Unit.AGGRESSION, Counted(request.period, request.person, answers)
            for link in aggression.links:
                yield Unit.AGGRESSOR_LINK, Counted(request.period, request.person, {**answers, **link})


@dataclass(frozen=True)
class Size:
    """How large a drawn centre may be."""

    persons: tuple[int, int] = (20, 1000)
    dimensions: tuple[int, int] = (2, 5)
    years: tuple[int, int] = (1, 3)
    most_leaves: int = 7
    #: Whether a request tells one aggression by one aggressor, or none: both are then one group of records, that the
    #: cross-tables count in aggressions and the tables of one question in links.
    is_one_of_each: bool = False


#: Those of a centre's own tables are told as the age at the aggression is; drawing them too would make every
#: seed another centre, and the seeds that the mutations were seen at would be lost.
DRAWN = sorted(RECORD_DIMENSIONS.keys() - {"location", "aggressor_count"})


def draw_centre(seed: int, size: Size | None = None) -> RandomCentre:
    """A centre of chance; the same seed gives the same one."""
    size = size or Size()
    chance = random.Random(seed)
    names = chance.sample(DRAWN, chance.randint(*size.dimensions))
    vocabularies = {
        RECORD_DIMENSIONS[name].vocabulary: _draw_vocabulary(chance, name, size.most_leaves) for name in names
    }
    vocabularies["missing_kind"] = Vocabulary("missing_kind", tuple(_code(code) for code in MISSING))
    several = FORMS in names and chance.random() < 0.8
    centre = RandomCentre(
        made_up_centre(), Vocabularies(vocabularies), _draw_catalogue(chance, names, size, several=several), (), chance
    )
    teller = _Teller(chance, centre, is_one_of_each=size.is_one_of_each)
    requests: list[Request] = []
    years = YEARS[: chance.randint(*size.years)]
    # Small centres as often as large ones: chance is even on the logarithm.
    low, high = size.persons
    persons = round(low * (high / low) ** chance.random())
    for person in range(persons):
        for _ in range(chance.choices((1, 2, 3), (8, 2, 1))[0]):
            requests.append(teller.request(chance.choice(years), person))
    return replace(centre, requests=tuple(requests))


def more_requests(centre: RandomCentre, years: Sequence[str], number: int) -> tuple[Request, ...]:
    """Requests entered later, of persons who are known or not."""
    teller = _Teller(centre.chance, centre)
    most = max((request.person for request in centre.requests), default=0)
    return tuple(teller.request(centre.chance.choice(years), centre.chance.randint(0, most + 3)) for _ in range(number))


class _Teller:
    """Draws what people tell, with a few frequent answers and many rare ones."""

    def __init__(self, chance: random.Random, centre: RandomCentre, *, is_one_of_each: bool = False) -> None:
        self._chance = chance
        self._centre = centre
        self._weights = {}
        for name in centre.dimensions:
            leaves = [code.code for code in centre.vocabularies[RECORD_DIMENSIONS[name].vocabulary].leaves]
            weights = [chance.expovariate(1) ** 2 + 0.01 for _ in leaves]
            self._weights[name] = (*leaves, *MISSING), (*weights, *(sum(weights) * 0.03 for _ in MISSING))
        #: Whether an aggression, a second one, a second link are told.
        self._rates = (chance.uniform(0.3, 1), chance.choice((0, 0.1, 0.3)), chance.choice((0, 0.1, 0.3)))
        self._is_one_of_each = is_one_of_each

    def request(self, period: str, person: int) -> Request:
        tells, again, _ = self._rates
        again = 0 if self._is_one_of_each else again
        number = (self._chance.random() < tells) + (self._chance.random() < tells * again)
        return Request(period, person, self._answers(Unit.REQUEST), tuple(self._aggression() for _ in range(number)))

    def _aggression(self) -> Aggression:
        number = self._chance.choices((0, 1, 2, 3), (0.1, 1, self._rates[2], self._rates[2] / 2))[0]
        number = 1 if self._is_one_of_each else number
        return Aggression(
            self._answers(Unit.AGGRESSION), tuple(self._answers(Unit.AGGRESSOR_LINK) for _ in range(number))
        )

    def _answers(self, unit: Unit) -> Answers:
        return {name: self._answer(name) for name in self._centre.dimensions if _unit_of(name) is unit}

    def _answer(self, name: str) -> frozenset[str]:
        codes, weights = self._weights[name]
        number = 1
        if self._centre.catalogue.dimension[name].is_multi_answer:
            number = self._chance.choices((1, 2, 3), (6, 3, 1))[0]
        answers = frozenset(self._chance.choices(codes, weights, k=number))
        return (answers - set(MISSING)) or answers


def _draw_vocabulary(chance: random.Random, name: str, most: int) -> Vocabulary:
    number = chance.randint(2, most)
    if number < 3 or chance.random() < 0.5:
        return Vocabulary(name, tuple(_code(f"c{place}") for place in range(number)))
    classes = chance.randint(2, number - 1)
    parents = [*range(classes), *(chance.randrange(classes) for _ in range(number - classes))]
    leaves = (_code(f"c{place}", f"k{parent}") for place, parent in enumerate(parents))
    return Vocabulary(name, (*(_code(f"k{place}") for place in range(classes)), *leaves))


def _code(code: str, parent: str = "") -> Code:
    return Code(code, code, code, parent, 0, None, None, "")


def _draw_catalogue(chance: random.Random, names: Sequence[str], size: Size, *, several: bool) -> Catalogue:
    specs = [_draw_spec(chance, name, [name]) for name in names]
    pairs = [chance.sample(names, 2) for _ in range(chance.randint(0, 3))] if len(names) > 1 else []
    distinct = {tuple(sorted(pair)): pair for pair in pairs if pair[0] != FORMS or not several}
    specs += [_draw_spec(chance, name, pair) for name, pair in zip(_CROSSED, distinct.values(), strict=False)]
    if size.is_one_of_each:
        crossed = (Unit.AGGRESSION if _finest(spec.dimensions) < 2 else Unit.AGGRESSOR_LINK for spec in specs)
        units = [
            Unit.AGGRESSOR_LINK if len(spec.dimensions) == 1 else unit
            for spec, unit in zip(specs, crossed, strict=True)
        ]
        specs = [spec.model_copy(update={"unit": unit}) for spec, unit in zip(specs, units, strict=True)]
    word = Text("mot", "word")
    return Catalogue.model_validate(
        {
            "unit": {unit: {"label": word, "one": word, "definition": word} for unit in Unit},
            "dimension": {name: {"title": word, "is_multi_answer": several and name == FORMS} for name in names},
            "comparison": {"title": word, "year": word, "partial_year": word, "absent_year": word},
            "table": specs,
        }
    )


def _draw_spec(chance: random.Random, table_id: str, names: Sequence[str]) -> TableSpec:
    word = Text("mot", "word")
    # A cross-table shows classes alone, as those of the configuration do: both levels of two lists are too many.
    levels = list(Level) if len(names) == 1 else [Level.CLASS]
    return TableSpec(
        id=table_id,
        title=word,
        unit=chance.choice(_FINER[_finest(names) :]),
        population=word,
        dimensions=tuple(names),
        level=chance.choice(levels),
        leaves_out=("sans_objet",) if len(names) == 1 and names[0] != FORMS and chance.random() < 0.2 else (),
        is_compared=len(names) == 1 and chance.random() < 0.6,
    )


def _finest(names: Sequence[str]) -> int:
    return max(_FINER.index(_unit_of(name)) for name in names)


def _unit_of(name: str) -> Unit:
    return _TOLD_BY[RECORD_DIMENSIONS[name].table]


def source_of(column: Column) -> dict[str, str]:
    """The settings of a column that the export calls as we do, and writes in our own form."""
    return {"from": column.name} | ({"duration": "minutes"} if column.kind is Kind.DURATION else {})


def made_up_centre() -> Centre:
    """A centre whose export holds every column."""
    entities = [
        {
            "name": entity.name,
            "source": "export",
            "columns": {column.name: source_of(column) for column in entity.columns},
        }
        for entity in ENTITIES.values()
    ]
    return Centre.model_validate(
        {
            "id": "hasard",
            "name": {"fr": "Centre du hasard", "en": "Centre of chance"},
            "identity_purpose": {"fr": "Essai", "en": "Trial"},
            "is_fictitious": True,
            "period": {"kind": "fiscal", "start_month": 4},
            "source": [{"id": "export", "files": "*.csv"}],
            "entity": entities,
        }
    )
