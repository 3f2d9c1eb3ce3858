"""People: add them, give them a token, make them a sign-in address, end their access."""

from typing import Annotated

import typer

from tracker.access.people import NewPerson, create_user, end_access, viewer_of_email
from tracker.access.signin import make_link, make_token
from tracker.cli.shared import give, opened_store, say
from tracker.clock import utc_now
from tracker.domain.words import Role, Tlp


def users_add(
    email: Annotated[str, typer.Argument(help="Their e-mail address.")],
    role: Annotated[Role, typer.Option(help="What they are here to do.")],
    org: Annotated[str, typer.Option(help="Their organisation; added where it is new.")],
    tlp: Annotated[Tlp | None, typer.Option(help="Clearance, where it differs from the role's.")] = None,
    country: Annotated[
        list[str] | None,
        typer.Option(
            help="ISO 3166-1 alpha-3; repeat for more. For a member_state the first is their State."
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Their name as others see it.")] = None,
) -> None:
    """Add a person and print their one-time sign-in address."""
    now = utc_now()
    person = NewPerson(email, role, org, name, tlp, tuple(country or ()))
    with opened_store() as (store, settings):
        link = make_link(store, create_user(store, person, now), settings.public_url, now)
    say("Added. This address signs them in once, within three days:")
    give(link)


def users_link(email: Annotated[str, typer.Argument(help="Their e-mail address.")]) -> None:
    """Print a new one-time sign-in address."""
    with opened_store() as (store, settings):
        viewer = viewer_of_email(store, email, utc_now())
        give(make_link(store, viewer.user_id, settings.public_url, utc_now()))


def users_token(
    email: Annotated[str, typer.Argument(help="Their e-mail address.")],
    name: Annotated[
        str, typer.Option(help="What the token is for; an earlier one of this name stops working.")
    ],
) -> None:
    """Print a new API token; it is shown this once."""
    with opened_store() as (store, _):
        viewer = viewer_of_email(store, email, utc_now())
        give(make_token(store, viewer.user_id, name, utc_now()))


def users_disable(email: Annotated[str, typer.Argument(help="Their e-mail address.")]) -> None:
    """End a person's access: sign-in addresses, browsers, tokens, grants, mails. What they did stays."""
    with opened_store() as (store, _):
        end_access(store, email, utc_now())
    say("Their access is ended. Alerts that they own still wait for somebody: see /alerts.")


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    users = typer.Typer(help="Who may sign in.", no_args_is_help=True)
    users.command("add")(users_add)
    users.command("link")(users_link)
    users.command("token")(users_token)
    users.command("disable")(users_disable)
    app.add_typer(users, name="users")
