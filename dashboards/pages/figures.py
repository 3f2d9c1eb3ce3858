"""Are we getting faster, and where does it stick?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from dashboards.components import filters, marks
from dashboards.components.fields import countries
from dashboards.components.markup import html
from dashboards.sections import figures as cards
from dashboards.session import Visit, enter, house, session_cookie
from tracker.access.signin import viewer_of_cookie
from tracker.clock import utc_now
from tracker.domain.wording import counted, exact
from tracker.domain.words import Level
from tracker.share.export import ExportFilter, table_of
from tracker.share.figures.summary import summarise
from tracker.share.figures.words import headline
from tracker.share.period import read_period
from tracker.store.reads.chains import ChainFilter


@dataclass(frozen=True)
class _Asked:
    days: int
    about: ChainFilter


def page() -> None:
    """Draw the figures of a period."""
    here = enter()
    top = st.container()
    asked = _asked(here)
    since = here.now - timedelta(days=asked.days)
    with here.store.viewing(here.viewer) as view:
        seen = read_period(view, since, here.now, asked.about)
    found = summarise(seen, here.policy.deadlines)
    with top:
        right = html(
            '{} opened in the last {} days · <time title="{}">data to {:%H:%M}</time>',
            *(counted(found.n, "alert"), asked.days, exact(here.now), here.now),
        )
        marks.head(None, right, headline(found), cards.apart_words(found))
    cards.draw_funnel(found, asked.days)
    cards.draw_times(found)
    cards.draw_on_time(found)
    left, other = st.columns(2, gap="medium")
    with left:
        cards.draw_stuck(here, found)
        cards.draw_loop(found)
        cards.draw_by_level(found)
    with other:
        cards.draw_trust(found)
        cards.draw_known(found)
    cards.draw_not_measured()


def _asked(here: Visit) -> _Asked:
    themes = {theme.code: theme.name for theme in here.policy.taxonomy.themes if theme.raises}
    levels = {str(level): marks.level_words(level) for level in reversed(Level)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        days = int(filters.choose("Period", "days", filters.PERIODS, None, default="90") or "90")
        country = filters.choose("Country", "country", countries(here), "Every country")
        theme = filters.choose("Theme", "theme", themes, "Every theme")
        level = filters.choose("Level", "level", levels, "Every level")
        about = ChainFilter(None, here.now, country, theme, Level(level) if level else None)
        _download(_Asked(days, about))
    return _Asked(days, about)


def _download(asked: _Asked) -> None:
    cookie = session_cookie()
    st.download_button(
        "Download CSV",
        data=lambda: _table(cookie, asked, utc_now()),
        file_name="figures.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _table(cookie: str | None, asked: _Asked, now: datetime) -> bytes:
    """Made at the press of the button, for who is signed in then; it is audited like every export."""
    store = house().store
    viewer = viewer_of_cookie(store, cookie, now)
    if viewer is None or not viewer.inside:
        return b"You were signed out. Sign in again.\n"
    wanted = ExportFilter(now - timedelta(days=asked.days), now, asked.about)
    return table_of(store, "metrics", viewer, wanted, now)


page()
