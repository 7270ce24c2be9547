"""The command line. Heavy modules load only when a command needs them, so that ``--help`` is instant."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from syngraph import __version__
from syngraph.errors import InputError, SyngraphError

if TYPE_CHECKING:
    from syngraph.model import Draft

_EPILOG = """\
examples:
  syngraph draft cases/zh-chest-tightness            print the record with its findings
  syngraph draft cases/* --out out --jobs 2          one JSON draft a visit
  syngraph read cases/zh-chest-tightness/reports/*   what a scan says
  syngraph check out/*.json                          hold drafts against the four rules
  syngraph doctor                                    what is installed, what is missing
"""


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = argparse.ArgumentParser(
        prog="syngraph",
        description="One medical record, written together from every source, signed by the doctor.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"syngraph {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    draft = commands.add_parser("draft", help="draft the record of one or more encounter folders")
    draft.add_argument("encounters", nargs="+", type=Path, metavar="ENCOUNTER")
    draft.add_argument("--json", action="store_true", help="print the draft as JSON, one line an encounter")
    draft.add_argument("--out", type=Path, metavar="DIR", help="write DIR/<folder name>.json for each encounter")
    draft.add_argument("--jobs", type=int, default=1, metavar="N", help="draft N encounters at a time")
    draft.add_argument("--language", choices=("zh", "en"), help="language of the record (default: the encounter's)")
    draft.add_argument("--template", metavar="ID", help="template (see: syngraph template list)")
    draft.add_argument("--evidence", action="store_true", help="print the quotes under each sentence")

    read = commands.add_parser("read", help="what one source file says")
    read.add_argument("files", nargs="+", type=Path, metavar="FILE")
    read.add_argument("--kind", choices=("preconsultation", "consultation", "report", "emr"))
    read.add_argument("--language", choices=("zh", "en"), help="language spoken in a recording (default: zh)")
    read.add_argument("--json", action="store_true", help="print as JSON, one line a file")

    check = commands.add_parser("check", help="hold drafts against the four rules of the format")
    check.add_argument("drafts", nargs="+", type=Path, metavar="DRAFT.json")

    doctor = commands.add_parser("doctor", help="what is installed, which models are found, what is missing")
    doctor.add_argument("--json", action="store_true", help="print as JSON")

    template = commands.add_parser("template", help="record templates")
    template.add_argument("action", choices=("list",))

    bench = commands.add_parser("bench", help="measure this installation")
    bench.add_argument("name", choices=("speed",))
    bench.add_argument("--json", action="store_true", help="print one line of JSON")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status. No traceback reaches a user."""
    _speak_utf8()
    args = parser().parse_args(argv)
    try:
        return _COMMANDS[args.command](args)
    except SyngraphError as e:
        _complain(str(e))
        return 2
    except BrokenPipeError:
        # The reader of our output went away (`| head`); Python would complain again on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as e:
        from syngraph.pipeline import fault

        _complain(f"{fault(e)} (please report it)")
        return 2


def _complain(line: str) -> None:
    """One line on stderr; a file's name may hold what a terminal would obey."""
    from syngraph.printing import safe

    print(f"syngraph: {safe(line)}", file=sys.stderr)


def _speak_utf8() -> None:
    """Write UTF-8 into files and pipes, and never fail on a character that a terminal does not know."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _draft(args: argparse.Namespace) -> int:
    from syngraph.batch import draft_all

    if args.out:
        _distinct_names(args.encounters)
        _make_folder(args.out)
    worst = 0
    for folder, result in draft_all(
        args.encounters, jobs=args.jobs, language=args.language, template=args.template, quiet=not sys.stderr.isatty()
    ):
        if isinstance(result, SyngraphError):
            said = str(result)
            _complain(said if said.startswith(str(folder)) else f"{folder}: {said}")
            worst = 2
            continue
        for problem in result.problems:
            _complain(f"{folder}: {problem.line}")
        worst = max(worst, 1 if result.problems else 0)
        _emit(result, folder, args)
    return worst


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise InputError(f"{path}: can't be made a folder: {e.strerror}", "give --out another folder") from e


def _distinct_names(folders: Sequence[Path]) -> None:
    names = [f.resolve().name for f in folders]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice:
        raise InputError(
            f"two encounters are named {twice}", "their drafts would overwrite each other; draft them apart"
        )


def _emit(draft: Draft, folder: Path, args: argparse.Namespace) -> None:
    from syngraph.codec import draft_to_json

    if args.out:
        target = args.out / f"{folder.resolve().name}.json"
        text = json.dumps(draft_to_json(draft), ensure_ascii=False, indent=1)
        try:
            # One question mark for a stray half of a surrogate pair keeps every offset.
            target.write_text(text + "\n", encoding="utf-8", errors="replace")
        except OSError as e:
            raise InputError(f"{target}: can't be written: {e.strerror}", "give --out another folder") from e
        if not args.json:
            print(target)
    if args.json:
        print(json.dumps(draft_to_json(draft), ensure_ascii=False))
    elif not args.out:
        from syngraph.printing import print_draft

        print_draft(draft, evidence=args.evidence)


def _read(args: argparse.Namespace) -> int:
    from syngraph.codec import reading_to_json
    from syngraph.pipeline import read_one
    from syngraph.printing import print_reading, progress_bar

    worst = 0
    for path in args.files:
        try:
            with progress_bar(path.name, quiet=not sys.stderr.isatty()) as progress:
                sources, facts, problems = read_one(path, kind=args.kind, language=args.language, progress=progress)
        except SyngraphError as e:
            _complain(str(e))
            worst = 2
            continue
        for problem in problems:
            _complain(problem.line)
        worst = max(worst, 0 if sources and not problems else 1 if sources else 2)
        if args.json:
            print(json.dumps(reading_to_json(sources, facts, problems), ensure_ascii=False))
        else:
            print_reading(sources, facts)
    return worst


def _check(args: argparse.Namespace) -> int:
    from syngraph.checks.draft_rules import violations

    bad = 0
    for path in args.drafts:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as e:
            reason = e.strerror if isinstance(e, OSError) else "not JSON in UTF-8"
            print(f"{path}: can't be read: {reason}")
            bad += 1
            continue
        found = violations(data)
        for v in found:
            print(f"{path}: rule {v.rule}: {v.where}: {v.message}")
        bad += bool(found)
    if not bad:
        print(f"{len(args.drafts)} draft{'s' if len(args.drafts) > 1 else ''}: all four rules hold")
    return 1 if bad else 0


def _doctor(args: argparse.Namespace) -> int:
    from syngraph.diagnosis import examine, print_examination

    found = examine()
    if args.json:
        print(json.dumps([row.to_json() for row in found], ensure_ascii=False))
    else:
        print_examination(found)
    return 0 if all(row.ok or not row.required for row in found) else 1


def _template(args: argparse.Namespace) -> int:
    from syngraph.draft.templates import list_templates

    for t in list_templates():
        title = t.title_zh if t.language == "zh" else t.title_en
        print(f"{t.id:24} {t.language}  {title}  ({', '.join(s.title for s in t.sections)})")
    return 0


def _bench(args: argparse.Namespace) -> int:
    from syngraph.speed import bench_speed

    return bench_speed(as_json=args.json)


_COMMANDS = {
    "draft": _draft,
    "read": _read,
    "check": _check,
    "doctor": _doctor,
    "template": _template,
    "bench": _bench,
}

if __name__ == "__main__":
    sys.exit(main())
