"""The documents are correct: links lead somewhere, files and settings exist, commands can be run."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from cli import mirage_cli
from photos import catalogue
from photos.models import Photo

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)  # indented in a list
CODE = re.compile(r"`([^`\n]+)`")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
SETTING = re.compile(r"\bMIRAGE_[A-Z_]+\b")
# Tests of the examples, which whoever follows the page writes.
WRITTEN_BY_READERS = {"photos/tests/pipeline/test_brightness.py", "photos/tests/views/test_cameras.py"}
OURS = (".py", ".md", ".html", ".js", ".css", ".toml", ".env", ".yml", ".json")
NAMED_IN = ("*.py", "*.html", "*.js", "*.css", "*.toml", "*.env", "*.yml", "*.service", "*.txt", "*.in", "Dockerfile")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def folders() -> list[Path]:
    """The top folders with our own files."""
    ignored = set(re.findall(r"^/?(\w+)/$", (ROOT / ".gitignore").read_text(), re.MULTILINE))
    return [path for path in ROOT.iterdir() if path.is_dir() and path.name not in ignored and path.name[0] not in "._"]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    dead = []
    for link in LINK.findall(FENCE.sub("", page.read_text())):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not re.match(r"[a-z]+:", link) and (not target.exists() or (anchor and anchor not in anchors(target))):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_that_are_named_exist(page: Path) -> None:
    """Paths in code marks such as `photos/access.py` or `media/`, from the top of the repository.

    A path with a colon after it is a file that the page tells the reader to make.
    """
    tops = {folder.name for folder in folders()}
    text = FENCE.sub("", page.read_text())
    named = {code.rstrip("/") for code in CODE.findall(text) if " " not in code} - set(re.findall(r"`([^`]+)`:", text))
    paths = {name for name in named if name.split("/")[0] in tops and name.endswith(OURS) and "*" not in name}
    assert {path for path in paths if not (ROOT / path).exists()} == set()


def test_documents_named_in_the_code_exist() -> None:
    dead = []
    sources = [path for folder in folders() for pattern in NAMED_IN for path in folder.rglob(pattern)]
    for path in [*sources, *(path for pattern in NAMED_IN for path in ROOT.glob(pattern))]:
        if path != Path(__file__) and "vendor" not in path.parts:
            named = re.findall(r"docs/[\w/-]+(?:\.md)?", path.read_text())
            dead += [f"{name_of(path)}: {name}" for name in named if not (ROOT / name).exists()]
    assert dead == []


def test_every_page_is_in_the_index() -> None:
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in LINK.findall((DOCS / "README.md").read_text())}
    written = {page for page in PAGES if DOCS in page.parents and page.name != "README.md"}
    assert {name_of(page) for page in written - linked} == set()


def test_decisions_are_numbered_without_gaps() -> None:
    decisions = sorted((DOCS / "adr").glob("[0-9]*.md"))
    assert [page.name[:4] for page in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    titles = [page.read_text().split("\n", 1)[0] for page in decisions]
    assert [title.split(".")[0] for title in titles] == [f"# {number}" for number in range(1, len(decisions) + 1)]


def test_the_catalogue_is_described_key_by_key(make_photo: Callable[..., Photo]) -> None:
    text = (DOCS / "use" / "get-everything-out.md").read_text()
    rows = re.findall(r"^\| (`.+?) \|", text, re.MULTILINE)
    assert {name for row in rows for name in CODE.findall(row)} == catalogue.describe(make_photo()).keys()


def test_screenshots_are_shown_and_taken() -> None:
    from scripts.screenshots.take import SHOTS

    taken = {path.stem for path in (DOCS / "use" / "screenshots").glob("*.webp")}
    shown = {name for page in PAGES for name in re.findall(r"screenshots/([\w-]+)\.webp", page.read_text())}
    assert taken == shown == set(SHOTS)


def test_every_main_page_has_a_sheet() -> None:
    from scripts.screenshots.look import PAGES as LOOKED_AT

    assert {path.stem for path in (DOCS / "build" / "look").glob("*.webp")} == set(LOOKED_AT)


def test_the_architecture_names_every_folder() -> None:
    text = (DOCS / "build" / "architecture.md").read_text()
    table = text[text.index("| Folder |") :].split("\n\n")[0]
    named = {name for row in table.splitlines() for name in re.findall(r"`([a-z]+)/`", row.split("|")[1])}
    assert named == {folder.name for folder in folders()}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_settings_that_are_named_exist(page: Path) -> None:
    readers = [
        "example.env",
        "conftest.py",
        "docker-compose.yml",
        "deploy/Caddyfile",
        "scripts/test",
        "cli/mirage_cli.py",
    ]
    paths = [*(ROOT / name for name in readers), *(ROOT / "mirage" / "testing").glob("*.py")]
    known = {name for path in paths for name in SETTING.findall(path.read_text())}
    made = set(re.findall(r'env\.\w+\("(\w+)"', page.read_text()))  # by the page about new settings
    assert set(SETTING.findall(page.read_text())) - known - made == set()


def commands(page: Path) -> Iterator[str]:
    """Lines of shell in a page: of fenced and indented blocks, and code marks."""
    text = page.read_text()
    blocks = [block for fence in FENCE.findall(text) for block in fence.splitlines()[1:-1]]
    indented = re.findall(r"^ {4,}(\S.*)$", FENCE.sub("", text), re.MULTILINE)
    for line in [*blocks, *indented, *CODE.findall(FENCE.sub("", text))]:
        yield line.strip().split(" # ")[0].split("   ")[0]


def lines_with(pattern: str) -> list[tuple[str, str]]:
    """Every line of shell that matches, with the name of its page."""
    return sorted({(name_of(page), line) for page in PAGES for line in commands(page) if re.search(pattern, line)})


@cache
def options_of(command: str) -> set[str]:
    """The options of a command of manage.py."""
    parser = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
    return set(parser._option_string_actions)


@pytest.mark.parametrize(("page", "line"), lines_with(r"manage\.py [a-z]"))
def test_commands_exist_with_their_options(page: str, line: str) -> None:
    found = re.search(r"manage\.py ([a-z_]+)(.*)", line)
    assert found
    command, rest = found.groups()
    assert command in get_commands()
    assert set(OPTION.findall(rest)) <= options_of(command)


def test_the_table_of_commands_has_all_of_ours_and_their_options() -> None:
    rows = re.findall(r"^\| (`.+?) \|(.+)\|$", (DOCS / "run" / "commands.md").read_text(), re.MULTILINE)
    listed: set[str] = set()
    for names, about in rows:
        of_row = re.findall(r"`([a-z_]+)", names)
        listed |= set(of_row)
        for option in OPTION.findall(names + about):
            assert any(option in options_of(command) for command in of_row), f"{of_row} {option}"
    ours = {name for name, app in get_commands().items() if (ROOT / str(app).split(".")[0]).is_dir()}
    assert listed == ours


@pytest.mark.parametrize(("page", "line"), lines_with(r"(?:^|\s|=)(?:scripts|benchmarks)/[a-z]|-m benchmarks\."))
def test_scripts_exist_with_their_options(page: str, line: str) -> None:
    found = re.search(r"(scripts/[\w/.-]+|benchmarks/[\w/]+\.py|benchmarks\.\w+)(.*)", line)
    assert found
    name, rest = found.groups()
    path = ROOT / (name if "/" in name else name.replace(".", "/") + ".py")
    assert path.is_file()
    if path.suffix == ".py":
        assert {option for option in OPTION.findall(rest) if option not in path.read_text()} == set()


@pytest.mark.parametrize(("page", "line"), lines_with(r"pytest .*[a-z]/?"))
def test_tests_to_run_exist(page: str, line: str) -> None:
    named = set(re.findall(r"(?<=\s)[a-z_]+(?:/[\w.]+)*", line.partition("pytest")[2].partition(" -k ")[0]))
    assert {name for name in named - WRITTEN_BY_READERS if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize(("page", "line"), lines_with(r"mirage-cli [a-z]"))
def test_the_cli_has_the_commands(page: str, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = re.search(r"mirage-cli ([a-z]+)(.*)", line)
    assert found
    with pytest.raises(SystemExit, match="0"):
        mirage_cli.main([found[1], "--help"])
    assert set(OPTION.findall(found[2])) <= set(OPTION.findall(capsys.readouterr().out))
