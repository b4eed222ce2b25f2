"""What somebody types, kept while they type it: sealed, versioned, for them alone.

Invariant: a draft is no fact. It is seen by nobody but its author, outlives a lapsed
claim, and is never overwritten unread: who saves says on which version it rests.
Source: architecture.md, "HTTP, time, drafts".

A service that keeps drafts has the table ``draft`` in its schema.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from shared.crypto import Grant, Purpose, Vault
from shared.database import Connection, Pool
from shared.errors import ConflictError, NotFoundError
from shared.personal import Erased, Personal

VERSIONS_KEPT = 50
"""Source: architecture.md, "HTTP, time, drafts"."""


class DraftChangedError(ConflictError):
    """The draft was changed elsewhere in the meantime: look at both and choose."""


class NoSuchDraftError(NotFoundError):
    """Nothing was typed here yet, or this version is kept no longer."""


class UnknownFormError(NotFoundError):
    """There is no such form to write in here; the context names those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One version of what an author typed into a form."""

    form: str
    version: int
    text: str
    saved_at: datetime


OWN = Grant(role="participant", purpose=Purpose.OWN_CASE)
"""What opens the drafts of a participant."""


@dataclass(frozen=True, slots=True)
class Author:
    """Whose drafts these are, and the proven role that opens them."""

    person_id: str
    grant: Grant = OWN
    about: str | None = None
    """Whom they are about, whose key seals them; None: their author."""

    @property
    def subject(self) -> str:
        """Id of the person whose erasure makes the drafts unreadable."""
        return self.about or self.person_id

    def field(self, form: str) -> str:
        """Return what a draft is sealed as: nothing of another form or author."""
        return (
            f"draft.{form}" if self.about is None else f"draft.{form}.{self.person_id}"
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A form that *author* proved to be theirs to write in."""

    author: Author
    form: str

    @classmethod
    def among(
        cls, forms: Sequence[str], form: str, author: Author, *, within: str
    ) -> Self:
        """Return the place of *form*, which has to be one of *forms* of *within*.

        Raises:
            UnknownFormError: it is none of them; names them.
        """
        if form not in forms:
            raise UnknownFormError(form=form, forms=list(forms))
        return cls(author, f"{within}.{form}")


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of one service."""

    pool: Pool
    vault: Vault

    async def save(
        self, author: Author, form: str, text: str, *, after: int, at: datetime
    ) -> int:
        """Keep *text* as the next version after *after*, 0 for the first; return it.

        The same text again is not another version.

        Raises:
            DraftChangedError: a later version exists; names it.
            SubjectErasedError: whom it is about was erased.
        """
        sealed = await self.vault.seal(author.subject, text, field=author.field(form))
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(_LOCK, f"{author.person_id} {form}")
            found = await _latest(connection, author, form)
            if found is not None and await self._text(author, form, found[1]) == text:
                return found[0]
            latest = 0 if found is None else found[0]
            if latest != after:
                raise DraftChangedError(form=form, latest=latest)
            row = (author.person_id, form, latest + 1, sealed.model_dump(), at)
            await connection.execute(_INSERT, *row)
            oldest_kept = latest + 2 - VERSIONS_KEPT
            await connection.execute(_FORGET, author.person_id, form, oldest_kept)
        return latest + 1

    async def read(
        self, author: Author, form: str, version: int | None = None
    ) -> Draft:
        """Return a version of what *author* typed, the latest by default.

        Raises:
            NoSuchDraftError: there is none.
        """
        row = await self.pool.fetchrow(_READ, author.person_id, form, version)
        if row is None:
            raise NoSuchDraftError(form=form)
        sealed: Personal[str] = Personal.model_validate(row["sealed"])
        return Draft(
            form=form,
            version=row["version"],
            text=await self._text(author, form, sealed),
            saved_at=row["saved_at"],
        )

    async def versions(
        self, author: Author, form: str
    ) -> Sequence[tuple[int, datetime]]:
        """Return number and time of every version that is kept, latest first."""
        rows = await self.pool.fetch(_VERSIONS, author.person_id, form)
        return [(row["version"], row["saved_at"]) for row in rows]

    async def _text(self, author: Author, form: str, sealed: Personal[str]) -> str:
        text = await self.vault.open(
            sealed, str, field=author.field(form), grant=author.grant
        )
        if isinstance(text, Erased):
            raise NoSuchDraftError(form=form)
        return text


async def _latest(
    connection: Connection, author: Author, form: str
) -> tuple[int, Personal[str]] | None:
    row = await connection.fetchrow(_READ, author.person_id, form, None)
    if row is None:
        return None
    return row["version"], Personal.model_validate(row["sealed"])


_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_INSERT = """
    INSERT INTO draft (author, form, version, sealed, saved_at)
    VALUES ($1, $2, $3, $4, $5)
"""
_FORGET = "DELETE FROM draft WHERE author = $1 AND form = $2 AND version < $3"
_READ = """
    SELECT version, sealed, saved_at FROM draft
    WHERE author = $1 AND form = $2 AND ($3::int IS NULL OR version = $3)
    ORDER BY version DESC LIMIT 1
"""
_VERSIONS = """
    SELECT version, saved_at FROM draft WHERE author = $1 AND form = $2
    ORDER BY version DESC
"""
