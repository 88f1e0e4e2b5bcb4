"""The source as the architecture tests see it: files, functions, and what they weigh."""

import ast
import io
import subprocess
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("services", "shared")


@dataclass(frozen=True)
class Weight:
    """A file or function; `lines` without blank lines and docstrings, `comments` of lines that are nothing
    else."""

    place: str
    lines: int
    comments: int = 0


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project, relative to its root, whether committed yet or not; nothing that git
    ignores."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, check=False, capture_output=True, text=True)
    names = listed.stdout.split("\0") if listed.returncode == 0 else _walked()
    return tuple(sorted(Path(name) for name in names if name and (ROOT / name).is_file()))


def _walked() -> list[str]:
    hidden = {".venv", ".git", "build", "data", "__pycache__"}
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [str(path) for path in found if not hidden & set(path.parts) and ".egg-info" not in str(path)]


def python_files(*tops: str) -> list[Path]:
    """The Python files below these top-level folders, without migrations (they are history, not code)."""
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and path.parts[0] in tops and "migrations" not in path.parts
    ]


def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def files(*tops: str) -> list[Weight]:
    """Each file with its weight."""
    return [_file(path) for path in python_files(*tops)]


@cache
def _file(path: Path) -> Weight:
    text = (ROOT / path).read_text(encoding="utf-8")
    comments = _comment_lines(text)
    return Weight(str(path), _code_lines(text.splitlines(), tree(path), 1) - comments, comments)


def functions(*tops: str) -> list[Weight]:
    """Each function with its weight, decorators aside."""
    return [weight for path in python_files(*tops) for weight in _functions(path)]


@cache
def _functions(path: Path) -> tuple[Weight, ...]:
    text = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return tuple(
        Weight(
            f"{path}:{node.lineno} {node.name}",
            _code_lines(text[node.lineno - 1 : node.end_lineno], node, node.lineno),
        )
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def _code_lines(lines: list[str], node: ast.AST, first: int) -> int:
    quoted = {number for one in ast.walk(node) for number in _docstring_lines(one)}
    return sum(bool(line.strip()) for number, line in enumerate(lines, first) if number not in quoted)


def _docstring_lines(node: ast.AST) -> Iterable[int]:
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return ()
    if ast.get_docstring(node, clean=False) is None:
        return ()
    return range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)


def _comment_lines(text: str) -> int:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return sum(token.type == tokenize.COMMENT and token.line.strip().startswith("#") for token in tokens)
