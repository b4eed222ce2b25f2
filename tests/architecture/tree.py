"""Where things are, for tests about the shape of the code."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICES = (
    "submission",
    "review",
    "moderation",
    "notification",
    "viva",
    "appeals",
    "operations",
)


def imports_of(source: Path | ast.Module) -> list[str]:
    """Return the dotted names that a module imports, in order."""
    tree = ast.parse(source.read_text()) if isinstance(source, Path) else source
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
    return names
