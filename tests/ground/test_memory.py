"""What a request leaves behind in circles is freed when the next one comes."""

import gc
import weakref

from config.memory import forget_the_last


class Page:
    """Something that holds on to itself, as a request does by way of its user."""

    def __init__(self):
        self.request = self


def test_circles_of_the_last_request_are_freed():
    gc.disable()
    try:
        page = Page()
        gone = weakref.ref(page)
        del page
        assert gone() is not None
        forget_the_last(sender=None)
        assert gone() is None
    finally:
        gc.enable()
