"""The rule book as expectations: one a rule, on the table of its kind."""

from __future__ import annotations

from pipelines.config import Centre
from pipelines.quality.load_suites import Expectation, Severity
from pipelines.rules import NEEDS, RuleBook


def rule_expectations(rules: RuleBook, centre: Centre) -> tuple[Expectation, ...]:
    """Every rule of the book, for one centre; one that its export does not allow is not applicable."""
    return tuple(
        Expectation(
            id=f"rule-{rule.id}",
            suite=f"core_rule_{rule.kind.value}",
            type="expect_column_values_to_be_in_set",
            kwargs={
                "column": "is_kept",
                "value_set": [True],
                "row_condition": {
                    "type": "comparison",
                    "column": {"name": "rule_id"},
                    "operator": "==",
                    "parameter": rule.id,
                },
            },
            severity=Severity(rule.severity),
            title=rule.title,
            advice=rule.advice,
            is_applicable=all(centre.collects(*column) for column in NEEDS[rule.kind]),
            accepted=rule.accepted[centre.id].count if centre.id in rule.accepted else 0,
        )
        for rule in rules.rule
    )
