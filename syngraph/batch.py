"""Drafting many encounters, several at a time, each in its own process so that engines keep to one thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from syngraph.errors import BackendError, InputError, SyngraphError
from syngraph.model import Draft, Language
from syngraph.ports import Progress


def draft_all(
    folders: Sequence[Path],
    *,
    jobs: int = 1,
    language: Language | None = None,
    template: str | None = None,
    quiet: bool = True,
) -> Iterator[tuple[Path, Draft | SyngraphError]]:
    """Draft each folder; yields (folder, draft or what went wrong) in the order given.

    Raises:
        InputError: ``jobs`` is less than 1.
    """
    if jobs < 1:
        raise InputError("--jobs needs a number of at least 1")
    if jobs == 1 or len(folders) == 1:
        from syngraph.printing import progress_bar

        for folder in folders:
            with progress_bar(folder.name, quiet=quiet) as progress:
                result = _one(folder, language, template, progress)
            yield folder, result
        return
    with ProcessPoolExecutor(max_workers=min(jobs, len(folders))) as pool:
        pending = [pool.submit(_one, folder, language, template) for folder in folders]
        for folder, future in zip(folders, pending, strict=True):
            yield folder, _result(future)


def _result(future: Future[Draft | SyngraphError]) -> Draft | SyngraphError:
    try:
        return future.result()
    except BrokenProcessPool:
        return BackendError("its process was ended from outside", "try fewer --jobs: memory may have run out")


def _one(
    folder: Path, language: Language | None, template: str | None, progress: Progress | None = None
) -> Draft | SyngraphError:
    from syngraph.pipeline import draft

    try:
        return draft(folder, language=language, template=template, progress=progress)
    except SyngraphError as e:
        return e
    except Exception as e:  # the other encounters go on
        from syngraph.pipeline import fault

        return BackendError(fault(e), "please report it")
