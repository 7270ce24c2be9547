"""Everything about time in running text: durations and ages (:mod:`durations`), calendar dates (:mod:`dates`)."""

from __future__ import annotations

from syngraph.terminology.dates import DateSpan, dates_agree, find_dates, onset_from, say_date
from syngraph.terminology.durations import (
    DurationSpan,
    duration_days,
    find_ages,
    find_durations,
    same_duration,
    say_duration,
)

__all__ = [
    "DateSpan",
    "DurationSpan",
    "dates_agree",
    "duration_days",
    "find_ages",
    "find_dates",
    "find_durations",
    "onset_from",
    "same_duration",
    "say_date",
    "say_duration",
]
