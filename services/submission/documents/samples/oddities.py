"""What people's computers do to the files they hand in.

One folder around everything, files of the system among the others, and accents that
stand apart from their letters.
"""

import unicodedata

from services.submission.documents.samples.sample import Recipe

_THUMBNAILS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
_FOLDER_VIEW = b"\0\0\0\1Bud1" + bytes(248)
_RESOURCE_FORK = b"\0\x05\x16\x07\0\x02\0\0Mac OS X        " + bytes(58)
_LOCK_OWNER = b"\x06Reader" + bytes(155)


def as_handed_in(files: dict[str, bytes], recipe: Recipe) -> dict[str, bytes]:
    """Return *files* by the names under which they arrive, with what came along."""
    inside = f"{recipe.inside}/" if recipe.inside else ""
    arrived = {f"{inside}{name}": data for name, data in files.items()}
    arrived |= {name: _system_file(name) for name in recipe.system_files}
    if not recipe.decomposed_names:
        return arrived
    return {unicodedata.normalize("NFD", name): arrived[name] for name in arrived}


def _system_file(name: str) -> bytes:
    last = name.rsplit("/", 1)[-1]
    if last.startswith("~$"):
        return _LOCK_OWNER
    if last.startswith("._"):
        return _RESOURCE_FORK
    return _FOLDER_VIEW if last == ".DS_Store" else _THUMBNAILS
