"""Whether anything changed that decides if the bundle works, since `make test-bundle` passed last.

What is in the built folder is decided by the recipe, the locked versions, the files that travel along, and by what the
program imports from elsewhere. A hash of these is recorded in tools/bundle-inputs.sha256 by each test that passed.

Usage: python tools/bundle_inputs.py same|record; `same` exits with 1 where the bundle has to be tested again.
"""

import ast
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "tools" / "bundle-inputs.sha256"
FILES = (
    "app.spec", "pyproject.toml", "requirements.lock", "requirements-dev.lock", "slap_studio/__main__.py",
    "slap_studio/bundled.py", "slap_studio/diagnosis.py", "slap_studio/resources.py", "slap_studio/app/map_process.py",
    "slap_studio/app/screen.py", "tools/bundle_inputs.py", "tools/pyinstaller_hooks/*.py", "tests/bundle_tests/*.py",
    "assets/**/*", "sample_videos/*",
)  # fmt: skip


def digest() -> str:
    """One hash of all of it."""
    found = hashlib.sha256()
    for part in (*_contents(), *_imports()):
        found.update(part + b"\0")
    return found.hexdigest()


def _contents() -> Iterator[bytes]:
    paths = {
        path for pattern in FILES for path in ROOT.glob(pattern) if path.is_file() and "unfinished" not in path.parts
    }
    for path in sorted(paths):
        yield path.relative_to(ROOT).as_posix().encode()
        yield hashlib.sha256(path.read_bytes()).digest()


def _imports() -> list[bytes]:
    """Dotted names of what the package imports from outside of itself."""
    names: set[str] = set()
    for path in (ROOT / "slap_studio").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                names |= {one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    return [name.encode() for name in sorted(names) if name.split(".")[0] != "slap_studio"]


def main(wish: str) -> int:
    if wish == "record":
        RECORD.write_text(digest() + "\n", encoding="ascii")
        return 0
    same = RECORD.is_file() and RECORD.read_text(encoding="ascii").strip() == digest()
    print("The bundle depends on nothing that changed." if same else "What the bundle depends on has changed.")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
