"""What the empty workbook says, in French: its sheets, its columns, their meaning, and how to fill it."""

from __future__ import annotations

from pipelines.columns import Kind

YES, NO = "Oui", "Non"
#: The list of places that a new centre begins with, before it has its own.
RESIDENCE_LISTS = ("residence_lanaudiere",)

SHEETS = {
    "request": "Demandes",
    "aggression": "Agressions",
    "aggression_form": "Formes",
    "aggressor_link": "Liens",
    "referral": "Références",
    "disposition": "Suites",
    "residence": "Résidences",
}
COLUMN_TITLES = {
    "request_id": "No demande",
    "person_id": "Code personne",
    "request_date": "Date de la demande",
    "requester_type_code": "Type de demandeur ou demandeuse",
    "age_at_request": "Âge à la demande",
    "aggression_id": "No agression",
    "aggression_date": "Date de l'agression",
    "age_at_aggression": "Âge à l'agression",
    "location_code": "Lieu de l'agression",
    "aggressor_count_code": "Nombre d'agresseurs",
    "form_code": "Forme d'agression",
    "relationship_code": "Lien avec l'agresseur",
    "referral_source_code": "Source de référence",
    "is_main": "Principale",
    "after_request_code": "Suite à la demande",
    "after_first_meeting_code": "Suite à la première rencontre",
    "residence_code": "Lieu de résidence",
}
COLUMN_WORDS = {
    "request_id": "Numéro que le centre donne à la demande : le même dans toutes les feuilles.",
    "person_id": "Numéro que le centre donne à la personne, le même d'une demande à l'autre. Jamais un nom.",
    "request_date": "Jour de la demande, écrit année-mois-jour : 2024-03-31.",
    "requester_type_code": "Qui fait la demande : une réponse de la liste.",
    "age_at_request": "Âge de la victime en années le jour de la demande; vide s'il n'est pas connu.",
    "aggression_id": "Numéro que le centre donne à l'agression : le même dans les feuilles Formes et Liens.",
    "aggression_date": "Jour où l'agression a commencé, écrit année-mois-jour; vide s'il n'est pas connu.",
    "age_at_aggression": "Âge de la victime en années au début de l'agression; vide s'il n'est pas connu.",
    "location_code": "Où l'agression a eu lieu : une réponse de la liste.",
    "aggressor_count_code": "Un seul agresseur, ou plusieurs : une réponse de la liste.",
    "form_code": "Une ligne par forme d'agression : une réponse de la liste.",
    "relationship_code": "Une ligne par agresseur, ce qu'il est pour la victime : une réponse de la liste.",
    "referral_source_code": "Une ligne par source de référence : une réponse de la liste.",
    "is_main": "Oui pour la source principale, une seule par demande.",
    "after_request_code": "Ce qui a suivi la demande : une réponse de la liste.",
    "after_first_meeting_code": "Ce qui a suivi la première rencontre : une réponse de la liste.",
    "residence_code": "Où vit la personne : une réponse de la liste.",
}
KIND_WORDS = {
    Kind.IDENTIFIER: "Numéro",
    Kind.DATE: "Date",
    Kind.INTEGER: "Nombre entier",
    Kind.BOOLEAN: "Oui ou non",
    Kind.CODE: "Liste",
}
INSTRUCTIONS = (
    "Modèle de saisie des demandes d'un centre",
    "Une ligne par demande dans la feuille Demandes; les autres feuilles s'y rattachent par le numéro de demande "
    "ou d'agression.",
    "Aucun nom, aucun numéro de téléphone, aucune adresse, aucune date de naissance : un fichier qui en contient est "
    "refusé en entier.",
    "Les réponses se choisissent dans les listes. Ne changer ni les titres des colonnes ni le nom des feuilles.",
    "La feuille Dictionnaire dit ce que chaque colonne signifie; la feuille Listes contient toutes les réponses.",
    "Quand il n'y a pas de réponse, choisir le motif (« Non demandé », « Ne sait pas », « Préfère ne pas répondre », "
    "« Sans objet »); une case laissée vide compte comme « Non disponible ».",
    "Pour s'en servir : copier le contenu du dossier config-modele/ qui accompagne ce classeur dans le dossier "
    "config/ du projet, placer le classeur rempli dans data/raw/modele/, puis lancer : bilan ingest --centre modele",
)
#: What the empty workbook itself says in sentences, which nobody filled in.
OWN_SENTENCES = frozenset((*INSTRUCTIONS, *COLUMN_WORDS.values()))
