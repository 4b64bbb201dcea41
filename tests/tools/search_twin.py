"""Stored queries, each held against each event by itself; words cut and folded character by character."""

import ast
import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from tools.expression_rows import Cell, Odd, Row

# Alike whatever their case since Unicode 15.1; what stands for them is as good one way as the other.
_LATELY_ALIKE = {"\u1fd3": "\u0390", "\u1fe3": "\u03b0", "\ufb06": "\ufb05"}


@cache
def simply_folded(character: str) -> str:
    """What stands for a character whatever its case, one character."""
    folded = character.casefold()
    if len(folded) == 1:
        return folded
    if character in _LATELY_ALIKE:
        return _LATELY_ALIKE[character]
    alike = (character.lower(), character.upper(), character)  # a capital whose small letter is one character
    return min(each for each in alike if len(each) == 1 and each.casefold() == folded)


def words_of(text: str) -> list[str]:
    """Runs of letters and digits, folded."""
    words, word = [], ""
    for character in f"{text} ":
        if unicodedata.category(character)[0] in "LN":
            word += simply_folded(character)
        elif word:
            words.append(word)
            word = ""
    return words


def has_words(text: str, phrase: str) -> bool:
    """Whether the words of a phrase stand next to each other."""
    words, sought = words_of(text), words_of(phrase)
    return any(words[i : i + len(sought)] == sought for i in range(len(words)))


def texts_in(value: object) -> Iterator[str]:
    """All text values, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, Odd):
        yield from texts_in(json.loads(value.spelling))


class SearchTwin:
    """What rows come of records, one after the other. queries: by name, as texts."""

    def __init__(self, queries: Mapping[str, str], changes: str | None) -> None:
        self.queries = dict(queries)
        self.hits = dict.fromkeys(queries, 0)
        self.bad = 0
        self._planned = set(queries)  # those that no record has replaced
        self._changes = changes

    def take(self, record: Mapping[str, object], row: Row) -> list[str]:
        """The names of the queries that hold for a record, in their order."""
        if self._changes is not None and (change := record.get(self._changes)) is not None:
            self._change(change)
            return []
        found = [name for name, text in self.queries.items() if holds(text, row)]
        if "ts" not in record:
            return []
        for name in found:
            self.hits[name] += 1
        return sorted(found, key=str.encode)

    def _change(self, change: object) -> None:
        name = change.get("name") if isinstance(change, dict) else None
        where = change.get("where", 0) if isinstance(change, dict) else 0
        if not isinstance(name, str) or not name or not (where is None or is_query(where)):
            self.bad += 1
        elif where is None:
            self.queries.pop(name, None)
            self.hits.pop(name, None)
        elif name in self._planned or self.queries.get(name) != where:
            self.queries[name], self.hits[name] = str(where), 0
        if isinstance(name, str) and name in self.queries and self.queries[name] == where:
            self._planned.discard(name)


def is_query(text: object) -> bool:
    """Whether it can be read; tests have no other bad ones."""
    if not isinstance(text, str):
        return False
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True


@cache
def _tree(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def holds(text: str, row: Row) -> bool:
    """Whether a query is true."""
    from tools.expression_twin import twin

    found: Cell = twin(_tree(text), row)
    return found is True
