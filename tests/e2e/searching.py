"""Looks for words in bytes, in every form in which they could have been written."""

import base64
import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote

_ALIGNMENTS = 3
"""A word begins at one of three places inside a group of base64."""


def forms_of(word: str) -> frozenset[bytes]:
    """Return *word* as it would stand in text, JSON, addresses, base64 and hex."""
    plain = word.encode()
    escaped = json.dumps(word)[1:-1].encode()
    wide = word.encode("utf-16-le")
    forms = {plain, plain.lower(), escaped, wide, quote(word).encode(), repr_of(word)}
    for text in (plain, escaped):
        forms |= {text.hex().encode(), *_base64_forms(text)}
    return frozenset(forms)


def repr_of(word: str) -> bytes:
    """Return what a program would print of *word*."""
    return repr(word)[1:-1].encode()


def _base64_forms(text: bytes) -> Iterator[bytes]:
    """Yield the middle of *text* in base64 at each alignment, in both alphabets."""
    for before in range(_ALIGNMENTS):
        whole = bytes(before) + text
        start = 0 if before == 0 else 4
        end = len(whole) // 3 * 4
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(whole)[start:end]


class Search:
    """Tells which of some words are in what it is given."""

    def __init__(self, words: Iterable[str]) -> None:
        self._forms = {word: forms_of(word) for word in set(words)}

    @property
    def words(self) -> frozenset[str]:
        """What is looked for."""
        return frozenset(self._forms)

    def found_in(self, contents: Iterable[bytes]) -> set[str]:
        """Return the words that stand somewhere in *contents*."""
        found: set[str] = set()
        for content in contents:
            found |= {
                word
                for word, forms in self._forms.items()
                if word not in found and any(form in content for form in forms)
            }
        return found
