"""Whose words: speaker labels to doctor, patient and companion; unknown speakers by who asks and who answers.

The words stand in ``terminology/data/speaker_labels.tsv`` (what labels mean) and ``speaker_cues.tsv`` (how each
side talks, with weights). A label that says nothing ("SPEAKER_01", "A", a name) is judged by all that its speaker
says; a talk without labels turn by turn, as the most likely sequence of doctor and other side.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from syngraph.model import Mark, Role
from syngraph.terminology.fold import fold
from syngraph.terminology.patterns import regex

_DIGITS = regex(r"[\s_\-#.·]*\d+$")
_GENERIC = regex(
    r"(?:speaker|spk|spkr|说话人|发言人|讲话人|参与者|用户|person|voice|channel|participant|user|声道)[\s_\-#]*\w{0,3}"
    r"|[a-z]|[甲乙丙丁]|s\d{1,2}",
)
#: Log odds that the speaker changes from one turn to the next: in general, after the doctor's question, after the
#: other side's. Measured on public dialogues in both languages with their labels taken away.
_SWITCH = math.log(0.55 / 0.45)
_AFTER_QUESTION = math.log(0.88 / 0.12)
_AFTER_PATIENT_QUESTION = math.log(0.75 / 0.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one speaker says in one go.

    ``marks`` divide ``text`` by the clock (offsets into ``text``); ``label`` is empty where nobody is named.
    """

    text: str
    label: str = ""
    marks: tuple[Mark, ...] = ()

    @property
    def time(self) -> tuple[float, float] | None:
        """Seconds from the first mark to the last; None without a clock."""
        times = [m.locator.time for m in self.marks if m.locator.time]
        return (min(t[0] for t in times), max(t[1] for t in times)) if times else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Whose words each turn is.

    Attributes:
        turns: one role a turn.
        speakers: label to role.
        resolved: the labels that did not say it themselves; "" for turns without a label.
    """

    turns: tuple[Role, ...]
    speakers: Mapping[str, Role]
    resolved: frozenset[str] = frozenset()

    @property
    def summary(self) -> str:
        """The speakers as one line, resolved ones marked as such: ``A = doctor (resolved), 患者 = patient``."""
        named = [
            f"{label} = {role}" + (" (resolved)" if label in self.resolved else "")
            for label, role in self.speakers.items()
            if label
        ]
        return ", ".join(named + (["unlabelled turns: resolved one by one"] if "" in self.resolved else []))


@cache
def _labels() -> tuple[tuple[Role, bool, bool, frozenset[str]], ...]:
    """Rows of (role, exact, Chinese, words) in order of precedence."""
    rows: list[tuple[Role, bool, bool, frozenset[str]]] = []
    roles: dict[str, Role] = {"doctor": "doctor", "patient": "patient", "companion": "companion"}
    for role, match, language, words in _table("speaker_labels.tsv"):
        rows.append((roles[role], match == "exact", language == "zh", frozenset(fold(words).split("|"))))
    # An exact row outranks the words of any other.
    return tuple(sorted(rows, key=lambda row: not row[1]))


def _table(name: str) -> Iterator[list[str]]:
    text = files("syngraph.terminology").joinpath(f"data/{name}").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    yield from (line.split("\t") for line in lines[1:])


@cache
def known_role(label: str) -> Role | None:
    """The role that a speaker label names by itself; None where it names none.

    >>> known_role("李医生"), known_role("Patient's mother"), known_role("Dr. Lee"), known_role("SPEAKER_01")
    ('doctor', 'companion', 'doctor', None)
    """
    text = fold(label).strip(" []()<>【】（）:：*")
    bare = _DIGITS.sub("", text)
    tokens = set(re.findall(r"[a-z]+", bare.replace("'s", "")))
    for role, exact, chinese, words in _labels():
        if bare in words or text in words:
            return role
        if not exact and (any(w in bare for w in words) if chinese else tokens & words):
            return role
    return None


def is_generic(label: str) -> bool:
    """Whether ``label`` is a machine's name for a speaker (``SPEAKER_01``, ``说话人 2``, ``A``, ``乙``)."""
    return _GENERIC.fullmatch(fold(label).strip()) is not None


@dataclass(frozen=True, slots=True)
class _Cue:
    side: str
    weight: float
    pattern: re.Pattern[str]


@cache
def _cues() -> tuple[_Cue, ...]:
    return tuple(_Cue(side, float(weight), regex(pattern)) for side, weight, pattern in _table("speaker_cues.tsv"))


@dataclass(frozen=True, slots=True)
class _Talk:
    """What a stretch sounds like.

    ``doctor`` above 0 like a doctor, below 0 like the other side; the others count third-person and first-person
    words about the one who is ill.
    """

    doctor: float = 0.0
    third: float = 0.0
    first: float = 0.0

    def __add__(self, other: _Talk) -> _Talk:
        return _Talk(self.doctor + other.doctor, self.third + other.third, self.first + other.first)


def _hear(text: str) -> _Talk:
    """The cues of one turn. Each counts once; the sum is damped so that one long turn does not decide alone."""
    folded = fold(text).strip()
    totals: Counter[str] = Counter()
    for cue in _cues():
        if cue.pattern.search(folded):
            totals[cue.side] += cue.weight  # type: ignore[assignment]
    doctor = totals["doctor"] - totals["patient"]
    return _Talk(max(-4.0, min(4.0, doctor)), totals["third"], totals["first"])


def resolve(turns: Sequence[Turn]) -> Roles:
    """Whose words each turn is, by its label where that says it, else by who asks and who answers."""
    heard = [_hear(t.text) for t in turns]
    labels = list(dict.fromkeys(t.label for t in turns))
    known = {label: role for label in labels if label and (role := known_role(label))}
    unknown = [label for label in labels if label and label not in known]
    judged = bool(unknown) and (len(unknown) > 1 or bool(known))
    if not judged and not known:
        return _one_by_one(turns, heard)
    speakers = {**known, **(_judge(unknown, known, turns, heard) if judged else {})}
    roles: list[Role] = [speakers.get(t.label, "unknown") for t in turns]
    ordered = {label: speakers[label] for label in labels if label in speakers}
    return Roles(turns=tuple(roles), speakers=ordered, resolved=frozenset(unknown))


def _judge(
    unknown: Sequence[str], known: Mapping[str, Role], turns: Sequence[Turn], heard: Sequence[_Talk]
) -> dict[str, Role]:
    """Roles for labels that say nothing: the one most like a doctor is the doctor, unless there is one already."""
    talks = {label: [h for t, h in zip(turns, heard, strict=True) if t.label == label] for label in unknown}
    like = {label: _asks(label, turns, heard) for label in unknown}
    first, *others = sorted(unknown, key=lambda label: -like[label])
    roles: dict[str, Role] = {}
    if "doctor" not in known.values() or like[first] > 1.0:
        roles[first] = "doctor"
    else:
        others = [first, *others]
    # A nurse or a second doctor: as much like a doctor as the first.
    for label in list(others):
        if len(others) > 1 and like[label] > max(0.8, 0.7 * like[first]):
            roles[label] = "doctor"
            others.remove(label)
    address = sum((h.third - h.first for t, h in zip(turns, heard, strict=True) if roles.get(t.label) == "doctor"), 0.0)
    return {**roles, **_other_side(others, known, talks, address)}


def _asks(label: str, turns: Sequence[Turn], heard: Sequence[_Talk]) -> float:
    """How much a speaker sounds like a doctor: the mean of the turns, few turns drawn towards nothing."""
    own = [h.doctor for t, h in zip(turns, heard, strict=True) if t.label == label]
    return sum(own) / (len(own) + 2)


def _other_side(
    labels: Sequence[str], known: Mapping[str, Role], talks: Mapping[str, Sequence[_Talk]], address: float
) -> dict[str, Role]:
    """Patient or companion: who speaks of the ill person as "he" or "she" more than as "I" is a companion."""
    leaning = {label: sum((h.third - h.first for h in talks[label]), 0.0) for label in labels}
    if "patient" in known.values():
        return dict.fromkeys(labels, "companion")
    if len(labels) == 1 and "companion" not in known.values():
        return {labels[0]: "companion" if _speaks_for_another(leaning[labels[0]], address) else "patient"}
    patient = min(labels, key=lambda label: leaning[label], default=None)
    return {label: "patient" if label == patient else "companion" for label in labels}


def _speaks_for_another(leaning: float, address: float) -> bool:
    return leaning > 1.5 or (leaning >= 0 and leaning + address > 1)


def _one_by_one(turns: Sequence[Turn], heard: Sequence[_Talk]) -> Roles:
    """The most likely sequence of doctor and other side (Viterbi), for a talk that names nobody."""
    if not turns:
        return Roles(turns=(), speakers={})
    path = _best_path([h.doctor for h in heard], [_leaning_to_switch(a, b) for a, b in pairwise(turns)])
    third = sum((h.third - h.first for h, doctor in zip(heard, path, strict=True) if not doctor), 0.0)
    address = sum((h.third - h.first for h, doctor in zip(heard, path, strict=True) if doctor), 0.0)
    other: Role = "companion" if _speaks_for_another(third, address) else "patient"
    if len(turns) == 1:
        # One stretch alone may be anybody's: a dictation, a voice message.
        return Roles(turns=("unknown",), speakers={}, resolved=frozenset({""}))
    labels = dict.fromkeys(t.label for t in turns)
    return Roles(
        turns=tuple("doctor" if doctor else other for doctor in path), speakers={}, resolved=frozenset({"", *labels})
    )


def _leaning_to_switch(before: Turn, after: Turn) -> tuple[float, float]:
    """Log odds that the speaker changes after ``before``, if it was the doctor's and if it was not."""
    asked = fold(before.text).rstrip().endswith("?")
    close = before.time and after.time and after.time[0] - before.time[1] < 0.25
    base = _SWITCH - (1.0 if close else 0.0)
    return (_AFTER_QUESTION, _AFTER_PATIENT_QUESTION) if asked else (base, base)


def _best_path(scores: Sequence[float], switches: Sequence[tuple[float, float]]) -> list[bool]:
    """Doctor (True) or not for each score; ``switches`` hold the log odds of a change between neighbours."""
    best = {True: scores[0] / 2 + 0.3, False: -scores[0] / 2}
    back: list[dict[bool, bool]] = []
    for score, (from_doctor, from_other) in zip(scores[1:], switches, strict=True):
        step: dict[bool, float] = {}
        choice: dict[bool, bool] = {}
        for now in (True, False):
            ways = {was: best[was] + _odds(from_doctor if was else from_other, was != now) for was in (True, False)}
            choice[now] = max(ways, key=lambda was: ways[was])
            step[now] = ways[choice[now]] + (score / 2 if now else -score / 2)
        back.append(choice)
        best = step
    state = max(best, key=lambda s: best[s])
    path = [state]
    for choice in reversed(back):
        state = choice[state]
        path.append(state)
    return path[::-1]


def _odds(log_odds: float, changed: bool) -> float:
    """Log probability of the change (or of no change) whose log odds are given."""
    return -math.log1p(math.exp(-log_odds if changed else log_odds))
