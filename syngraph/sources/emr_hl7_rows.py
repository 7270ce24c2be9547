"""HL7 v2 segments to rows and prose, and messages to one Sheet for each patient."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from syngraph.model import Identity, Sex, Status
from syngraph.sources.emr_hl7 import Hl7File, Message, Segment7
from syngraph.sources.emr_hl7_results import narrative, result, specimen_of
from syngraph.sources.emr_hl7_values import named, named_parts
from syngraph.sources.emr_rows import Named, allergy_row, condition_row, medication_row, plain_name, severity_of
from syngraph.sources.emr_sheet import Prose, Row, Sheet, join_pressures
from syngraph.sources.emr_values import has_chinese, iso_date, one_line, with_unit
from syngraph.sources.emr_vocabulary import frequency_code, state

_SEXES: dict[str, Sex] = {
    **dict.fromkeys(("F", "女", "2"), "female"),
    **dict.fromkeys(("M", "男", "1"), "male"),
    **dict.fromkeys(("O", "A", "N"), "other"),
    **dict.fromkeys(("U", "0", "9", "未知"), "unknown"),
}
_CATEGORIES = {
    "DA": "medication",
    "MA": "medication",
    "FA": "food",
    "EA": "environment",
    "PA": "environment",
    "AA": "environment",
}
_CLASSES = {
    "I": ("住院", "inpatient"),
    "O": ("门诊", "outpatient"),
    "E": ("急诊", "emergency"),
    "P": ("预入院", "preadmission"),
}
_STOPPED = frozenset({"DC", "OD", "CM", "DR", "HD", "OH"})
_CANCELLED = frozenset({"CA", "OC", "UC", "CR", "UX", "UA", "DE", "OE"})
_ORDERS = frozenset({"ORM", "OML", "OMG", "OMI"})


@dataclass(slots=True)
class _Person:
    """A patient of the file while it is read."""

    identity: Identity | None
    path: str | None
    items: list[Row | Prose] = field(default_factory=list)
    organization: str | None = None
    recorded: str | None = None
    title: str | None = None


def sheets_of(file: Hl7File, messages: Sequence[Message]) -> list[Sheet]:
    """One Sheet for each patient of the messages, in order of appearance."""
    people: list[_Person] = []
    for message in messages:
        person = _person(message, people)
        if person is None:
            file.note("a message names no patient (no PID)", "it is left out, as the file holds several patients")
            continue
        person.items += _Reader(file, message).items()
        person.organization = person.organization or message.head.get(4) or None
        date = iso_date(message.head.get(7))
        person.recorded = max(filter(None, (person.recorded, date)), default=None)
    return [
        Sheet(
            identity=p.identity,
            identity_path=p.path,
            items=tuple(join_pressures(p.items)),
            organization=p.organization,
            recorded=p.recorded,
            title=p.title,
        )
        for p in people
        if p.identity or p.items
    ]


def _person(message: Message, people: list[_Person]) -> _Person | None:
    pid = next((s for s in message.segments if s.name == "PID"), None)
    if pid is None:
        if len(people) > 1:
            return None
        if not people:
            people.append(_Person(None, None))
        return people[0]
    identity = identity_of(pid)
    for person in people:
        if person.identity is None:
            person.identity, person.path = identity, pid.path
            return person
        if _same(person.identity, identity):
            ids = tuple(dict.fromkeys((*person.identity.ids, *identity.ids)))
            person.identity = replace(person.identity, ids=ids)
            return person
    people.append(_Person(identity, pid.path))
    return people[-1]


def _same(a: Identity, b: Identity) -> bool:
    if a.ids and b.ids:
        return bool(set(a.ids) & set(b.ids)) and (not a.name or not b.name or a.name == b.name)
    return a.name == b.name and a.birth_date == b.birth_date


def identity_of(pid: Segment7) -> Identity:
    """Whose message it is, from PID: every number, the Chinese name before the romanised one."""
    numbers = [pid.components(r)[0] for n in (3, 2, 4) for r in pid.repetitions(n)]
    names = [n for r in pid.repetitions(5) if (n := _name(pid.components(r)))]
    return Identity(
        name=next((n for n in names if has_chinese(n)), names[0] if names else None),
        sex=_SEXES.get(pid.get(8).upper()),
        birth_date=iso_date(pid.get(7)),
        ids=tuple(dict.fromkeys(n for n in map(one_line, numbers) if n)),
    )


def _name(parts: list[str]) -> str | None:
    family, given, middle = (one_line(p) for p in [*parts, "", "", ""][:3])
    if has_chinese(family + given):
        return family + given
    return " ".join(filter(None, (given, middle, family.partition(" ")[0] if given else family))) or None


class _Reader:
    """Walks the segments of one message."""

    def __init__(self, file: Hl7File, message: Message) -> None:
        self.file = file
        self.message = message
        self.segments = message.segments
        self.date = iso_date(message.head.get(7))
        #: Observations after the first order belong to an order and are read with it.
        self.first_order = next((n for n, s in enumerate(self.segments) if s.name == "OBR"), len(self.segments))

    def items(self) -> list[Row | Prose]:
        if self.message.type == "MDM":
            return self._document()
        rows: list[Row | Prose] = []
        readers: dict[str, Callable[[Segment7], Iterator[Row | Prose]]] = {
            "AL1": self._al1,
            "IAM": self._iam,
            "DG1": self._dg1,
            "PRB": self._prb,
            "PR1": self._pr1,
            "PV1": self._pv1,
            "RXA": self._rxa,
        }
        last: Row | None = None
        for n, segment in enumerate(self.segments):
            found: list[Row | Prose] = []
            if segment.name in readers:
                found = list(readers[segment.name](segment))
            elif segment.name in ("RXE", "RXO", "RXD"):
                found = list(self._drug(n, segment))
            elif segment.name == "OBR":
                found = list(self._group(n))
            elif segment.name == "OBX" and n < self.first_order:
                found = list(self._observations([segment], None))
            elif segment.name == "NTE" and last is not None and rows and rows[-1] is last:
                rows[-1] = last = _commented(last, _note_text(segment))
                continue
            rows += found
            last = found[-1] if found and isinstance(found[-1], Row) and segment.name != "OBR" else None
        return rows

    def _al1(self, s: Segment7) -> Iterator[Row]:
        thing = named(s, 3)
        if not thing:
            return
        yield from _some(
            allergy_row(
                thing,
                path=s.path,
                recorded=iso_date(s.get(6)) or None,
                attributes={
                    "reaction": _reactions(s, 5),
                    "severity": severity_of(*s.parts(4)[:2]),
                    "category": _CATEGORIES.get(s.get(2)),
                },
            )
        )

    def _iam(self, s: Segment7) -> Iterator[Row]:
        thing, status = named(s, 3), state("iam", s.get(17))
        if not thing or status is None or s.get(6) == "D":
            return
        yield from _some(
            allergy_row(
                thing,
                path=s.path,
                status=status,
                recorded=iso_date(s.get(13)) or iso_date(s.get(20)),
                attributes={
                    "reaction": _reactions(s, 5),
                    "severity": severity_of(*s.parts(4)[:2]),
                    "category": _CATEGORIES.get(s.get(2)),
                    "onset": iso_date(s.get(11)),
                },
            )
        )

    def _dg1(self, s: Segment7) -> Iterator[Row]:
        thing, description = named(s, 3), s.get(4)
        if not thing or s.get(21) == "D":
            if not description or s.get(21) == "D":
                return
            thing = Named(text=description)
        if description and thing.codes and thing.text == thing.codes[0].code:
            thing = Named(text=description, codes=thing.codes)
        comment = description if description and description.lower() not in thing.text.lower() else ""
        yield from _some(
            condition_row(
                thing,
                path=s.path,
                recorded=iso_date(s.get(5)) or iso_date(s.get(19)) or self.date,
                comment=comment,
                attributes={"category": "encounter-diagnosis"},
            )
        )

    def _prb(self, s: Segment7) -> Iterator[Row]:
        thing = named(s, 3)
        if not thing or s.get(1) in ("DE", "DC"):
            return
        life = " ".join(s.parts(14)).lower()
        over = iso_date(s.get(9))
        historical = over or any(w in life for w in ("resolved", "inactive", "历史", "已解决", "治愈"))
        doubt = any(w in " ".join(s.parts(13)).lower() for w in ("suspect", "possible", "probable", "rule out", "疑"))
        status: Status = "historical" if historical else "uncertain" if doubt else "present"
        yield from _some(
            condition_row(
                thing,
                path=s.path,
                status=status,
                recorded=iso_date(s.get(7)) or iso_date(s.get(2)),
                attributes={"onset": iso_date(s.get(16)), "ended": over, "category": "problem-list-item"},
            )
        )

    def _pr1(self, s: Segment7) -> Iterator[Row]:
        thing = named(s, 3) or (Named(text=s.get(4)) if s.get(4) else None)
        if not thing or s.get(20) == "D":
            return
        if s.get(4) and thing.codes and thing.text == thing.codes[0].code:
            thing = Named(text=s.get(4), codes=thing.codes)
        date = iso_date(s.get(5))
        yield Row(
            kind="procedure",
            name=plain_name(thing.text),
            shown=thing.text,
            path=s.path,
            status="historical",
            codes=thing.codes,
            recorded=date,
            attributes={"date": date} if date else {},
        )

    def _pv1(self, s: Segment7) -> Iterator[Row]:
        date = iso_date(s.get(44)) or self.date
        if not date or self.message.type not in ("ADT", "PPR", "REF", "BAR", "DFT"):
            return
        where = s.parts(3)
        zh = has_chinese("".join(where) + "".join(s.parts(10)))
        words = _CLASSES.get(s.get(2), ("就诊", "visit"))
        attributes = {"date": date, "department": s.get(10, 2) or s.get(10) or one_line(where[0] if where else "")}
        yield Row(
            kind="administrative",
            name=words[0] if zh else words[1],
            path=s.path,
            recorded=date,
            attributes={k: v for k, v in attributes.items() if v},
        )

    def _rxa(self, s: Segment7) -> Iterator[Row]:
        thing = named(s, 5)
        status: Status = "absent" if s.get(20) in ("RE", "NA") else "present"
        if not thing or s.get(21) == "D" or any(c.code == "998" for c in thing.codes):
            return
        date = iso_date(s.get(3))
        amount = with_unit(s.get(6), s.get(7, 2) or s.get(7)) if s.get(6) not in ("", "999", "0") else None
        if self.message.type == "VXU":
            attributes = {"date": date, "dose": amount}
            yield Row(
                kind="immunization",
                name=thing.text,
                path=s.path,
                status=status,
                codes=thing.codes,
                recorded=date,
                attributes={k: v for k, v in attributes.items() if v},
            )
            return
        status = "absent" if status == "absent" else "historical"
        yield from _some(
            medication_row(thing, path=s.path, status=status, recorded=date, attributes={"dose": amount, "onset": date})
        )

    def _drug(self, n: int, s: Segment7) -> Iterator[Row]:
        """RXE (encoded order) before RXO (order) before RXD (dispense) of the same ORC group."""
        group = self._order_group(n)
        better = {"RXE": (), "RXO": ("RXE",), "RXD": ("RXE", "RXO")}[s.name]
        if any(g.name in better for g in group):
            return
        control = next((g.get(1) for g in group if g.name == "ORC"), "")
        if control in _CANCELLED:
            return
        code, amount, units, words = {"RXE": (2, 3, 5, 7), "RXO": (1, 2, 4, 7), "RXD": (2, 4, 5, 9)}[s.name]
        thing = named(s, code)
        if not thing:
            return
        timing = _timing(group, s)
        route = next((r.text for g in group if g.name == "RXR" and (r := named(g, 1))), None)
        sig = "；".join(t for r in s.repetitions(words) if (p := named_parts(s.components(r))) and (t := p.text))
        unit = named(s, units)
        status: Status = "historical" if control in _STOPPED or s.name == "RXD" else "present"
        yield from _some(
            medication_row(
                thing,
                path=s.path,
                status=status,
                instructions=sig,
                recorded=next((d for g in group if g.name == "ORC" and (d := iso_date(g.get(9)))), self.date),
                attributes={
                    "dose": with_unit(s.get(amount), unit.text if unit else None) if s.get(amount) else None,
                    "route": route,
                    **timing,
                },
            )
        )

    def _order_group(self, n: int) -> Sequence[Segment7]:
        start = next((i for i in range(n, -1, -1) if self.segments[i].name == "ORC"), 0)
        end = next((i for i in range(n + 1, len(self.segments)) if self.segments[i].name == "ORC"), len(self.segments))
        return self.segments[start:end]

    def _group(self, n: int) -> Iterator[Row | Prose]:
        """One OBR with the observations, comments and specimen up to the next."""
        end = next((i for i in range(n + 1, len(self.segments)) if self.segments[i].name == "OBR"), len(self.segments))
        group = self.segments[n:end]
        inner = [s for s in group if s.name in ("OBX", "NTE", "SPM")]
        if self.message.type in _ORDERS and not any(s.name == "OBX" for s in group):
            yield from self._order(n, self.segments[n])
        yield from self._observations(inner, self.segments[n])

    def _order(self, n: int, obr: Segment7) -> Iterator[Row]:
        control = next((s.get(1) for s in reversed(self.segments[:n]) if s.name == "ORC"), "NW")
        thing = named(obr, 4)
        if not thing or control in _CANCELLED or control in _STOPPED:
            return
        date = iso_date(obr.get(6)) or iso_date(obr.get(7)) or self.date
        yield Row(
            kind="plan",
            name=thing.text,
            path=obr.path,
            status="planned",
            codes=thing.codes,
            recorded=date,
            attributes={"date": date} if date else {},
        )

    def _observations(self, inner: Sequence[Segment7], obr: Segment7 | None) -> Iterator[Row | Prose]:
        specimen = specimen_of(inner, obr)
        told = narrative(self.file, inner, obr, self.message)
        yield from told.prose
        last: Row | None = None
        for s in inner:
            if s.name == "NTE":
                if last is not None:
                    last = _commented(last, _note_text(s))
                elif note := _note_text(s):
                    yield Prose(text=note, path=s.path, section="investigations", date=self.date)
                continue
            if s.name != "OBX" or s.path in told.paths:
                continue
            if last is not None:
                yield last
            last = result(s, obr, specimen)
            # Observations in a vaccination message are about funding and leaflets unless their code says otherwise.
            last = None if last and self.message.type == "VXU" and not last.topic else last
        if last is not None:
            yield last

    def _document(self) -> list[Row | Prose]:
        if self.message.event == "T11" or any(s.name == "TXA" and s.get(17) == "CA" for s in self.segments):
            return []
        inner = [s for s in self.segments if s.name == "OBX"]
        txa = next((s for s in self.segments if s.name == "TXA"), None)
        rows: list[Row | Prose] = [r for s in self.segments if s.name in ("AL1", "DG1") for r in self._simple(s)]
        return [*rows, *narrative(self.file, inner, txa, self.message).prose]

    def _simple(self, s: Segment7) -> Iterator[Row]:
        yield from self._al1(s) if s.name == "AL1" else self._dg1(s)


def _some(row: Row | None) -> Iterator[Row]:
    if row is not None:
        yield row


def _reactions(s: Segment7, number: int) -> str | None:
    found = [p.text for r in s.repetitions(number) if (p := named_parts(s.components(r)))]
    joint = "、" if has_chinese("".join(found)) else ", "
    return joint.join(found) or None


def _note_text(s: Segment7) -> str:
    return one_line(" ".join(" ".join(s.components(r)) for r in s.repetitions(3)))


def _commented(row: Row, note: str) -> Row:
    return replace(row, comment="；".join(filter(None, (row.comment, note)))) if note else row


def _timing(group: Sequence[Segment7], s: Segment7) -> dict[str, str | None]:
    """Frequency, start and end of a drug order from TQ1, else from the old timing field RXE-1."""
    tq1 = next((g for g in group if g.name == "TQ1"), None)
    if tq1 is not None:
        repeat = tq1.parts(3)
        text = one_line(next((p for p in (*repeat[1:2], *repeat[:1]) if p), "")) or None
        start, end = iso_date(tq1.get(7)), iso_date(tq1.get(8))
    else:
        parts = [*(s.parts(1) if s.name == "RXE" else []), *[""] * 5]
        text, start, end = one_line(parts[1]) or None, iso_date(parts[3]), iso_date(parts[4])
    found = frequency_code(text) if text else None
    return {"frequency": found[0] if found else None, "frequency_text": text, "onset": start, "ended": end}
