"""The checker itself: each rule catches the fault it is for."""

import pytest

from tests.page_checker import PageFault, check_page

SOUND = """<!DOCTYPE html>
<html lang="en-GB"><head><title>A page - Tiny - Heed</title></head><body>
<header><a class="govuk-generic-header__homepage-link" href="/">Heed</a></header>
<main><h1>A page</h1>
<form method="post"><input type="hidden" name="csrf_token" value="x"><label for="a">A</label>
<input id="a" name="a"><button>Send</button></form>
</main></body></html>"""


def test_a_sound_page_passes():
    assert check_page(SOUND, "/x").tag == "html"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</form>", "", "Not strict HTML"),
        ("en-GB", "en", "language"),
        ("<h1>A page</h1>", "<h1>A page</h1><h1>Two</h1>", "2 h1"),
        ("<title>A page", "<title>Another", "does not begin with"),
        ("<main><h1>A page</h1>", "<main><h1>A page</h1><h4>x</h4>", "An h4 follows an h1"),
        ('name="a"', 'name="a" aria-describedby="lost"', "'lost'"),
        ("<button>Send</button>", '<button>Send</button><p id="a"></p>', "2 times"),
        ('<label for="a">A</label>', "", "no label"),
        ("<button>Send</button>", "<button> </button>", "no words"),
        ("<title>A page", "<title>Error: A page", "go together"),
        ("<main>", '<main><div class="govuk-error-summary"><a href="#lost">x</a></div>', "leads to"),
        ("<button>Send", '<p class="govuk-error-message" id="e">x</p><button>Send', "No field is described"),
        ("<main>", '<main style="x">', "style="),
        ("<main>", '<main onclick="x">', "onclick="),
        ("</head>", "<style></style></head>", "style element"),
        ("</head>", "<script>x</script></head>", "nonce"),
        ('href="/"', 'href="javascript:x"', "runs a script"),
        ('<input type="hidden" name="csrf_token" value="x">', "", "csrf()"),
        ('id="a" name="a"', 'id="a" name="a" type="file"', "multipart"),
        (">Heed<", "> <", "header says nothing"),
        ("</main>", "<table><tbody><tr><td>x</td></tr></tbody></table></main>", "caption"),
        ("</main>", "<p>None</p></main>", "It says 'None'"),
        ("</main>", "<p>The perpetrator left</p></main>", "perpetrator"),
    ],
)
def test_each_fault_is_caught(old: str, new: str, said: str):
    broken = SOUND.replace(old, new)
    assert broken != SOUND
    with pytest.raises(PageFault, match=said.replace("(", r"\(").replace(")", r"\)")):
        check_page(broken, "/x")
