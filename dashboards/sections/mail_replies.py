"""Answers by mail: the words, what the program reads in them, what speaks against it, and who confirms."""

from datetime import date

import streamlit as st
from markupsafe import Markup

from dashboards.components import fields, marks
from dashboards.components.markup import html, joined
from dashboards.components.rows import row
from dashboards.forms import Form
from dashboards.places import place
from dashboards.sections.opened import Opened
from dashboards.session import Visit
from tracker.access.permissions import Deed
from tracker.domain.labels import tlp_rank
from tracker.domain.vocabulary import NOT_ACTING, SETTING_ASIDE
from tracker.domain.wording import counted, day_words, said
from tracker.domain.words import Answer, DecisionKind, MailReplyState
from tracker.respond.labelling import AS_ITS_INPUTS
from tracker.respond.mail_replies import AnswerByMail, AnswerConfirmed, confirm, set_aside
from tracker.store.reads.mail_replies import MailReplyRow

_DECISIONS = frozenset(str(kind) for kind in DecisionKind)
_REVIEWED = frozenset({Answer.WATCH, Answer.NOT_ACTING_NOW})


def draw_mail_replies(page: Opened) -> None:
    """Draw the answers by mail, those that wait first; nothing where none came."""
    if not page.mail:
        return
    with st.container(border=True, key="card-mail-replies"):
        marks.title("Answers by mail")
        waiting = [each for each in reversed(page.mail) if each.row.state is MailReplyState.WAITING]
        if waiting:
            marks.note("Anybody can write any sender into a mail: an answer counts once you confirm it.")
        for number, each in enumerate(waiting):
            with st.container(key=f"{'row' if number else 'first-row'}-{each.row.id}"):
                _waiting(page, each)
        settled = [each.row for each in page.mail if each.row.state is not MailReplyState.WAITING]
        if settled:
            lines = joined((_settled(page, one) for one in settled), "<br>")
            marks.write('<p class="small soft">{}</p>', lines)


def draw_waiting_mail(here: Visit, waiting: list[MailReplyRow], *, first: bool) -> None:
    """Draw a row of the first page that leads to the oldest answer by mail that waits."""
    with row("mail", first=first) as cells:
        cells[0].html('<div class="eat soft">Mail</div>')
        with cells[1]:
            words = counted(len(waiting), "answer by mail waits", "answers by mail wait")
            marks.write("<b>{} to be confirmed</b>", words)
        with cells[2]:
            marks.show(html("came<br>{}", marks.instant(waiting[0].received_at, here.now, as_ago=True)))
        if cells[3].button("Read it" if len(waiting) == 1 else "Read the oldest", width="stretch"):
            st.switch_page(place("alert"), query_params={"id": waiting[0].alert_id})


def _waiting(page: Opened, each: AnswerByMail) -> None:
    one = each.row
    marks.write(
        '<p><b>{}</b> · written {} {}</p><p dir="auto" style="white-space:pre-line">{}</p>{}{}',
        page.name(one.recipient_id),
        marks.instant(one.sent_at, page.now),
        marks.tlp(one.tlp),
        one.text or ("Its words were erased." if one.text is None else "It holds no words of its own."),
        html('<p class="small">Reads as: <b>{}</b></p>', _reading(page, one)),
        html('<p class="small late">{}</p>', " ".join(each.doubts)) if each.doubts else "",
    )
    if not page.here.may(Deed.WORK):
        return
    if each.may_be_confirmed:
        _confirm(page, one)
    _set_aside(page, one)


def _reading(page: Opened, one: MailReplyRow) -> str:
    if one.proposed is None:
        return "none of the five answers clearly"
    day = f", look again on {day_words(one.review_on, page.now.date())}" if one.review_on else ""
    return f"{said(one.proposed)}{day}"


def _settled(page: Opened, one: MailReplyRow) -> Markup:
    because = page.here.policy.vocabulary.reason_name(one.set_aside_because)
    return html(
        "{}, written {}: {} by {}{}",
        page.name(one.recipient_id),
        marks.instant(one.sent_at, page.now),
        said(one.state),
        page.actor(one.settled_by or ""),
        f" ({because})" if because else "",
    )


def _confirm(page: Opened, one: MailReplyRow) -> None:
    form = Form("confirm-mail", one.id)
    form.put_back()
    answer = st.segmented_control(
        "What they answer",
        [str(answer) for answer in Answer],
        format_func=fields.human,
        default=str(one.proposed) if one.proposed else None,
        key=form.key("answer"),
    )
    keeps_words = tlp_rank(one.tlp) <= tlp_rank(one.delivery_tlp)
    with form.drawn():
        if answer == Answer.NOT_ACTING_NOW:
            fields.one_of(form, "reason", "Why", page.here.policy.vocabulary.reasons[NOT_ACTING])
        if answer in _REVIEWED:
            last = page.last_review_day
            fields.review_on(form, last, _review_day(one, page.now.date(), last))
        if answer in _DECISIONS or (answer == Answer.NOT_FOR_ME and keeps_words):
            st.text_area("In their words", value=one.reason or "", key=form.key("note"), height=80)
        if answer in _DECISIONS:
            fields.label(form, page.here, [*page.alert.tlp, one.delivery_tlp, one.tlp])
        form.submit("Confirm", "Confirmed.", lambda here: _confirmed(here, one.id, form))


def _review_day(one: MailReplyRow, today: date, last: date) -> date:
    """Return the day that they said, as far as the level allows."""
    return one.review_on if one.review_on and today <= one.review_on <= last else last


def _confirmed(here: Visit, reply_id: str, form: Form) -> None:
    answer = Answer(fields.chosen(form, "answer"))
    given = AnswerConfirmed(
        answer=answer,
        review_on=form.said("review_on"),
        reason=fields.chosen(form, "reason") if answer is Answer.NOT_ACTING_NOW else None,
        note=form.text("note") or None,
        labelling=fields.labelling(form) if answer in _DECISIONS else AS_ITS_INPUTS,
    )
    confirm(here.store, here.viewer, reply_id, given, here.now)


def _set_aside(page: Opened, one: MailReplyRow) -> None:
    form = Form("aside-mail", one.id)
    with st.popover("Set aside", key=form.opener), form.drawn():
        fields.one_of(form, "because", "Why", page.here.policy.vocabulary.reasons[SETTING_ASIDE])
        form.submit(
            "Set it aside",
            "Set aside; its words stay here.",
            lambda here: set_aside(here.store, here.viewer, one.id, fields.chosen(form, "because"), here.now),
        )
