"""The web addresses in a letter, to be followed outside its sandbox."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_SENTENCE_END = ".,;:!?)]"


@dataclass(frozen=True, slots=True)
class Link:
    """A web address in a letter, with the words that carry it."""

    address: str
    words: str


def links_in(html: str, text: str) -> tuple[Link, ...]:
    """Return the web addresses of the letter, each once, in reading order."""
    found = _LinkFinder()
    found.feed(html)
    found.close()
    matches = _WEB_ADDRESS.findall(text)
    plain = (match.rstrip(_SENTENCE_END) for match in matches)
    links = [*found.links, *(Link(address, address) for address in plain)]
    return tuple({link.address: link for link in reversed(links)}.values())[::-1]


class _LinkFinder(HTMLParser):
    """Collects ``<a href="http...">words</a>``."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self._address: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = (dict(attrs).get("href") or "").strip()
        if tag == "a" and _WEB_ADDRESS.fullmatch(address):
            self._address, self._words = address, []

    def handle_data(self, data: str) -> None:
        if self._address is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._address is not None:
            words = " ".join("".join(self._words).split())
            self.links.append(Link(self._address, words or self._address))
            self._address = None
