"""The reference page is what the declarations say."""

from pathlib import Path

from assistant408.cli.reference import solver_reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "solvers.md"


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == solver_reference(), (
        "run: a408 solve --reference > docs/reference/solvers.md"
    )
