"""What may be counted of needs that were not met: each reason comes from a kind of record of its own."""

from __future__ import annotations

from pipelines.units.unit import CodeSource, Dimension, Unit, UnitTable

UNMET_UNITS: dict[Unit, UnitTable] = {
    Unit.UNMET_NEED: UnitTable("core_unmet_need", "need_key", ("request", "request_id"), at_hand_as="request"),
}

#: Why a wait was closed without the service having begun: the words of config/vocabularies/unmet_need.csv.
_WHY_WAITS_ENDED = (
    "manque_de_place",
    "hors_territoire",
    "hors_mandat",
    "choix_de_la_personne",
    "contact_impossible",
    "reference_externe",
    "autre_raison",
)
#: A further reason is a line of config/vocabularies/unmet_need_reason.csv, one here, and a part of core_unmet_need.sql.
_REASONS = {
    "trousse_non_rejointe": CodeSource("kit", "is_reached"),
    "demande_non_rejointe": CodeSource("disposition", "after_request_code", "non_rejointe"),
    "refus_capacite": CodeSource("disposition", "after_request_code", "refus_capacite"),
    "attente_apres_demande": CodeSource("disposition", "after_request_code", "liste_attente"),
    "attente_apres_rencontre": CodeSource("disposition", "after_first_meeting_code", "attente_p1"),
    **{f"attente_fermee_{reason}": CodeSource("waiting", "unmet_need_code", reason) for reason in _WHY_WAITS_ENDED},
}

UNMET_DIMENSIONS = (
    Dimension(
        "unmet_need_reason",
        "core_unmet_need",
        "reason_code",
        "unmet_need_reason",
        ("request", "request_id"),
        code_sources=_REASONS,
    ),
)
