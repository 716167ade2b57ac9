"""Small rooms: signs, not laws. What is longer is in the list, with its reason."""

import ast

LONGEST_FILE = 300
LONGEST_FUNCTION = 40

#: `path` or `path:function` -> why it is better in one piece.
ALLOWED: dict[str, str] = {}


def too_long(modules: dict[str, ast.Module], sources: dict[str, int]) -> set[str]:
    files = {path for path, lines in sources.items() if lines > LONGEST_FILE}
    functions = {
        f"{path}:{node.name}"
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION
    }
    return files | functions


def line_counts(modules, repository) -> dict[str, int]:
    return {path: len((repository / path).read_text(encoding="utf-8").splitlines()) for path in modules}


def test_files_and_functions_are_short_or_in_the_list(modules, repository):
    assert too_long(modules, line_counts(modules, repository)) - set(ALLOWED) == set()


def test_the_list_holds_nothing_that_has_become_short(modules, repository):
    assert set(ALLOWED) - too_long(modules, line_counts(modules, repository)) == set()


def test_a_long_function_is_found():
    body = "\n".join("    x = 1" for _ in range(LONGEST_FUNCTION))

    assert too_long({"a.py": ast.parse(f"def long():\n{body}\n")}, {"a.py": 1}) == {"a.py:long"}
