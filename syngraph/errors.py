"""What can go wrong, by who must act.

::

    SyngraphError
    ├── InputError          the sender: a file or folder can't be read as it is
    ├── EvidenceError       the writer: a sentence isn't borne out by what it names
    ├── ReviewError         the doctor: something must be decided first
    ├── IntegrityError      the security officer: bytes are not what they were
    └── BackendError        the operator: an engine, model or server is missing or failed

Each carries ``message`` (what and why) and ``advice`` (what to do). None ever holds a patient's words.
"""

from __future__ import annotations


class SyngraphError(Exception):
    """Something Syngraph can't do. ``str()`` gives one line: what is wrong, and what to do about it."""

    def __init__(self, message: str, advice: str = "") -> None:
        self.message = message
        self.advice = advice
        super().__init__(f"{message} ({advice})" if advice else message)


class InputError(SyngraphError):
    """A file, folder or setting that was given can't be used as it is."""


class EvidenceError(SyngraphError):
    """A sentence says more than its evidence."""


class ReviewError(SyngraphError):
    """A doctor must decide something first."""


class IntegrityError(SyngraphError):
    """Bytes are not what they were when they were recorded."""


class BackendError(SyngraphError):
    """An engine, a model or a server is missing or failed."""
