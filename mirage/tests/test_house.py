"""The order of the code: sizes of modules, functions and folders, names, and a test file for every larger module."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (
    *("accounts", "albums", "api", "cli", "dav", "duplicates", "media", "mirage", "notices", "operations", "people"),
    *("photos", "search", "switching", "tags", "takeout", "vision"),
)
FOLDERS = (*PACKAGES, "benchmarks", "docs", "scripts", "static", "templates")

LONGEST_MODULE = 400  # lines
LONGEST_FUNCTION = 40
LONGEST_VIEW = 25
MOST_SIBLINGS = 24  # files and folders beside each other
TESTED_FROM = 100  # lines of a module
NAMES_THAT_SAY_NOTHING = {"helpers", "managers", "services", "utils"}
DJANGO_NAMES_THEM = {"commands", "management", "migrations", "templatetags"}

# What is still too long, with its current length. Entries may shrink, but never grow.
LONG_MODULES = {
    "cli/mirage_cli.py": 700,  # one file, so that it can be copied to a machine without anything else
}
LONG_FUNCTIONS = {
    "benchmarks/pages/timeline.py:measure": 50,
    "mirage/tests/access/world.py:make_world": 50,
    "people/tests/test_sequences.py:act": 44,
    "search/tests/test_naive.py:random_facts": 47,
}


@cache
def sources() -> dict[str, str]:
    """The Python files of the project by their paths, without migrations, which Django writes."""
    paths = [path for folder in (*PACKAGES, "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in paths if "migrations" not in path.parts}


@cache
def tree(path: str) -> ast.Module:
    return ast.parse(sources()[path])


def is_test(path: str) -> bool:
    return "/tests/" in path


def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno
    return node.end_lineno - node.lineno + 1


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def is_view(path: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the function is a view or takes part in one."""
    in_views = "/views/" in path or path.endswith("/views.py")
    return in_views and not is_test(path) and bool(node.args.args) and node.args.args[0].arg == "request"


def test_modules_are_short() -> None:
    lengths = {path: len(text.splitlines()) for path, text in sources().items()}
    long = {path: length for path, length in lengths.items() if length > LONGEST_MODULE}
    assert beyond(long, LONG_MODULES) == {}


def test_functions_are_short_and_views_shorter() -> None:
    long = {
        f"{path}:{node.name}": lines(node)
        for path, node in functions()
        if lines(node) > (LONGEST_VIEW if is_view(path, node) else LONGEST_FUNCTION)
    }
    assert beyond(long, LONG_FUNCTIONS) == {}


def beyond(long: dict[str, int], allowed: dict[str, int]) -> dict[str, int]:
    """What is longer than allowed, and allowances that are larger than needed."""
    needless = {name: length for name, length in allowed.items() if long.get(name, 0) < length}
    return {name: length for name, length in long.items() if length > allowed.get(name, 0)} | needless


def test_no_folder_is_crowded() -> None:
    crowded = {}
    for folder in (path for top in FOLDERS for path in ((ROOT / top), *(ROOT / top).rglob("*")) if path.is_dir()):
        if folder.name == "__pycache__":
            continue
        siblings = [path for path in folder.iterdir() if path.name not in {"__init__.py", "__pycache__"}]
        if len(siblings) > MOST_SIBLINGS:
            crowded[folder.relative_to(ROOT).as_posix()] = len(siblings)
    assert crowded == {}


def test_every_package_says_what_it_is_for() -> None:
    silent = [
        path
        for path in sources()
        if path.endswith("/__init__.py")
        and not {"tests", *DJANGO_NAMES_THEM} & set(Path(path).parts)
        and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in sources() if NAMES_THAT_SAY_NOTHING & set(Path(path).with_suffix("").parts)] == []


def test_every_larger_module_has_a_test_file_of_its_name() -> None:
    """For example, `photos/tests/gallery/stacking/test_stacks.py` tests `photos/gallery/stacking/stacks.py`."""
    missing = [
        f"{path}: {test_file(path)}"
        for path, text in sources().items()
        if path.split("/")[0] in PACKAGES
        and not is_test(path)
        and not path.startswith("mirage/testing/")
        and len(text.splitlines()) >= TESTED_FROM
        and test_file(path) not in sources()
    ]
    assert missing == []


def test_file(path: str) -> str:
    """The test file of a module. Those of commands are not in a folder `management`."""
    package, *folders, name = path.split("/")
    return "/".join([package, "tests", *(each for each in folders if each != "management"), f"test_{name}"])


test_file.__test__ = False  # type: ignore[attr-defined]


@cache
def names_in(module: str) -> frozenset[str] | None:
    """The names that one of our modules defines or imports, and the modules inside it; None if it does not exist."""
    place = module.replace(".", "/")
    inside = {
        Path(path).stem
        for path in sources()
        if path.startswith(f"{place}/") and path.count("/") == place.count("/") + 1
    }
    inside |= {path[len(place) + 1 :].split("/")[0] for path in sources() if path.startswith(f"{place}/")}
    file = f"{place}.py" if f"{place}.py" in sources() else f"{place}/__init__.py"
    if file not in sources():
        return frozenset(inside) or None
    for node in ast.walk(tree(file)):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                inside.add(name)
            case ast.alias(name=name, asname=other):
                inside.add((other or name).split(".")[0])
    return frozenset(inside)


def exists(dotted: str) -> bool:
    """Whether this is the name of one of our modules or of something in it."""
    module, _, name = dotted.rpartition(".")
    return names_in(dotted) is not None or name in (names_in(module) or ())


def test_imported_names_of_our_own_exist() -> None:
    """The type checker treats a missing module as one without types."""
    wrong = []
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                named = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                named = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            wrong += [f"{path}: {name}" for name in named if name.split(".")[0] in PACKAGES and not exists(name)]
    assert wrong == []


DOTTED = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.[A-Za-z_]+){{2,}}")


def test_dotted_names_in_strings_exist() -> None:
    """Stages, jobs and settings name functions in strings."""
    wrong = [
        f"{path}:{node.lineno}: {node.value}"
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and DOTTED.fullmatch(node.value)
        and not exists(node.value)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ["nothing.there", "bulk.never_written", "nobody"])
def test_missing_names_are_noticed(name: str) -> None:
    assert exists("photos.editing.bulk")
    assert not exists(f"photos.editing.{name}")
