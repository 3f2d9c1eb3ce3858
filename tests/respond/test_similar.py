from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.house import NOW
from tracker.respond.similar import SHOWN_AT_MOST, most_similar
from tracker.store.reads.similar import Candidate


def candidate(
    name: str, country: str = "MLI", theme: str = "armed", stories: str = "", days: int = 0
) -> Candidate:
    return Candidate(name, name, country, theme, NOW - timedelta(days=days), frozenset(stories))


def test_the_same_story_comes_first_then_the_same_theme_then_the_newest() -> None:
    found = most_similar(
        ("MLI", "armed"),
        frozenset("ab"),
        [
            candidate("old theme", days=9),
            candidate("other theme", theme="rumour"),
            candidate("new theme", days=1),
            candidate("story abroad", country="NER", theme="rumour", stories="bz", days=30),
            candidate("story at home", stories="a", days=20),
        ],
    )
    assert [(one.id, one.why) for one in found] == [
        ("story at home", "tells the same story"),
        ("story abroad", "tells the same story"),
        ("new theme", "same country and theme"),
        ("old theme", "same country and theme"),
        ("other theme", "same country"),
    ]


def test_another_country_counts_only_where_it_tells_the_same_story() -> None:
    assert (
        most_similar(("MLI", "armed"), frozenset("a"), [candidate("abroad", country="NER", stories="b")])
        == []
    )


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["MLI", "NER"]), st.sampled_from(["armed", "rumour"]), st.text("ab", max_size=2)
        )
    )
)
def test_no_more_than_five_are_shown_each_once(said: list[tuple[str, str, str]]) -> None:
    alerts = [candidate(str(n), *one) for n, one in enumerate(said)]
    found = most_similar(("MLI", "armed"), frozenset("a"), alerts)
    assert len(found) == min(SHOWN_AT_MOST, sum(c == "MLI" or "a" in s for c, _, s in said))
    assert len({one.id for one in found}) == len(found)
