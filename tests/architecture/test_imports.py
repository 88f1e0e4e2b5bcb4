"""Who may import whom: the contracts of pyproject.toml, and what lint-imports cannot say."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import services
from tests.architecture.source import ROOT, python_files, tree

# Pure calculation on words and dates: no connection, no file, no clock.
CALCULATORS = {"anyascii", "nicknames", "phonenumbers", "rapidfuzz"}
WORDS = {
    "shared.vocabulary",
    "shared.errors",
    "shared.working_days",
    "shared.code_words",
    "shared.partial_dates",
    "shared.keeping.erasure",
    "shared.contracts.people",
    "shared.clock.LONDON",
}


def test_the_import_contracts_hold(capsys: pytest.CaptureFixture[str]):
    broken = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert broken == 0, capsys.readouterr().out


@pytest.mark.parametrize("name", services.ORDER)
def test_a_domain_knows_nothing_but_the_words_of_the_work(name: str):
    for path in python_files("services"):
        if path.parts[1:3] in ((name, "domain"), (name, "domain.py")):
            strange = {one for one in _imported(path) if not _is_plain(one, name)}
            assert not strange, f"{path} imports {strange}"


def _is_plain(module: str, service: str) -> bool:
    top = module.split(".", maxsplit=1)[0]
    own = module.startswith(f"services.{service}.domain")
    words = any(module == one or module.startswith(f"{one}.") for one in WORDS)
    return own or words or top in sys.stdlib_module_names or top in CALCULATORS


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from (
                whole if node.module in ("shared", "shared.contracts", "shared.clock") else {node.module}
            )
