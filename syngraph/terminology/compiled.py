"""What is slow to build and the same every time, kept between runs in the user's cache folder.

Like Python's own ``__pycache__``: the name of a kept file holds the digest of everything it was built from, so a
stale one is never read, and whatever goes wrong with the folder only costs the time of building again.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from stat import S_IWGRP, S_IWOTH
from typing import Protocol, TypeVar

T = TypeVar("T")


class Readable(Protocol):
    """A file of the package."""

    def read_bytes(self) -> bytes:
        """Its bytes."""


def digest(parts: Iterable[Readable], *libraries: str) -> str:
    """One digest of the files' bytes, the libraries' versions and this Python."""
    total = sha256(repr((sys.version, [version(name) for name in libraries])).encode())
    for part in parts:
        total.update(sha256(part.read_bytes()).digest())
    return total.hexdigest()[:32]


def kept(folder: Path, name: str, key: str, kind: type[T], build: Callable[[], T]) -> T:
    """``build()``, or what it gave an earlier run: the file ``name-key`` in ``folder``.

    A file that is broken, not ours alone to write, or holds something other than a ``kind`` is built anew.
    """
    path = folder / f"{name}-{key}.pickle"
    found = _load(path)
    if isinstance(found, kind):
        return found
    made = build()
    keep(folder, name, key, made)
    return made


def keep(folder: Path, name: str, key: str, made: object) -> None:
    """Put ``made`` where :func:`kept` finds it, and take away what other keys left there."""
    with suppress(OSError):  # no home, a full disk, a read-only folder: the next run builds again
        _save(folder / f"{name}-{key}.pickle", made, f"{name}-*.pickle")


def _load(path: Path) -> object:
    try:
        if not _ours(path):
            return None
        data = path.read_bytes()
    except OSError:
        return None
    was_on = gc.isenabled()
    gc.disable()  # half of the time would go to looking for garbage among what is just made
    try:
        return pickle.loads(data)  # noqa: S301  # written by this user for this user, as checked above
    except Exception:  # a torn file can raise anything
        return None
    finally:
        if was_on:
            gc.enable()


def _ours(path: Path) -> bool:
    """Whether only this user can have written the file; a pickle of anybody else's must not be opened."""
    if not hasattr(os, "getuid"):
        return path.is_file()
    stats = (path.stat(), path.parent.stat())
    return all(s.st_uid == os.getuid() and not s.st_mode & (S_IWGRP | S_IWOTH) for s in stats)


def _save(path: Path, made: object, pattern: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            pickle.dump(made, out, protocol=5)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    for old in path.parent.glob(pattern):
        if old != path:
            old.unlink(missing_ok=True)
