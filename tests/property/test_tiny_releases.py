"""On tiny centres every set of records is tried: the truth for the attack and for the method alike."""

import pytest

from pipelines.disclosure.protect_release import ReleaseDraft, protect_release
from pipelines.errors import DisclosureGateFailed
from tests.judge_releases import real_policy
from tests.tiny_centre import SHAPES, K, attack_differs, draw_tiny, narrowed

PATTERNS = 10


@pytest.mark.parametrize("name", SHAPES)
def test_the_attack_on_a_release_finds_what_trying_every_set_of_records_finds(name: str) -> None:
    differences = [(seed, told) for seed in range(PATTERNS) for told in attack_differs(name, seed)]

    assert differences == []


@pytest.mark.parametrize("name", SHAPES)
def test_no_small_cell_of_a_tiny_release_is_narrower_than_the_level_says(name: str) -> None:
    policy = real_policy()
    standard = policy.profiles["standard"].model_copy(update={"k": K})
    policy = policy.model_copy(
        update={
            "profiles": {"standard": standard},
            "sensitive": policy.sensitive.model_copy(update={"dimensions": ()}),
        }
    )
    published, faults = 0, []

    for seed in range(PATTERNS):
        tiny = draw_tiny(name, seed)
        draft = ReleaseDraft(tiny.head, tiny.tables, tiny.records, (), ())
        try:
            release = protect_release(draft, policy, tiny.centre.vocabularies).release
        except DisclosureGateFailed:
            continue
        if release.tables:
            published += 1
            faults += [(seed, fault) for fault in narrowed(tiny, [release])]

    assert faults == []
    assert published > PATTERNS / 3
