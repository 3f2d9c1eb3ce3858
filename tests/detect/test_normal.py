import yaml

from tests.support.cli import REPOSITORY
from tracker.detect.normal import Normal, standing
from tracker.domain.rules import Rules

RULE = Rules.read(
    yaml.safe_load((REPOSITORY / "config" / "rules.yaml").read_text(encoding="utf-8"))
).escalation
QUIET = [1, 0, 2, 1, 0, 1, 2, 0, 1, 1, 0, 2] * 2


def test_a_country_is_as_usual_within_its_own_past() -> None:
    assert standing([*QUIET, 1], RULE).normal is Normal.USUAL


def test_a_week_that_has_only_begun_does_not_make_a_bad_week_usual() -> None:
    assert standing([*QUIET, 15], RULE).normal is Normal.ABOVE
    assert standing([*QUIET, 15, 0], RULE).normal is Normal.ABOVE
    assert standing([*QUIET, 15, 1, 0], RULE).normal is Normal.USUAL


def test_weeks_without_any_story_are_a_blind_spot() -> None:
    assert standing([*QUIET, 0, 0, 0, 0], RULE).normal is Normal.UNSEEN
