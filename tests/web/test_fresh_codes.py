"""Codes of the last minutes: one form has one code, and no form waits for another's."""

import threading

from tests.support.house import NOW
from tests.support.pauses import Pause, Step
from tracker.ingest.reports import Received
from tracker.web.fresh_codes import FreshCodes


def received(code: str | None) -> Received:
    return Received(item_id="1", code=code, already_received=code is None)


def test_a_report_that_waits_for_the_database_holds_up_no_other() -> None:
    codes, pause = FreshCodes(), Pause()

    def slow() -> Received:
        pause.stop()
        return received("FIRST")

    waiting = Step(lambda: codes.code_of("source", "one form", slow, NOW))
    pause.reached()
    others = [
        Step(lambda: codes.code_of("source", "another form", lambda: received("OTHER"), NOW)),
        Step(lambda: codes.code_of("source", None, lambda: received("OTHER"), NOW)),
        Step(lambda: codes.code_of("another source", "one form", lambda: received("OTHER"), NOW)),
    ]
    assert [other.result() for other in others] == ["OTHER"] * 3
    pause.go()
    assert waiting.result() == "FIRST"


def test_a_second_press_while_the_first_is_taken_in_shows_the_code_of_the_first() -> None:
    codes, pause, second = FreshCodes(), Pause(), threading.Event()

    def slow() -> Received:
        pause.stop()
        return received("FIRST")

    def pressed_again() -> str | None:
        second.set()
        return codes.code_of("source", "form", lambda: received(None), NOW)

    first = Step(lambda: codes.code_of("source", "form", slow, NOW))
    pause.reached()
    again = Step(pressed_again)
    assert second.wait(20)
    pause.go()
    assert (first.result(), again.result()) == ("FIRST", "FIRST")
