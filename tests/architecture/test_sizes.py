"""The budget of the code: functions and files that one look takes in, comments that are few and say why."""

from statistics import median, quantiles

from tests.architecture.source import PRODUCT, ROOT, Weight, files, functions, python_files


def _listed(weights: list[Weight], allowed: int) -> str:
    over = sorted((one for one in weights if one.lines > allowed), key=lambda one: -one.lines)
    return "\n".join(f"  {one.lines:4} {one.place}" for one in over)


def test_no_function_is_longer_than_forty_lines():
    over = _listed(functions(*PRODUCT, "tests", "tools"), 40)
    assert not over, f"Split these functions (lines without docstring and blanks):\n{over}"


def test_functions_are_small_six_lines_in_the_middle_and_nine_of_ten_within_fifteen():
    found = functions(*PRODUCT)
    lines = [one.lines for one in found]
    middle, most = median(lines), quantiles(lines, n=10)[-1]
    assert middle <= 6 and most <= 15, f"Median {middle}, 90th percentile {most}:\n{_listed(found, 15)}"


def test_no_file_is_longer_than_three_hundred_lines():
    whole = {
        path: len((ROOT / path).read_text(encoding="utf-8").splitlines())
        for path in python_files(*PRODUCT, "tests", "tools")
    }
    over = {str(path): lines for path, lines in whole.items() if lines > 300}
    assert not over, f"Make a package of nouns of each: {over}"


def test_the_middle_file_is_within_eighty_lines():
    found = [one for one in files(*PRODUCT) if one.lines]
    middle = median(one.lines for one in found)
    assert middle <= 80, f"Median {middle}:\n{_listed(found, 150)}"


def test_comments_are_between_two_and_six_lines_in_a_hundred():
    found = files(*PRODUCT)
    share = 100 * sum(one.comments for one in found) / sum(one.lines for one in found)
    chatty = sorted((one for one in found if one.lines > 30), key=lambda one: -one.comments / one.lines)[:10]
    most = "\n".join(f"  {one.comments:3} of {one.lines} {one.place}" for one in chatty)
    assert 2 <= share <= 6, f"{share:.1f} %; the most in\n{most}"


def test_there_is_about_as_much_test_as_code():
    code, tests = (sum(one.lines for one in files(*tops)) for tops in (PRODUCT, ("tests",)))
    assert tests >= code * 0.8, f"{tests} lines of tests for {code} of code"
