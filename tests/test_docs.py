"""The docs say what is: every setting, command, option, engine group and template; help and output are the real ones.

``python -m tests.test_docs`` writes the README's help, printed draft and example output anew.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from syngraph import cli
from syngraph.draft.templates import list_templates
from syngraph.settings import Settings
from syngraph.sources import asr_engine, ocr_engine

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = sorted(
    [README, *ROOT.glob("docs/**/*.md"), ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md"]
)
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: A Python block with the output that is shown below it, if any.
EXAMPLE = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<shown>.*?)^```$)?", re.MULTILINE | re.DOTALL)
REFRESH = "run: python -m tests.test_docs"


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def printed(*words: str) -> str:
    """What the command line prints, at 80 columns and into a pipe."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit), contextlib.chdir(ROOT), columns(80):
        cli.main(words)
    return out.getvalue()


@contextlib.contextmanager
def columns(count: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(count))
        yield


def block_of(page: str, name: str) -> str:
    """The text block between ``<!-- begin NAME ... -->`` and ``<!-- end NAME -->``."""
    found = re.search(rf"<!-- begin {name}: [^\n]* -->\n```text\n(.*?)```\n<!-- end {name} -->", page, re.DOTALL)
    assert found, f"README has no block {name}"
    return found[1]


def run(code: str) -> str:
    """What a Python block prints, run where the shipped cases are."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.chdir(ROOT):
        exec(compile(code, "<docs>", "exec"), {"__name__": "docs"})
    return out.getvalue()


# --- the README's blocks are real -------------------------------------------------------------------------------


def test_the_help_block_is_the_real_help():
    assert block_of(text(README), "help") == printed("--help"), REFRESH


def test_the_printed_draft_is_the_real_one():
    assert block_of(text(README), "draft") == printed("draft", "cases/en-dysuria"), REFRESH


EXAMPLES = [
    pytest.param(found["code"], found["shown"], id=f"{page.relative_to(ROOT)}:{text(page)[: found.start()].count(chr(10)) + 1}")
    for page in PAGES
    for found in EXAMPLE.finditer(text(page))
]  # fmt: skip


@pytest.mark.parametrize(("code", "shown"), EXAMPLES)
def test_python_blocks_run_and_print_what_is_shown(code, shown):
    out = run(code)
    if shown is not None:
        assert out == shown, REFRESH


def test_there_are_examples_to_run():
    assert len(EXAMPLES) >= 4
    assert all(shown.values[1] is not None for shown in EXAMPLES)


def test_yaml_and_toml_blocks_parse():
    import tomllib

    import yaml

    seen = 0
    for page in PAGES:
        for language, body in BLOCK.findall(text(page)):
            if language == "yaml":
                assert yaml.safe_load(body)
                seen += 1
            elif language == "toml":
                assert tomllib.loads(body)
                seen += 1
    assert seen >= 4


# --- everything stands in the docs ------------------------------------------------------------------------------


@pytest.mark.parametrize("field", fields(Settings), ids=lambda f: f.name)
def test_every_setting_stands_in_the_readme_with_its_default(field):
    [row] = [r for r in text(README).splitlines() if r.startswith(f"| `SYNGRAPH_{field.name.upper()}` |")]
    shown = row.split("|")[2].strip().strip("`")
    if field.name == "cache":
        assert shown == "~/.cache/syngraph"
    else:
        assert shown == str(int(field.default) if isinstance(field.default, bool) else field.default)


def test_no_setting_is_documented_that_is_none():
    known = {f"SYNGRAPH_{f.name.upper()}" for f in fields(Settings)}
    for page in PAGES:
        assert set(re.findall(r"SYNGRAPH_[A-Z_]+", text(page))) <= known, page


def commands() -> dict[str, argparse.ArgumentParser]:
    [found] = [a for a in cli.parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(found.choices)


@pytest.mark.parametrize("name", commands())
def test_every_command_and_option_stands_in_the_readme(name):
    [row] = [r for r in text(README).splitlines() if r.startswith(f"| `syngraph {name}")]
    options = {o for a in commands()[name]._actions for o in a.option_strings if o.startswith("--")} - {"--help"}
    assert set(re.findall(r"--[a-z]+", row)) == options
    for action in commands()[name]._actions:
        if action.choices and action.option_strings:
            assert "\\|".join(action.choices) in row
        elif action.choices:
            assert all(choice in row for choice in action.choices)


def test_the_contract_names_the_same_options():
    contract = text(ROOT / "docs" / "encounter-format.md")
    for name in ("draft", "read", "check"):
        assert f"syngraph {name} " in contract
        for option in re.findall(r"--[a-z]+", contract.split(f"syngraph {name} ")[1].split("\n")[0]):
            assert option in {o for a in commands()[name]._actions for o in a.option_strings}


def test_every_engine_group_and_engine_stands_in_the_docs():
    page = text(ROOT / "docs" / "extending.md")
    for module in (ocr_engine, asr_engine):
        assert f"`{module.GROUP}`" in page
        assert f'[project.entry-points."{module.GROUP}"]' in page
        for engine in module._BUILT_IN:
            assert f"`{engine}`" in page
            assert f"`{engine}`" in text(README)


def test_every_template_stands_in_the_docs():
    for template in list_templates():
        assert f"`{template.id}`" in text(ROOT / "docs" / "extending.md")


def test_the_example_rule_and_template_are_of_the_real_kind():
    import yaml

    from syngraph.checks.rules import rules
    from syngraph.draft.templates import _from_data

    blocks = [
        yaml.safe_load(body)
        for language, body in BLOCK.findall(text(ROOT / "docs" / "extending.md"))
        if language == "yaml"
    ]
    [template] = [b for b in blocks if isinstance(b, dict)]
    assert _from_data(template).home("review-of-systems") == "chief-complaint"
    [[row]] = [b for b in blocks if isinstance(b, list)]
    [real] = [r for r in rules() if r.id == row["id"]]
    assert (row["check"], row["kind"], row["severity"]) == (real.check, real.kind, real.severity)
    assert set(row["topic"]) == set(row["message"]) == {"zh", "en"}


def test_the_columns_of_the_terms_are_those_described():
    page = text(ROOT / "docs" / "extending.md")
    for path in (ROOT / "syngraph" / "terminology" / "data" / "terms").glob("*.tsv"):
        [head] = [line for line in text(path).splitlines() if line.startswith("id\t")]
        for column in head.split("\t"):
            assert f"`{column}`" in page


# --- links and numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", BLOCK.sub("", text(page))):
        if not target.startswith(("http:", "https:")):
            assert (page.parent / target).exists(), target


def test_files_named_in_the_architecture_exist():
    page = text(ROOT / "docs" / "architecture.md")
    names = re.findall(r"`((?:sources|facts|merge|checks|draft|terminology)/[\w/*.]+|\w+\.py)`", page)
    assert len(names) > 25
    for name in names:
        bare = name.rstrip("/")
        assert [*(ROOT / "syngraph").glob(bare)] or [*(ROOT / "syngraph" / "terminology").glob(bare)], name


def test_decisions_are_numbered_and_short():
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [p.name[:4] for p in pages] == [f"{n:04d}" for n in range(1, len(pages) + 1)]
    for page in pages:
        body = text(page)
        assert body.startswith(f"# {page.name[:4]} ")
        assert [p in body for p in ("**Context.**", "**Choice.**", "**Consequence.**")] == [True] * 3
        assert len(body.splitlines()) <= 20


def refresh() -> None:
    """Write the README's generated blocks anew."""
    page = text(README)
    for name, words in (("help", ["--help"]), ("draft", ["draft", "cases/en-dysuria"])):
        out = printed(*words)
        page = re.sub(
            rf"(<!-- begin {name}: [^\n]* -->\n```text\n).*?(```\n<!-- end {name} -->)",
            lambda m, out=out: m[1] + out + m[2], page, flags=re.DOTALL,
        )  # fmt: skip
    page = EXAMPLE.sub(lambda m: f"```python\n{m['code']}```\n\n```text\n{run(m['code'])}```", page)
    README.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(refresh())
