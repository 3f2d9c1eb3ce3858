"""What every table declares: who may see its rows. A table that declares nothing fails at import.

- Labelled: carries its own TLP label, holder and countries; the full predicate applies.
- Child: seen with its parent; with several, by who may see all of them.
- Open: vocabulary; everyone signed in may see it.
- Closed: only the system session.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from tracker.domain.words import Hidden, Tlp
from tracker.store.columns import UtcDateTime, ulid, words


@dataclass(frozen=True)
class Labelled:
    """The predicate applies to the row itself. `release` marks the one class that partners and States see."""

    release: bool = False


@dataclass(frozen=True)
class Child:
    """Seen with a parent: `key` is this table's column, `of` names the parent class, `parent_key` its column."""

    key: str
    of: str
    parent_key: str = "id"


@dataclass(frozen=True)
class Open:
    """Vocabulary that everybody may read."""


@dataclass(frozen=True)
class Closed:
    """Never read on a viewer's session."""


Seen = Labelled | tuple[Child, ...] | Open | Closed


class Base(DeclarativeBase):
    """Root of all tables."""

    __seen__: ClassVar[Seen]

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        declared = cls.__dict__.get("__seen__")
        if not isinstance(declared, Labelled | tuple | Open | Closed):
            raise TypeError(f"{cls.__name__} does not declare who may see it: set __seen__")
        if isinstance(declared, Labelled) and not issubclass(cls, LabelledRow):
            raise TypeError(f"{cls.__name__} is declared Labelled but is not a LabelledRow")
        super().__init_subclass__(**kwargs)


class LabelledRow:
    """Columns of a labelled row. `org_id` is who holds it; `country` is None where it is about none."""

    __tablename__: str

    id: Mapped[str] = mapped_column(ulid(), primary_key=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    country: Mapped[str | None] = mapped_column(String(3))
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @declared_attr
    def tlp(cls) -> Mapped[Tlp]:
        """The row's own TLP label."""
        return mapped_column(words(Tlp, f"{cls.__tablename__}_tlp"))

    @declared_attr
    def hidden_because(cls) -> Mapped[Hidden | None]:
        """Why the row is hidden, where it is."""
        return mapped_column(words(Hidden, f"{cls.__tablename__}_hidden"))
