"""Words that stand next to each other: in a text, and anywhere in an event.

A word is a run of letters and digits (Unicode L and N), the same in capitals and small letters.
"""

import numpy as np

from streamstat import kernels
from streamstat.common.record import record
from streamstat.expressions import arrow
from streamstat.expressions.comparing import truths
from streamstat.expressions.nodes import Frame, Type
from streamstat.values.columns import I64, U8, Mask, Texts, Values


@record
class Anywhere:
    """`anywhere("disk full")`: whether a text value of the event, at whatever depth, has these words."""

    sought: str
    type: Type = Type.TRUTH

    def evaluate(self, frame: Frame) -> Values:
        assert frame.written is not None, "events as they were written are needed, and nobody gave them"
        return truths(has_words_inside(frame.written(), self.sought))


def has_words(value: Values, phrase: str) -> Mask:
    """Whether each text has the words of a phrase; meaningful only where it is a text.

    >>> from streamstat.expressions.texts import text_of
    >>> [has_words(text_of("Error: DISK_FULL"), phrase).tolist() for phrase in ("disk full", "full disk")]
    [[True], [False]]
    """
    texts = arrow.texts_in(value)
    return kernels.has_words(*_contiguous(texts), phrase.encode()).view(np.bool_)


def has_words_inside(events: Texts, phrase: str) -> Mask:
    """Whether a text value of each JSON text has the words of a phrase."""
    return kernels.has_words_inside(*_contiguous(events), phrase.encode()).view(np.bool_)


def has_word(phrase: str) -> bool:
    """Whether there is anything to look for.

    >>> has_word("disk full"), has_word("-- _")
    (True, False)
    """
    return bool(kernels.folded_words(phrase.encode()))


def _contiguous(texts: Texts) -> tuple[I64, U8]:
    return np.ascontiguousarray(texts.offsets), np.ascontiguousarray(texts.data)
