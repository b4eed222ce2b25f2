"""Names of files as people and their computers write them, made safe to compare."""

import re
import unicodedata
from contextlib import suppress
from pathlib import PurePosixPath

from services.submission.documents.limits import MAX_NAME_BYTES
from services.submission.documents.refusals import UnreadableError

_SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"})
_SYSTEM_FOLDERS = frozenset({"__macosx", "$recycle.bin"})
_RENAME = "Rename the file, pack the folder again and upload it."


def decoded_name(name: str, *, is_utf8: bool) -> str:
    """Return the name a packer meant, in one Unicode form and with forward slashes.

    A zip without the UTF-8 flag is read as code page 437, although some systems put
    UTF-8 into it all the same.
    """
    if not is_utf8:
        with suppress(UnicodeError):  # then it was what it said it was
            name = name.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", name).replace("\\", "/")


def comparable(name: str) -> str:
    """Return what *name* becomes on a system that ignores case and Unicode forms."""
    return unicodedata.normalize("NFKC", name).casefold()


def is_system_file(name: str) -> bool:
    """Tell whether the computer, not the participant, made this file."""
    *folders, last = (step.casefold() for step in PurePosixPath(name).parts)
    return (
        last in _SYSTEM_FILES
        or last.startswith(("~$", "."))
        or any(step in _SYSTEM_FOLDERS or step.startswith(".") for step in folders)
    )


def refuse_unsafe(name: str) -> None:
    """Check that *name* stays inside the folder it is unpacked to.

    Raises:
        UnreadableError: absolute, leaves the folder, or no file system takes it.
    """
    steps = name.rstrip("/").split("/")
    if name.startswith("/") or re.match(r"^[A-Za-z]:", name):
        raise UnreadableError("Its path begins at the root of a disk.", _RENAME)
    if ".." in steps:
        raise UnreadableError("Its path leads out of the portfolio.", _RENAME)
    if "" in steps or "." in steps:
        raise UnreadableError("Its path has an empty step.", _RENAME)
    if any(unicodedata.category(letter) == "Cc" for letter in name):
        raise UnreadableError("Its name holds a control character.", _RENAME)
    if any(len(step.encode("utf-8", "replace")) > MAX_NAME_BYTES for step in steps):
        reason = f"Its name is longer than {MAX_NAME_BYTES} bytes."
        raise UnreadableError(reason, _RENAME)


def shared_folder(names: tuple[str, ...]) -> str:
    """Return the one folder, with its slash, that holds all of *names*, or ""."""
    firsts = {name.split("/", 1)[0] for name in names}
    if len(firsts) == 1 and all("/" in name for name in names):
        return f"{firsts.pop()}/"
    return ""
