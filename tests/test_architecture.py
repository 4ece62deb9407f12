"""Imports only ever point left, as README draws it."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "ketalit"

# Left to right. What stands in one room may use each other; a room uses only rooms to its left.
ROOMS = [
    {"errors", "vocabulary"},
    {"dialogue", "escaping", "files", "findings", "fields", "identifiers", "mainshell"}
    | {"queries", "rows", "sentences", "telling", "templates"},
    {"page", "web"},
    {"models", "pooling"},  # know nothing of literature
    {"figures"},
    {"citations"},
    {"entrez", "library"},
    {"records"},
    {"reading"},
    {"review"},
    {"studies", "checks", "duplicates", "fetch", "intake", "screening", "prisma"},
    {"synthesis"},
    {"table"},
    {"claims", "mapping"},
    {"export"},
    {"extraction", "resolve", "searching", "show", "verify", "strategy", "refresh"},
    {"audit"},
    {"freeze", "lessons", "scan"},
    {"doctor"},
    {"cli"},
]
PLACE = {name: place for place, room in enumerate(ROOMS) for name in room}


def imports(path: Path):
    """Names of the package's own modules that a file imports, as top-level rooms."""
    depth = len(path.relative_to(PACKAGE).parts) - 1
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth + 1:
            yield from [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ketalit."):
            yield node.module.split(".")[1]


def test_every_module_has_a_place():
    modules = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.rglob("*.py")}
    assert modules - {"__init__"} == set(PLACE)


def test_imports_point_left():
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room == "__init__":
            continue
        wrong += [
            f"{path.relative_to(PACKAGE)} imports {name}"
            for name in imports(path)
            if name in PLACE and name != room and PLACE[name] >= PLACE[room] and name not in ROOMS[PLACE[room]]
        ]
    assert not wrong
