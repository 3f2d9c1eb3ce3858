"""The alert's small life and the action's, as pure tables: what may be done now, and why not."""

from tracker.domain.words import ActionStatus, AlertState
from tracker.errors import TransitionError

OPEN_STATES = frozenset({AlertState.NEW, AlertState.ASSESSING})

_ALERT_MOVES: dict[str, dict[AlertState, AlertState]] = {
    "take": {AlertState.NEW: AlertState.ASSESSING, AlertState.ASSESSING: AlertState.ASSESSING},
    "close": {AlertState.NEW: AlertState.CLOSED, AlertState.ASSESSING: AlertState.CLOSED},
    "dismiss": {AlertState.NEW: AlertState.DISMISSED, AlertState.ASSESSING: AlertState.DISMISSED},
    "merge": {AlertState.NEW: AlertState.MERGED, AlertState.ASSESSING: AlertState.MERGED},
    "reopen": {AlertState.CLOSED: AlertState.ASSESSING, AlertState.DISMISSED: AlertState.ASSESSING},
}
_WORKING = ("brief", "deliver", "decide", "act", "verify", "release")
_LOOKING_BACK = ("outcome",)
"""What came of it often shows only when the alert has long been closed."""

_ACTION_MOVES: dict[str, dict[ActionStatus, ActionStatus]] = {
    "agree": {ActionStatus.PROPOSED: ActionStatus.AGREED},
    "start": {
        ActionStatus.PROPOSED: ActionStatus.UNDER_WAY,
        ActionStatus.AGREED: ActionStatus.UNDER_WAY,
        ActionStatus.BLOCKED: ActionStatus.UNDER_WAY,
    },
    "finish": {ActionStatus.UNDER_WAY: ActionStatus.DONE},
    "block": {
        ActionStatus.PROPOSED: ActionStatus.BLOCKED,
        ActionStatus.AGREED: ActionStatus.BLOCKED,
        ActionStatus.UNDER_WAY: ActionStatus.BLOCKED,
    },
    "cancel": {
        ActionStatus.PROPOSED: ActionStatus.CANCELLED,
        ActionStatus.AGREED: ActionStatus.CANCELLED,
        ActionStatus.UNDER_WAY: ActionStatus.CANCELLED,
        ActionStatus.BLOCKED: ActionStatus.CANCELLED,
    },
}


def alert_moves(state: AlertState) -> tuple[str, ...]:
    """Return the moves that an alert in this state allows, in the order in which a page shows them."""
    moves = tuple(move for move, table in _ALERT_MOVES.items() if state in table)
    if state in OPEN_STATES:
        return moves + _WORKING + _LOOKING_BACK
    return moves + _LOOKING_BACK if state is AlertState.CLOSED else moves


def alert_after(state: AlertState, move: str) -> AlertState:
    """Return the state after a move.

    Working on an open alert leaves its state (new becomes assessing); recording what came of a closed one leaves
    it closed.

    Raises:
        TransitionError: the state does not allow the move; it names those it does.
    """
    if move in (*_WORKING, *_LOOKING_BACK) and state in OPEN_STATES:
        return AlertState.ASSESSING
    if move in _LOOKING_BACK and state is AlertState.CLOSED:
        return state
    after = _ALERT_MOVES.get(move, {}).get(state)
    if after is None:
        raise TransitionError(f"This alert is {state}; you cannot {move} it.", alert_moves(state))
    return after


def action_moves(status: ActionStatus) -> tuple[str, ...]:
    """Return the moves that an action in this status allows."""
    return tuple(move for move, table in _ACTION_MOVES.items() if status in table)


def action_after(status: ActionStatus, move: str) -> ActionStatus:
    """Return the status after a move.

    Raises:
        TransitionError: the status does not allow the move; it names those it does.
    """
    after = _ACTION_MOVES.get(move, {}).get(status)
    if after is None:
        said = status.replace("_", " ")
        raise TransitionError(f"This action is {said}; you cannot {move} it.", action_moves(status))
    return after
