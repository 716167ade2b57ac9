"""`bilan map` on four exports that it has no configuration of: columns and values proposed right at the first rank.

Usage: python benchmarks/mapping.py [FOLDER OF THE EXPORTS]

The truth is written here from the documents of each export (for line 137, it is the configuration that a person wrote):
for each of our columns that the export holds, the column that it is; for words, the code or codes that are right. A
word that no single code is right for (`right` is empty) is right when nothing is proposed.

Whoever wrote the synonyms knew these exports. So each is judged twice: with the synonyms as they are, and without those
that are, letter for letter, a column's name or a word of one of the four exports: what is left is likeness alone.
"""

import csv
import dataclasses
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.codes import load_vocabularies
from pipelines.errors import InputRefused
from pipelines.ingest.propose_mapping import Proposal, propose_mapping
from pipelines.ingest.propose_places import FORM
from pipelines.ingest.read_mappings import compare_form
from pipelines.ingest.read_synonyms import Synonyms, plain, plain_words, read_synonyms

REPOSITORY = Path(__file__).resolve().parent.parent
Field = tuple[str, str]
DATE, AGE, AGE_THEN = ("request", "request_date"), ("request", "age_at_request"), ("aggression", "age_at_aggression")
LINK, PLACE = ("aggressor_link", "relationship_code"), ("residence", "residence_code")
AFTER, REFERRAL = ("disposition", "after_request_code"), ("referral", "referral_source_code")
PROVINCES = {
    "buenos aires": "buenos_aires", "catamarca": "catamarca", "chaco": "chaco", "chubut": "chubut",
    "ciudad autónoma de buenos aires": "caba", "córdoba": "cordoba", "cordoba": "cordoba", "corrientes": "corrientes",
    "entre ríos": "entre_rios", "formosa": "formosa", "jujuy": "jujuy", "la pampa": "la_pampa", "la rioja": "la_rioja",
    "mendoza": "mendoza", "misiones": "misiones", "neuquén": "neuquen", "río negro": "rio_negro", "salta": "salta",
    "san juan": "san_juan", "san luis": "san_luis", "santa cruz": "santa_cruz", "santa fe": "santa_fe",
    "santa fé": "santa_fe", "santiago del estero": "santiago_del_estero", "tierra del fuego": "tierra_del_fuego",
    "tucumán": "tucuman",
}  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """What a person would answer for an export."""

    name: str
    #: For each of our columns, the columns of the export that it is; any of them, as files of other years differ.
    columns: Mapping[Field, frozenset[str]]
    #: For each coded column, the codes that are right for a word; none: no code may be proposed.
    values: Mapping[Field, Mapping[str, frozenset[str]]]


def right(words: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """One line a word: `word: code/code`."""
    return {compare_form(word): frozenset(codes.split("/")) - {""} for word, codes in words.items()}


LINEA144 = Truth(
    "linea144",
    {
        DATE: frozenset({"fecha"}),
        AGE: frozenset({"edad_persona_en_situacion_de_violencia"}),
        AGE_THEN: frozenset({"edad_persona_en_situacion_de_violencia"}),
        LINK: frozenset({"vinculo_con_la_persona_agresora"}),
        PLACE: frozenset({"prov_residencia_persona_en_situacion_violencia"}),
        FORM: frozenset({"tipo_de_violencia_sexual"}),
    },
    {
        LINK: right({
            "Ex pareja": "ex_conjoint/ex_amoureux", "Pareja": "conjoint/amoureux", "Otro": "",
            "Otro familiar": "autre_parente", "Padre o tutor": "pere/tuteur", "Madre o tutor": "mere/tuteur",
            "Superior jerarquico": "patron",
        }),
        PLACE: right(PROVINCES),
    },
)  # fmt: skip
SINAN = Truth(
    "sinan_mg",
    {
        DATE: frozenset({"dt_notific"}),
        AGE: frozenset({"nu_idade_n"}),
        AGE_THEN: frozenset({"nu_idade_n"}),
        PLACE: frozenset({"id_mn_resi"}),
        FORM: frozenset({"viol_sexu"}),
    },
    {},
)
# What the victim was to the offender, turned round as the standard says: the offender of a child is its parent.
NIBRS = Truth(
    "nibrs_mn_2018",
    {
        DATE: frozenset({"INCIDENT_DATE"}),
        AGE: frozenset({"AGE_NUM of nibrs_victim", "AGE_NUM of victim"}),
        AGE_THEN: frozenset({"AGE_NUM of nibrs_victim", "AGE_NUM of victim"}),
        LINK: frozenset({"RELATIONSHIP_ID"}),
        FORM: frozenset({"OFFENSE_TYPE_ID"}),
        PLACE: frozenset({"RESIDENT_STATUS_CODE"}),
        AFTER: frozenset({"CLEARED_EXCEPT_ID"}),
    },
    {
        LINK: right({
            "1": "connaissance", "2": "gardien", "3": "amoureux", "4": "beau_parent", "5": "", "6": "conjoint",
            "7": "patron", "8": "collegue", "9": "ami", "10": "grand_parent", "11": "autre_parente", "12": "",
            "13": "belle_famille", "14": "voisin", "15": "autre_parente", "16": "entourage_non_precise",
            "17": "enfant", "18": "ne_sait_pas", "19": "fratrie", "20": "beau_parent", "21": "conjoint",
            "22": "enfant", "23": "fratrie_recomposee", "24": "inconnu", "25": "", "26": "ex_conjoint",
            "27": "ex_amoureux",
        }),
        FORM: right({
            "36": "penetration", "43": "penetration", "4": "penetration", "56": "attouchements", "55": "autre",
            "3": "penetration", "33": "voyeurisme", "59": "exploitation_sexuelle", "8": "exploitation_sexuelle",
        }),
    },
)  # fmt: skip


def truth_of_line_137() -> Truth:
    """The configuration that a person wrote."""
    settings = tomllib.loads((REPOSITORY / "config" / "centres" / "linea137.toml").read_text(encoding="utf-8"))
    columns: dict[Field, frozenset[str]] = {}
    values: dict[Field, dict[str, frozenset[str]]] = {}
    for entity in settings["entity"]:
        for name, origin in entity["columns"].items():
            field = (entity["name"], name)
            words = list(_mapping(origin["mapping"])) if "mapping" in origin else []
            if "mapping" in origin:
                values[field] = {compare_form(word): frozenset({code}) for word, code in words}
            if origin.get("flags"):
                columns[field] = frozenset(compare_form(word) for word, _ in words)
            elif "from" in origin:
                names = [origin["from"]] if isinstance(origin["from"], str) else origin["from"]
                columns[field] = frozenset(names)
    return Truth("linea137", columns, values)


def _mapping(name: str) -> Iterator[tuple[str, str]]:
    path = REPOSITORY / "config" / "mappings" / "linea137" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            yield row["source_value"], row["code"]


@dataclass(frozen=True)
class Score:
    """What was proposed of one export; `wrong` are the columns proposed where the export has none."""

    columns: int
    columns_right: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]
    values: int
    values_right: int
    values_wrong: int

    def __add__(self, other: "Score") -> "Score":
        return Score(*(mine + theirs for mine, theirs in zip(_parts(self), _parts(other), strict=True)))


def _parts(score: Score) -> list:
    return [getattr(score, one.name) for one in dataclasses.fields(score)]


def proposed_columns(proposal: Proposal) -> dict[Field, frozenset[str]]:
    """The first rank for each of our columns that is no key, written down or told as a note."""
    found = {field: frozenset({match.profile.name}) for field, match in proposal.chosen.items()}
    for entity in proposal.entities:
        for column in entity.columns:
            field = (entity.name, column.name)
            if column.matches and proposal.chosen[field].profile.source == entity.source:
                found[field] = frozenset(column.source_names)
    if proposal.flags and FORM not in proposal.chosen:
        found[FORM] = frozenset(map(compare_form, proposal.flags.names))
    for field, match in proposal.chosen.items():
        if field in (AGE, AGE_THEN) and len(proposal.export.sources) > 1:
            found[field] = frozenset({f"{match.profile.name} of {match.profile.source}"})
    return found


def judge(proposal: Proposal | None, truth: Truth) -> Score:
    """Compare a proposal with the truth."""
    if proposal is None:
        missed = tuple(f"{truth.name}:{'.'.join(field)}" for field in truth.columns)
        return Score(len(missed), 0, (), missed, sum(map(len, truth.values.values())), 0, 0)
    found = proposed_columns(proposal)
    # Flags: all the columns of the truth must be in the group; other columns take turns, and all must be right.
    hit = [
        field
        for field, names in truth.columns.items()
        if field in found and (names <= found[field] if field == FORM else found[field] <= names)
    ]
    matches = {(field, compare_form(one.value)): one.code for field, one in _values(proposal)}
    judged = [(field, word, codes) for field, words in truth.values.items() for word, codes in words.items()]
    said = [(matches.get((field, word), "") if field in hit else "", codes) for field, word, codes in judged]
    return Score(
        len(truth.columns),
        len(hit),
        tuple(f"{truth.name}:{'.'.join(field)}" for field in sorted(found.keys() - truth.columns.keys())),
        tuple(f"{truth.name}:{'.'.join(field)}" for field in truth.columns if field not in hit),
        len(said),
        sum(code in codes or (not code and not codes) for code, codes in said),
        sum(bool(code) and code not in codes for code, codes in said),
    )


def _values(proposal: Proposal) -> Iterator[tuple[Field, object]]:
    for entity in proposal.entities:
        for column in entity.columns:
            yield from (((entity.name, column.name), value) for value in column.values)
    for field, match in proposal.chosen.items():
        yield from ((field, value) for value in match.values)


def without_what_is_there(synonyms: Synonyms, proposals: list[Proposal]) -> Synonyms:
    """The synonyms less those that are a column's name or a word of these exports, letter for letter."""
    profiles = [one for proposal in proposals for source in proposal.export.sources for one in source.profiles]
    names = {plain_words(profile.name) for profile in profiles}
    words = {plain(word) for one in profiles if len(one.answers) < 500 for word in (*one.answers, *one.labels.values())}
    words |= {plain(part) for profile in profiles for part in _endings(profile.name)}
    return dataclasses.replace(
        synonyms,
        headers={field: tuple(p for p in phrases if p not in names) for field, phrases in synonyms.headers.items()},
        values={name: tuple(p for p in pairs if p[0] not in words) for name, pairs in synonyms.values.items()},
    )


def _endings(name: str) -> Iterator[str]:
    parts = plain(name).split()
    yield from (" ".join(parts[place:]) for place in range(len(parts)))


def tell(title: str, scores: Mapping[str, Score]) -> Score:
    """Print a line an export, then all of them."""
    total = sum(scores.values(), Score(0, 0, (), (), 0, 0, 0))
    print(f"  {title}")
    for name, score in (*scores.items(), ("all four", total)):
        columns = f"{score.columns_right}/{score.columns} columns ({score.columns_right / score.columns:.0%})"
        share = f"{score.values_right / score.values:.0%}" if score.values else "-"
        values = f"{score.values_right}/{score.values} values ({share}, {score.values_wrong} wrong)"
        print(f"    {name:14} {columns:24} {values:36} columns proposed that it has not: {len(score.wrong)}")
    print(f"    missed: {', '.join(total.missed) or 'none'}; not there: {', '.join(total.wrong) or 'none'}")
    return total


def main(folder: Path) -> None:
    """Map the exports with all the synonyms, then without those that are in them."""
    truths = [truth_of_line_137(), LINEA144, NIBRS, SINAN]
    if not all((folder / truth.name).is_dir() for truth in truths):
        print("mapping.py: the exports are not on this machine")
        return
    vocabularies = load_vocabularies(REPOSITORY / "config" / "vocabularies", {})
    synonyms = read_synonyms(REPOSITORY / "config" / "synonyms", vocabularies)

    def propose(truth: Truth, using: Synonyms) -> Proposal | None:
        try:
            return propose_mapping(folder / truth.name, "x", using, vocabularies)
        except InputRefused:  # without a date of the request there is nothing to propose
            return None

    begun = time.perf_counter()
    proposals = [propose(one, synonyms) for one in truths]
    seconds = time.perf_counter() - begun
    fewer = without_what_is_there(synonyms, [made for made in proposals if made])
    blind = [propose(one, fewer) for one in truths]
    print(f"mapping.py: four exports proposed in {seconds:.0f} s; aim: 90 % of the columns at the first rank")
    tell("with the synonyms", {one.name: judge(made, one) for one, made in zip(truths, proposals, strict=True)})
    tell(
        "without those met in these exports",
        {one.name: judge(made, one) for one, made in zip(truths, blind, strict=True)},
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY.parent / "shared" / "data")
