"""CDA documents: a visit's sections as narrative text, coded entries where they have some.

Two dialects: ``cn`` as WS/T 500 writes them (WS/T 363 data elements), ``us`` as C-CDA.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
)
_SEX = {"cn": {"male": "1", "female": "2"}, "us": {"male": "M", "female": "F"}}
_ELEMENTS = "2.16.156.10011.2.2.1"
_LOINC, _SNOMED, _RXNORM = "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.88"


def document(spec: Mapping[str, Any], suffix: str, visit: Mapping[str, Any]) -> bytes:
    """The whole document, UTF-8."""
    patient, dialect = visit["patient"], spec["dialect"]
    out = [
        _HEAD,
        f" <title>{escape(spec['title'])}</title><effectiveTime value={quoteattr(_compact(spec['date']))}/>\n",
    ]
    out.append(
        f" <recordTarget><patientRole><id root='2.16.156.10011.1.11' extension={quoteattr(patient['id'])}/><patient>"
        f"<name>{_name(patient['name'], dialect)}</name>"
        f"<administrativeGenderCode code='{_SEX[dialect][patient['sex']]}'/>"
        f"<birthTime value='{_compact(patient['birth_date'])}'/></patient></patientRole></recordTarget>\n"
    )
    out.append(
        " <custodian><assignedCustodian><representedCustodianOrganization>"
        f"<name>{escape(spec['organization'])}</name>"
        "</representedCustodianOrganization></assignedCustodian></custodian>\n"
    )
    out.append(" <component><structuredBody>\n")
    for section in spec["sections"]:
        out += _section(section, dialect)
    out.append(" </structuredBody></component>\n</ClinicalDocument>\n")
    return "".join(out).replace("'", '"').encode("utf-8")


def _compact(date: str) -> str:
    return date.replace("-", "")


def _name(name: str, dialect: str) -> str:
    if dialect == "cn":
        return escape(name)
    *given, family = name.split()
    return "".join(f"<given>{escape(g)}</given>" for g in given) + f"<family>{escape(family)}</family>"


def _section(section: Mapping[str, Any], dialect: str) -> Iterator[str]:
    yield f"  <component><section><code code='{section['code']}' codeSystem='{_LOINC}'/>"
    yield f"<title>{escape(section['title'])}</title>\n"
    texts = section.get("text", [])
    yield "   <text>" + "".join(f"<paragraph>{escape(t)}</paragraph>" for t in texts) + "</text>\n"
    for row in section.get("entries", []):
        yield f"   <entry>{_ENTRIES[next(iter(row))](row)}</entry>\n"
    yield "  </section></component>\n"


def _cd(tag: str, name: str, code: str | None, system: str) -> str:
    coded = f" code={quoteattr(code)} codeSystem='{system}'" if code else " nullFlavor='UNK'"
    return f"<{tag}{coded} displayName={quoteattr(name)}><originalText>{escape(name)}</originalText></{tag}>"


def _element(row: Mapping[str, str]) -> str:
    """A WS/T 363 data element with its value: text, or a quantity where it has a unit."""
    value = (
        f"<value xsi:type='PQ' value='{row['value']}' unit={quoteattr(row['unit'])}/>"
        if "unit" in row
        else f"<value xsi:type='ST'>{escape(row['value'])}</value>"
    )
    when = f"<effectiveTime value='{_compact(row['date'])}'/>" if "date" in row else ""
    return (
        f"<observation classCode='OBS' moodCode='EVN'><code code='{row['element']}' codeSystem='{_ELEMENTS}' "
        f"displayName={quoteattr(row['name'])}/>{when}{value}</observation>"
    )


def _item(row: Mapping[str, str]) -> str:
    """An examination item of WS/T 500: name, result and unit as three observations of one organizer."""
    when = f"<effectiveTime value='{_compact(row['date'])}'/>"
    parts = [
        ("DE04.30.010.00", "检查/检验项目名称", row["item"]),
        ("DE04.30.009.00", "检查/检验结果", row["value"]),
        ("DE04.30.016.00", "检查/检验计量单位", row["unit"]),
    ]
    inner = "".join(
        f"<component><observation classCode='OBS' moodCode='EVN'><code code='{code}' codeSystem='{_ELEMENTS}' "
        f"displayName={quoteattr(name)}/>{when}<value xsi:type='ST'>{escape(value)}</value></observation></component>"
        for code, name, value in parts
    )
    return f"<organizer classCode='CLUSTER' moodCode='EVN'>{when}{inner}</organizer>"


def _allergy_flag(row: Mapping[str, str]) -> str:
    told = f"<value xsi:type='ST'>{escape(row['allergies'])}</value>"
    return (
        f"<observation classCode='OBS' moodCode='EVN'><code code='DE02.10.023.00' codeSystem='{_ELEMENTS}' "
        f"displayName='过敏史标志'/><value xsi:type='BL' value='{row['flag']}'/><entryRelationship typeCode='COMP'>"
        f"<observation classCode='OBS' moodCode='EVN'><code code='DE05.01.022.00' codeSystem='{_ELEMENTS}' "
        f"displayName='过敏史'/>{told}</observation></entryRelationship></observation>"
    )


def _allergy(row: Mapping[str, str]) -> str:
    reaction = _cd("value", row["reaction"], None, _SNOMED).replace("<value", "<value xsi:type='CD'", 1)
    return (
        "<act classCode='ACT' moodCode='EVN'><statusCode code='active'/>"
        f"<effectiveTime><low value='{_compact(row['date'])}'/></effectiveTime><entryRelationship typeCode='SUBJ'>"
        "<observation classCode='OBS' moodCode='EVN'><code code='ASSERTION'/><statusCode code='completed'/>"
        f"<effectiveTime><low value='{_compact(row['date'])}'/></effectiveTime>"
        f"<value xsi:type='CD' code='416098002' codeSystem='{_SNOMED}' displayName='Allergy to drug'/>"
        "<participant typeCode='CSM'><participantRole classCode='MANU'><playingEntity classCode='MMAT'>"
        f"{_cd('code', row['allergy'], row.get('rxnorm'), _RXNORM)}</playingEntity></participantRole></participant>"
        "<entryRelationship typeCode='MFST' inversionInd='true'><observation classCode='OBS' moodCode='EVN'>"
        f"<code code='ASSERTION'/>{reaction}</observation></entryRelationship></observation></entryRelationship></act>"
    )


def _problem(row: Mapping[str, str]) -> str:
    name = _cd("value", row["problem"], row.get("snomed"), _SNOMED).replace("<value", "<value xsi:type='CD'", 1)
    return (
        "<act classCode='ACT' moodCode='EVN'><statusCode code='active'/><entryRelationship typeCode='SUBJ'>"
        "<observation classCode='OBS' moodCode='EVN'>"
        f"<code code='55607006' codeSystem='{_SNOMED}' displayName='Problem'/><statusCode code='completed'/>"
        f"<effectiveTime><low value='{_compact(row['date'])}'/></effectiveTime>{name}"
        "</observation></entryRelationship></act>"
    )


def _drug(row: Mapping[str, str]) -> str:
    value, unit = row["dose"].split(" ")
    return (
        "<substanceAdministration classCode='SBADM' moodCode='EVN'><statusCode code='active'/>"
        f"<effectiveTime xsi:type='IVL_TS'><low value='{_compact(row['date'])}'/></effectiveTime>"
        f"<effectiveTime xsi:type='PIVL_TS' operator='A'><period value='{row['every_h']}' unit='h'/></effectiveTime>"
        f"<doseQuantity value='{value}' unit='{unit}'/><consumable><manufacturedProduct classCode='MANU'>"
        f"<manufacturedMaterial>{_cd('code', row['drug'], row.get('rxnorm'), _RXNORM)}</manufacturedMaterial>"
        "</manufacturedProduct></consumable></substanceAdministration>"
    )


def _done(row: Mapping[str, str]) -> str:
    return (
        "<procedure classCode='PROC' moodCode='EVN'>"
        f"{_cd('code', row['procedure'], row.get('snomed'), _SNOMED)}<statusCode code='completed'/>"
        f"<effectiveTime value='{_compact(row['date'])}'/></procedure>"
    )


def _measured(row: Mapping[str, str]) -> str:
    when = f"<effectiveTime value='{_compact(row['date'])}'/>"
    limits = ""
    if "range" in row:
        limits = f"<observationRange><text>{escape(row['range'])}</text></observationRange>"
        limits = f"<referenceRange>{limits}</referenceRange>"
    return (
        f"<organizer classCode='CLUSTER' moodCode='EVN'><statusCode code='completed'/>{when}<component>"
        f"<observation classCode='OBS' moodCode='EVN'>{_cd('code', row['measured'], row['loinc'], _LOINC)}"
        f"<statusCode code='completed'/>{when}<value xsi:type='PQ' value='{row['value']}' unit={quoteattr(row['unit'])}/>"
        f"{limits}</observation></component></organizer>"
    )


_ENTRIES = {
    "element": _element,
    "item": _item,
    "allergies": _allergy_flag,
    "allergy": _allergy,
    "problem": _problem,
    "drug": _drug,
    "procedure": _done,
    "measured": _measured,
}
