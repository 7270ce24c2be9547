"""What sort of report a text is, who issued it, and what it calls itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from syngraph.terminology.fold import fold

ReportKind = Literal["laboratory", "imaging", "endoscopy", "pathology", "discharge", "ecg", "prescription", "other"]
REPORT_KINDS: frozenset[str] = frozenset(get_args(ReportKind))

_HOUSE = (
    r"(?:医院|卫生院|卫生室|卫生所|卫生服务中心|卫生服务站|诊所|门诊部|保健院|保健所|医学检验实验室|医学检验所|医学检验中心|医学检验|检验所|"
    r"体检中心|健康管理中心|疾病预防控制中心|疾控中心|急救中心|血液中心|中心血站|医疗中心|医学中心|影像中心|诊断中心|防治所|防治院|防治中心|疗养院|康复中心|医疗集团|实验室)"
)
_HOUSE_ZH = re.compile(rf"[\u3400-\u9fffA-Za-z0-9·()（）]{{2,40}}{_HOUSE}(?:[\u3400-\u9fff]{{1,6}}(?:院区|分院|校区))?")
_HOUSE_EN = re.compile(
    r"\b(?:hospitals?|clinics?|laborator(?:y|ies)|labs?|medical (?:center|centre|group|associates|college)|health (?:center|centre|system|services?|care|trust)|"
    r"healthcare|imaging|diagnostics?|urgent care|infirmary|institute|polyclinic|surgery|pathology (?:associates|services)|"
    r"radiology (?:associates|group|partners)|nhs|family (?:practice|medicine)|physicians|specialists|cancer center|health)\b",
    re.I,
)
_TITLE = re.compile(
    r"报告|检验单|化验单|检查单|记录|小结|处方|证明|病历|结果单|通知单|出院证|\b(?:report|summary|results?|panel|profile|record|prescription|ecg|"
    r"electrocardiogram|urinalysis|count|examination|study|consultation|letter)\b",
    re.I,
)


def report_kind(head: str, body: str, lab_rows: int) -> ReportKind:
    """The sort of report, by the words of its head (counted thrice) and its body, and how many laboratory rows it has."""
    scores: dict[str, float] = dict.fromkeys(REPORT_KINDS, 0.0)
    top, rest = fold(head), fold(body)
    for kind, weight, words in _rows():
        for word in words:
            scores[kind] += weight * (3 * _has(top, word) + _has(rest, word))
    scores["laboratory"] += 2 * min(lab_rows, 12)
    if scores["discharge"] >= 10:
        # A discharge record quotes laboratory rows and images; what it is is said at its head.
        scores["discharge"] += 30
    best = max(scores, key=lambda k: scores[k])
    return best if scores[best] > 2 else "other"  # type: ignore[return-value]


def _has(text: str, word: str) -> bool:
    if not word.isascii():
        return word in text
    return re.search(rf"(?<![a-z]){re.escape(word)}", text) is not None


@cache
def _rows() -> tuple[tuple[str, float, tuple[str, ...]], ...]:
    text = files("syngraph.terminology").joinpath("data/report_kinds.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if "\t" in line and not line.startswith(("#", "kind"))]
    return tuple((kind, float(weight), tuple(fold(w) for w in words.split("|"))) for kind, weight, words in rows)


def organization_of(lines: Sequence[str]) -> str | None:
    """The hospital or laboratory that the first lines name; ``lines`` hold no form fields."""
    for line in lines[:8]:
        parts = [re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", p) for p in re.split(r"\s{2,}", line)]
        houses = [found[0] for p in parts if (found := _HOUSE_ZH.search(p))]
        if houses:
            return max(houses, key=len)
        if _HOUSE_EN.search(line) and len(line) < 70 and not re.search(r"[.。]\s*$|[:：]", line.strip()):
            return _latin_house(line)
    return None


def _latin_house(line: str) -> str:
    parts = [p.strip() for p in re.split(r"\s{2,}|\s[|–—]\s", line) if _HOUSE_EN.search(p)]
    return parts[0] if parts else line.strip()


def title_line(lines: Sequence[str], organization: str | None) -> str | None:
    """What the report calls itself: the first line that sounds like a title, without the hospital's name."""
    for line in lines[:10]:
        plain = line.strip()
        if organization and organization.replace(" ", "") in plain.replace(" ", ""):
            plain = _without(plain, organization)
        if plain and len(plain) < 60 and _TITLE.search(plain):
            return plain
    return None


def _without(line: str, organization: str) -> str:
    """What follows the hospital's name in ``line``."""
    name = r"\s*".join(re.escape(c) for c in organization if c != " ")
    found = re.search(name, line)
    return line[found.end() :].strip(" -–—·|") if found else line


def exam_name(title: str | None) -> str | None:
    """The examination that a title names (``电子胃镜检查报告`` -> ``电子胃镜检查``)."""
    if not title:
        return None
    name = re.sub(
        r"(?:诊断)?(?:报告单|报告书|报告|检查单|结果单|单)$|\s*\b(?:final )?(?:report|results?)\b\s*$",
        "",
        title,
        flags=re.I,
    ).strip(" -–—:：")
    return name or None


def known_kinds() -> Mapping[str, int]:
    """How many words tell each kind; for tests of the table."""
    return {kind: len(words) for kind, _, words in _rows()}
