"""The identifier screen on made-up exports: what it finds of what was planted, and what it refuses for nothing.

Planted: exports of 5,000 rows; in each, one identifier of every kind, in one row, in a column of
words, of codes, or nearly empty: 1 row in 5,000 for every kind. One counts as found when the screen
names its kind and its row. A bare number of nine or ten digits is not planted in a column of such
numbers, nor a date in a column of dates: nothing tells them apart there.
Clean: exports with case numbers of 9 and 10 digits and words that are names, of 30 to 3,000 rows.
Usage: python benchmarks/identifiers.py [PLANTED_PER_KIND] [CLEAN_EXPORTS]
"""

import random
import statistics
import string
import sys
import time
from collections import Counter

import polars as pl

from pipelines.ingest.read_export import FIRST_RECORD_ROW, RawTable
from pipelines.ingest.screen_identifiers import IdentifierKind, screen_identifiers

ROWS = 5_000
REQUESTERS = (
    "Survivante adulte", "Survivante adolescente", "Proche", "Intervenante", "Autre personne", "Femme", "Homme",
    "Personne non binaire", "Anonyme",
)  # fmt: skip
RELATIONS = (
    "Père", "Beau-père", "Oncle", "Grand-père", "Cousin", "Frère", "Conjoint", "Ex-conjoint",
    "Ami de la famille", "Voisin", "Collègue de travail", "Employeur", "Connaissance", "Inconnu",
    "Professeur ou entraîneur", "Médecin", "Ne sait pas", "Agresseurs multiples",
    "Membre de la parenté (autre)", "Personne rencontrée en ligne", "Conjoint de la mère",
)  # fmt: skip
REFERRALS = (
    "CLSC", "Hôpital Pierre-Le Gardeur", "CAVAC", "Ligne Info-aide", "Centre Marie-Vincent", "Amie", "Site Web",
    "DPJ", "École secondaire Thérèse-Martin", "Police", "Maison Marguerite", "CIUSSS", "Clinique juridique",
    "Sans référence", "Travailleuse sociale", "Psychologue", "Médecin de famille", "Journal", "CALACS",
    "Maison d'hébergement Rose",
)  # fmt: skip
PLACES = (
    "Joliette", "L'Assomption", "Les Moulins", "Matawinie", "Montcalm", "D'Autray", "Robert-Cliche",
    "Pierre-De Saurel", "Marguerite-D'Youville", "Thérèse-De Blainville", "Maria-Chapdelaine",
    "Antoine-Labelle", "Saint-Charles-Borromée", "Sainte-Marie-Salomé", "Notre-Dame-des-Prairies",
    "Ville-Marie", "Lac-Saint-Jean-Est", "Rivière-du-Loup", "Alma", "Victoriaville", "Laurier-Station",
    "Rosemère", "Lorraine", "Chelsea", "Hors Québec", "La Haute-Yamaska",
)  # fmt: skip
OUTCOMES = (
    "Rencontre individuelle", "Groupe", "Référence", "Liste d'attente", "Suivi téléphonique", "Fin de service",
    "Accompagnement à la cour", "Refus", "Abandon", "Sans objet", "Non disponible",
    "Information donnée seulement",
)  # fmt: skip
#: Words that are given names or surnames too.
WORDS = (
    "Rose", "Marin", "Noël", "Olive", "Iris", "Jasmin", "Pierre", "Olivier", "Ambre", "Violette", "Claire",
    "Soleil", "Avril", "Parent", "Boucher", "Boulanger", "Roy", "Lajoie", "Lemay", "Blanche", "Océan", "Perle",
    "Constance", "Aimé",
)  # fmt: skip
#: Of many origins; half of the surnames and a tenth of the given names are in no list of the screen.
GIVEN = (
    "Agnès", "Alain", "Alice", "Anaïs", "Audrey", "Benoît", "Camille", "Charlotte", "Christiane", "Claudine",
    "Céline", "Dominique", "Dorothée", "Françoise", "Gilles", "Guillaume", "Guy", "Gérard", "Jacqueline",
    "Jean", "Jessica", "Josette", "Karine", "Kevin", "Laetitia", "Lucas", "Manon", "Marcel", "Michèle",
    "Monique", "Nathalie", "Noémie", "Patricia", "Raymond", "Renée", "Samuel", "Sarah", "Timothée", "Véronique",
    "Yves", "Zacharie", "Édith", "Étienne", "Marie-Ève", "Anne-Sophie", "Jean-François", "Alejandra", "Sabrina",
    "Jennifer", "Fatima", "Amélie", "Maïka", "Nour", "Ximena", "Oksana", "Thi", "Priyanka", "Kwame", "Shirin",
    "Aïssatou",
)  # fmt: skip
SURNAMES = (
    "Tremblay", "Gagnon", "Roy", "Côté", "Lévesque", "Bélanger", "Vézina", "Trépanier", "Ouellet", "Fréchette",
    "Guay", "Lacroix", "Deschênes", "St-Pierre", "Labbé", "Hébert", "Boivin", "Arsenault", "Thibault", "Nguyen",
    "Diallo", "Rodriguez", "Guichard", "Teixeira", "Maury", "Lombard", "Colas", "Delannoy", "Faivre",
    "Pasquier", "Delmas", "Lévy", "Foucher", "Godard", "Neveu", "Bonilla", "Coffey", "Bartlett", "Shelton",
    "McGrath", "Frazier", "Hartman", "Kowalczyk", "Petrov", "Okafor", "Haddou", "Sivakumar", "Zielinski",
    "Bouzaïane", "Ishikawa",
)  # fmt: skip
STREETS = (
    "rue Notre-Dame", "rue Saint-Charles Borromée Nord", "boulevard Manseau", "boul. Base-de-Roc",
    "avenue des Pins", "av. du Parc", "chemin du Golf", "rang Double", "montée Hamilton", "place Bourget",
    "rue Principale", "route 158", "rue De Lanaudière", "allée des Érables", "côte Jeanne", "5e Avenue",
    "Main Street", "Elm Road",
)  # fmt: skip
SENTENCES = (
    "Elle a été vue par son médecin et elle souhaite porter plainte.",
    "La cliente demande un rappel, elle ne veut pas de message à la maison",
    "Il habite encore le même immeuble que sa mère",
    "A été agressée par le conjoint de sa sœur pendant les vacances d'été.",
    "Ne pas laisser de message sur la boîte vocale. Rappeler mardi matin.",
    "Sa fille est placée depuis le mois de mars et elle a peur de le croiser à l'école",
    "S'est confiée à son enseignante, qui a appelé la police le jour même",
    "She told her friend that he was waiting for her after work",
    "On lui a dit que le dossier était fermé, elle veut parler à une intervenante",
    "Ils se sont rencontrés en ligne; il a menacé de publier des photos d'elle.",
)
LUHN_LENGTH = 9
BASES = 40


def health_number(chance: random.Random) -> str:
    """Letters of a name, a birth date (month plus 50 for women), two digits; written in several ways."""
    letters = (chance.choice(SURNAMES)[:3] + chance.choice(GIVEN)[:1]).upper()
    letters = "".join(letter if letter in string.ascii_uppercase else "X" for letter in letters).ljust(4, "X")
    month = chance.randint(1, 12) + chance.choice((0, 50))
    digits = f"{chance.randint(0, 99):02d}{month:02d}{chance.randint(1, 28):02d}{chance.randint(0, 99):02d}"
    ways = (f"{letters} {digits[:4]} {digits[4:]}", letters + digits, f"{letters}-{digits[:4]}-{digits[4:]}")
    return chance.choice((*ways, (letters + digits).lower(), f"NAM: {letters}{digits}"))


def social_number(chance: random.Random) -> str:
    """Nine digits that pass the Luhn check."""
    digits = [chance.randint(1, 9), *(chance.randint(0, 9) for _ in range(LUHN_LENGTH - 2))]
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits)]
    written = "".join(map(str, [*digits, -sum(doubled) % 10]))
    parts = [written[:3], written[3:6], written[6:]]
    return chance.choice((" ".join(parts), "-".join(parts), written, f"NAS {' '.join(parts)}"))


def phone(chance: random.Random) -> str:
    """A number of Quebec or from abroad, written in several ways."""
    area, exchange, line = (
        chance.choice(("450", "514", "579", "438", "819", "418")),
        chance.randint(200, 999),
        chance.randint(0, 9999),
    )
    ways = (
        f"{area} {exchange}-{line:04d}",
        f"({area}) {exchange}-{line:04d}",
        f"{area}-{exchange}-{line:04d}",
        f"{area}.{exchange}.{line:04d}",
        f"1 {area} {exchange} {line:04d}",
        f"+1 {area} {exchange}-{line:04d}",
        f"{area}{exchange}{line:04d}",
        f"({area}){exchange}-{line:04d}",
        f"{area} {exchange}-{line:04d} poste {chance.randint(10, 999)}",
        f"+33 6 {line:04d} {exchange}1",
        f"tél. {exchange}-{line:04d}",
    )
    return chance.choice(ways)


def postal_code(chance: random.Random) -> str:
    """A Canadian code, with or without its space, in either case."""
    letters, first = "ABCEGHJKLMNPRSTVWXYZ", "GHJ"
    area = f"{chance.choice(first)}{chance.randint(0, 9)}{chance.choice(letters)}"
    code = f"{area}{chance.randint(0, 9)}{chance.choice(letters)}{chance.randint(0, 9)}"
    return chance.choice(
        (f"{code[:3]} {code[3:]}", code, code.lower(), f"{code[:3]}-{code[3:]}", f"Joliette {code[:3]} {code[3:]}")
    )


def person(chance: random.Random) -> str:
    """A name in the orders and the cases in which people write it."""
    given, surname = chance.choice(GIVEN), chance.choice(SURNAMES)
    ways = (
        f"{given} {surname}",
        f"{surname}, {given}",
        f"{surname.upper()} {given}",
        f"Mme {surname}",
        f"{given} {surname}-{chance.choice(SURNAMES)}",
        f"M. {given} {surname}",
    )
    return chance.choice(ways)


def address(chance: random.Random) -> str:
    """A number and a street, sometimes with an apartment and a town."""
    street, number = chance.choice(STREETS), chance.randint(1, 9999)
    ways = (
        f"{number}, {street}",
        f"{number} {street}",
        f"{number}, {street}, app. {chance.randint(1, 30)}",
        f"{number} {street}, Joliette",
        f"C.P. {number}",
    )
    return chance.choice(ways)


def birth_date(chance: random.Random) -> str:
    """A whole date of birth, alone or said."""
    year, month, day = chance.randint(1930, 2018), chance.randint(1, 12), chance.randint(1, 28)
    ways = (
        f"{year}-{month:02d}-{day:02d}",
        f"{day:02d}/{month:02d}/{year}",
        f"née le {day} mars {year}",
        f"DDN {year}-{month:02d}-{day:02d}",
        f"{day} juillet {year}",
    )
    return chance.choice(ways)


def email(chance: random.Random) -> str:
    """An address of mail."""
    word = "".join(chance.choices(string.ascii_lowercase, k=chance.randint(4, 9)))
    return chance.choice(
        (
            f"{word}@exemple.org",
            f"{word}.{word[:3]}@courriel.exemple.ca",
            f"{word.upper()}99@EXEMPLE.COM",
            f"écrire à {word}@exemple.net",
        )
    )


def web_address(chance: random.Random) -> str:
    """A page or an account."""
    word = "".join(chance.choices(string.ascii_lowercase, k=8))
    return chance.choice((f"https://www.exemple.org/{word}", f"facebook.com/{word}", f"@{word}", f"www.{word}.ca"))


def file_number(chance: random.Random) -> str:
    """A number of a court, of the police, of a licence or of a card."""
    digits = "".join(chance.choices(string.digits, k=9))
    day = f"{chance.randint(1, 28):02d}{chance.randint(1, 12):02d}{chance.randint(40, 99)}"
    ways = (
        f"705-01-{digits[:6]}-{digits[6:9]}",
        f"124-{digits[:6]}-{digits[6:]}",
        f"T{digits[:4]}-{day}-{digits[4:6]}",
        f"plainte no {digits[:7]}",
        f"dossier de police {digits[:6]}",
    )
    return chance.choice(ways)


def free_text(chance: random.Random) -> str:
    """A sentence about a person."""
    return chance.choice(SENTENCES)


PLANTERS = {
    IdentifierKind.EMAIL: email, IdentifierKind.WEB_ADDRESS: web_address, IdentifierKind.PHONE: phone,
    IdentifierKind.HEALTH_INSURANCE_NUMBER: health_number, IdentifierKind.SOCIAL_INSURANCE_NUMBER: social_number,
    IdentifierKind.POSTAL_CODE: postal_code, IdentifierKind.BIRTH_DATE: birth_date, IdentifierKind.PERSON_NAME: person,
    IdentifierKind.ADDRESS: address, IdentifierKind.FILE_NUMBER: file_number, IdentifierKind.FREE_TEXT: free_text,
}  # fmt: skip


def draw(chance: random.Random, words: tuple[str, ...], rows: int) -> list[str]:
    """Words with uneven weights: some of them turn up once or never."""
    chosen = chance.sample(words, chance.randint(max(3, len(words) // 2), len(words)))
    weights = [chance.paretovariate(0.7) for _ in chosen]
    return chance.choices(chosen, weights, k=rows)


def case_numbers(chance: random.Random, rows: int) -> list[str]:
    """Case numbers as platforms make them: 9 or 10 digits, drawn or in order, or a year and a rank."""
    start, length = chance.randint(1, 8), chance.choice((9, 10))
    step = chance.randint(1, 7)
    ways = (
        lambda row: str(start * 10 ** (length - 1) + row * step),
        lambda row: str(chance.randint(10 ** (length - 1), 10**length - 1)),
        lambda row: f"{chance.randint(0, 10**length - 1)}",
        lambda row: f"D{20 + start}-{row:05d}",
        lambda row: f"{row + 1}",
        lambda row: "".join(chance.choices("0123456789ABCDEF", k=12)),
        lambda row: f"CALA{start}{row:07d}",
    )
    way = chance.choice(ways)
    return [way(row) for row in range(rows)]


def day(chance: random.Random, form: str, first_year: int) -> str:
    """A date of a request or of an aggression."""
    return form.format(y=chance.randint(first_year, 2024), m=chance.randint(1, 12), d=chance.randint(1, 28))


def clean_export(chance: random.Random, rows: int) -> dict[str, list[str]]:
    """A depersonalised export with some of the columns that centres keep."""
    form = chance.choice(("{y}-{m:02d}-{d:02d}", "{d:02d}/{m:02d}/{y}"))
    columns = {
        "No demande": case_numbers(chance, rows),
        "Code personne": case_numbers(chance, rows),
        "Date de la demande": [day(chance, form, 2022) for _ in range(rows)],
        "Date de l'agression": [day(chance, form, 1965) if chance.random() < 0.6 else "" for _ in range(rows)],
        "Âge à la demande": [str(chance.randint(12, 88)) for _ in range(rows)],
        "Type de demandeur": draw(chance, REQUESTERS, rows),
        "Lien avec l'agresseur": draw(chance, RELATIONS, rows),
        "Source de référence": draw(chance, REFERRALS, rows),
        "MRC": draw(chance, PLACES, rows),
        "Suite à la demande": draw(chance, OUTCOMES, rows),
        chance.choice(("Équipe", "Groupe", "Couleur", "Atelier")): draw(chance, WORDS, rows),
        chance.choice(("Contact par courriel", "Téléphone")): draw(chance, ("Oui", "Non", ""), rows),
        "Heures": [f"{chance.randint(0, 9)},{chance.choice((0, 25, 5, 75))}" for _ in range(rows)],
        "Précisions": ["" if chance.random() < 0.97 else chance.choice(OUTCOMES) for _ in range(rows)],
    }  # fmt: skip
    # The first columns are always there; of the others a centre has some.
    kept = list(columns)[:3] + chance.sample(list(columns)[3:], chance.randint(5, len(columns) - 3))
    return {name: columns[name] for name in kept}


def raw_table(columns: dict[str, list[str]]) -> RawTable:
    """The export as the reader would hand it over."""
    return RawTable("demandes.csv", "0" * 64, "utf-8", pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))


def host_columns(columns: dict[str, list[str]]) -> list[str]:
    """The columns in which something foreign can be told: words, codes with letters, nearly empty ones."""
    hosts = []
    for name, cells in columns.items():
        is_date = "Date" in name
        is_bare = sum(cell.isdigit() for cell in cells[:200]) > 100
        if not is_date and not is_bare and name != "Heures":
            hosts.append(name)
    return hosts


def plant(chance: random.Random, base: dict[str, list[str]]) -> tuple[RawTable, dict[IdentifierKind, int]]:
    """One identifier of every kind, each in its own row; the rows of the file that hold them."""
    columns = {name: list(cells) for name, cells in base.items()}
    rows = chance.sample(range(ROWS), len(PLANTERS))
    hosts = host_columns(base)
    planted = {}
    for row, (kind, planter) in zip(rows, PLANTERS.items(), strict=True):
        columns[chance.choice(hosts)][row] = planter(chance)
        planted[kind] = row + FIRST_RECORD_ROW
    return raw_table(columns), planted


def measure_recall(per_kind: int) -> None:
    """Print what was found of each kind."""
    chance = random.Random(11)
    found: Counter[IdentifierKind] = Counter()
    refused = 0
    seconds = []
    bases = [clean_export(chance, ROWS) for _ in range(min(BASES, per_kind))]
    for number in range(per_kind):
        table, planted = plant(chance, bases[number % len(bases)])
        begun = time.perf_counter()
        findings = screen_identifiers(table)
        seconds.append(time.perf_counter() - begun)
        refused += any(finding.refuses for finding in findings)
        for kind, row in planted.items():
            found[kind] += any(finding.kind is kind and row in finding.rows for finding in findings)
    print(f"identifiers.py: {per_kind} planted of each kind, 1 row in {ROWS:,}")
    for kind in PLANTERS:
        print(f"  {kind.value:26} {found[kind]:6} found, recall {found[kind] / per_kind:8.3%}")
    total = per_kind * len(PLANTERS)
    print(f"  {'all kinds':26} {found.total():6} of {total}, recall {found.total() / total:8.3%}")
    print(f"  {'exports refused':26} {refused:6} of {per_kind}")
    print(f"  median {statistics.median(seconds) * 1000:.0f} ms for {ROWS:,} rows and {len(bases[0])} columns")


def measure_refusals(exports: int) -> None:
    """Print how many clean exports are refused, and for what kind."""
    chance = random.Random(12)
    reasons: Counter[str] = Counter()
    refused = 0
    for _ in range(exports):
        table = raw_table(clean_export(chance, chance.randint(30, 3_000)))
        findings = [finding for finding in screen_identifiers(table) if finding.refuses]
        refused += bool(findings)
        reasons.update(f"{finding.kind.value} in {finding.column}" for finding in findings)
    print(f"identifiers.py: {exports} clean exports, {refused} refused, false refusals {refused / exports:.2%}")
    for reason, count in reasons.most_common():
        print(f"  {count:4} {reason}")


if __name__ == "__main__":
    measure_recall(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
    measure_refusals(int(sys.argv[2]) if len(sys.argv) > 2 else 500)
