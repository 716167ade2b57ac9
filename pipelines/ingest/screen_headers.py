"""Columns that are called like personal data, in French, English and Spanish, unless their cells say otherwise."""

from __future__ import annotations

import re

from pipelines.ingest.screen_cells import ColumnCells
from pipelines.ingest.screen_names import plain_word

#: Header words, and the cells with which a column of that name holds nothing personal.
_YES_NO = (
    r"(?i)^(?:oui|non|yes|no|si|sí|vrai|faux|true|false|[01]|n/?a|nd|n/d|sans objet|ne sait pas|non demand[ée]e?"
    r"|inconnue?|non disponible|unknown|ns/nc|-+)$"
)
_COUNT = r"^-?\d{1,4}(?:[.,]\d{1,2})?$"
_YEAR = r"^(?:(?:19|20)\d{2}|\d{1,3})(?:[.,]0)?$|^\d{1,3} ?(?:-|à|a|to) ?\d{1,3}(?: ans| years)?$"
_PERSON = (
    r"(?:famille|jeune ?fille|naissance|usuel|complet|victime|cliente?|personne|usagere?|survivante?|agresseure?"
    r"|agresseuse"
    r"|mere|pere|parent|conjointe?|enfant|tuteur|tutrice|plaignante?|beneficiaire|demandeure?|demandeuse"
    r"|requerante?|patiente?"
    r"|intervenante?|participante?|temoin|suspecte?|contrevenante?)"
)
_PERSON_ABROAD = (
    r"(?:first|last|full|given|family|maiden|middle|victim|client|person|patient|survivor|offender|suspect|parent"
    r"|mother"
    r"|father|child|witness|worker|legal|preferred|birth)"
)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[^a-z0-9])(?:{pattern})(?:$|[^a-z])")


#: Each with the form of cells that absolves it beside yes, no and nothing.
_HEADERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        _words(
            r"prenoms?|noms?|patronyme|surnom|pseudonyme|names?|firstname|lastname|fullname|surname|forename|apellidos?"
        ),
        "",
    ),
    (_words(rf"(?:pre)?noms?[ _-](?:(?:de|du|la|l|d|le|et|prenom)['_ -]?)*{_PERSON}|{_PERSON_ABROAD}[ _-]?names?"), ""),
    (_words(r"nombres?[ _-](?:y[ _-]apellidos?|completo|de[ _-]la[ _-](?:persona|victima))"), ""),
    (_words(r"courriels?|e-?mails?|adresse[ _-]electronique|correo(?:[ _-]electronico)?|mel"), _COUNT),
    (
        _words(r"tel|telephones?|cellulaires?|cel|portable|phones?|mobile|fax|telecopieur|telefonos?|celular"),
        _COUNT,
    ),
    (_words(r"adresses?|address|addresses|direccion|domicilio|rue|street|no[ _-]civique|appartement"), _COUNT),
    (_words(r"codes?[ _-]?posta(?:l|ux)|postal[ _-]?code|postcode|zip(?:[ _-]?code)?|codigo[ _-]?postal"), ""),
    (_words(r"nam|ramq|assurance[ _-]maladie|carte[ _-]soleil|health[ _-]?(?:card|insurance)(?:[ _-]?\w+)?"), _COUNT),
    (
        _words(
            r"nas|nip|assurance[ _-]sociale|social[ _-](?:insurance|security)(?:[ _-]?\w+)?|ssn|dni"
            r"|cuil"
        ),
        "",
    ),
    (_words(r"passe?port|pasaporte"), _COUNT),
    # In English a cell is that of a table, unless it is all that the header says.
    (re.compile(r"^\W*cells?\W*$"), _COUNT),
    (
        _words(
            r"naissance|ddn|dob|birth[ _-]?(?:date|day)|date[ _-]of[ _-]birth|born|nacimiento|fecha[ _-]nac\w*"
            r"|dt[ _-]nasc|nascimento"
        ),
        _YEAR,
    ),
    (_words(r"initiales|initials|signature"), ""),
    (_words(r"permis[ _-]de[ _-]conduire|plaque|immatriculation|licen[cs]e[ _-]plate|no[ _-]de[ _-]police"), ""),
)
#: A bare "nom" or "name" of something that is no person.
_NO_PERSON = re.compile(
    r"noms?[ _-](?:du|de|des|d)['_ -]?(?:la|l|le|les)?['_ -]?(?:centre|organisme|fichier|programme|service"
    r"|etablissement|ecole"
    r"|mrc|municipalite|ville|region|source|champ|table|groupe|activite|atelier|projet|secteur|formulaire"
    r"|partenaire|lieu|rue"
    r"|hopital|clinique|variable|colonne|poste|territoire|province|pays|ligne|type|categorie)"
    r"|(?<![a-z])(?!first|last|full|given|family|maiden|middle|victim|client|person|patient|survivor|offender"
    r"|suspect|parent"
    r"|mother|father|child|witness|worker|legal|preferred|birth)[a-z]+[ _-]names?(?![a-z])"
    r"|names?[ _-](?:of[ _-])?(?:the[ _-])?(?:centre|center|agency|file|service|school|county|city|state|region"
    r"|location)"
)
#: Places and counts, not dates, that stand beside a birth.
_NO_BIRTH = re.compile(
    r"(?:lieu|pays|pais|province|ville|region|annee|mois|place|country|year|month|city|ano)[ _-]+(?:(?:de|of"
    r"|la)[ _-]+)*"
    r"(?:naissance|birth|nacimiento|nascimento)|birth[ _-]?(?:place|country|year|month)"
)


def is_naming_column(column: ColumnCells) -> bool:
    """Whether the header promises personal data and the cells do not deny it: yes and no, small counts, years."""
    header = plain_word(column.name)
    if not column.filled:
        return False
    for words, absolved in _HEADERS:
        if not words.search(header):
            continue
        harmless = column.matching(_YES_NO)
        if absolved:
            harmless |= column.matching(absolved)
        if bool(harmless.all()):
            continue
        if _NO_PERSON.search(header) or _NO_BIRTH.search(header):
            continue
        return True
    return False
