from __future__ import annotations

import pytest

from workbench.errors import CallError
from workbench.widgets.banner import UNFORESEEN, Banner, guarded


@pytest.fixture
def banner():
    return Banner()


def test_nothing_is_shown_before_something_goes_wrong(banner):
    assert (banner.value, banner.layout.display, banner.error) == ("", "none", None)


def test_an_error_of_ours_is_shown_with_its_remedy_and_kept(banner):
    wrong = CallError.at("path", expected="a file", found="<a folder>", remedy="Name a file.")

    @guarded(banner)
    def callback():
        raise wrong

    assert callback() is None
    assert banner.error is wrong
    assert banner.layout.display == ""
    assert 'role="alert"' in banner.value
    assert ">Hide</button>" in banner.value
    assert "path: expected a file, found &lt;a folder&gt;. Name a file." in banner.value


def test_an_error_that_nobody_foresaw_says_what_it_is_and_what_still_holds(banner):
    guarded(banner)(lambda: 1 / 0)()
    assert isinstance(banner.error, ZeroDivisionError)
    assert "ZeroDivisionError" in banner.value
    assert "division by zero" in banner.value
    assert UNFORESEEN in banner.value


def test_what_succeeds_next_clears_it_and_gives_its_result(banner):
    banner.show(ValueError("no"))
    assert guarded(banner)(lambda a, *, b: a + b)(1, b=2) == 3
    assert (banner.value, banner.layout.display, banner.error) == ("", "none", None)


def test_leaving_the_kernel_is_not_an_error(banner):
    with pytest.raises(KeyboardInterrupt, match="stop"):
        guarded(banner)(lambda: (_ for _ in ()).throw(KeyboardInterrupt("stop")))()
    assert banner.error is None


def test_the_same_message_is_sent_again(banner):
    sent = []
    banner.observe(lambda found: sent.append(bool(found["new"])), "value")
    banner.show(ValueError("no"))
    banner.show(ValueError("no"))
    assert sent == [True, False, True]
