"""The parser stands alone: the standard library and lxml, nothing of Django and nothing else of the project."""

import ast
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "workplan" / "notice"
OUTSIDE = {"lxml"}


def test_the_parser_imports_nothing_of_the_project():
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level <= 1, file
                names = [] if node.level else [node.module]
            else:
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            roots = {name.split(".")[0] for name in names}
            assert roots <= OUTSIDE | sys.stdlib_module_names, (file, roots)
