"""What a person may name as input: files in their order, globs, each file once; and what Python callers may give."""

import io
import os
from pathlib import Path

import pytest
from tools.input_lines import read, text

from streamstat.common.errors import MissingInputError, ReadWriteError
from streamstat.input.sources.inputs import bytes_input, expand, input_of


class TestArguments:
    @pytest.fixture(autouse=True)
    def files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        for name in ["b.log", "a.log", "Z.log", "deep/er/c.log", "[x].log", "x.log", "logs/1.ndjson"]:
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode() + b"\n")

    @staticmethod
    def names(*arguments: str) -> list[str]:
        return [one.name for one in expand(arguments)]

    def test_files_keep_their_order_and_globs_go_by_name(self) -> None:
        assert self.names("x.log", "[ab].log", "Z.log") == ["x.log", "a.log", "b.log", "Z.log"]
        assert self.names("*.log") == ["Z.log", "[x].log", "a.log", "b.log", "x.log"]
        assert self.names("deep/**/*.log") == ["deep/er/c.log"]

    def test_an_existing_name_is_that_file_even_with_glob_characters(self) -> None:
        assert self.names("[x].log") == ["[x].log"]

    def test_globs_leave_directories_out(self) -> None:
        assert self.names("lo*/*", "*ee*/**") == ["logs/1.ndjson", "deep/er/c.log"]

    def test_the_same_file_is_read_once_under_all_its_names(self) -> None:
        os.link("a.log", "hard.log")
        Path("soft.log").symlink_to("a.log")
        inputs = expand(["a.log", "./a.log", "hard.log", "soft.log", "b.log", "[ab].log"])
        assert [one.name for one in inputs] == ["a.log", "b.log"]
        assert inputs.duplicates == ["./a.log", "hard.log", "soft.log", "a.log", "b.log"]

    @pytest.mark.parametrize(
        ("argument", "message"),
        [
            ("aa.log", "aa.log: no such file; did you mean a.log?"),
            ("deep/er/d.log", "deep/er/d.log: no such file; did you mean deep/er/c.log?"),
            ("logs/unlike", "logs/unlike: no such file; ls logs shows what is there"),
            ("nowhere/a.log", "nowhere/a.log: no such file; there is no directory nowhere"),
            ("a.log/b", "a.log/b: no such file; there is no directory a.log"),
            ("deep/*.gz", "deep/*.gz: matches no file; ls deep shows what is there"),
            ("*.gz", "*.gz: matches no file; ls . shows what is there"),
            ("dee*", "dee*: matches only directories; ls . shows what is there"),
            ("logs", "logs: is a directory; for example 'logs/*.ndjson'"),
            ("deep/er", "deep/er: is a directory; for example 'deep/er/*'"),
            ("", '"": no such file; ls . shows what is there'),
            ("a\0b", "a\0b: cannot be opened: not a possible file name"),
            ("n" * 300, "n" * 200 + ": cannot be opened: File name too long"),
        ],
    )
    def test_what_is_missing_is_named_with_a_hint(self, argument: str, message: str) -> None:
        with pytest.raises(MissingInputError) as caught:
            expand(["a.log", argument])
        assert str(caught.value) == message

    def test_a_dangling_link_is_missing(self) -> None:
        Path("gone.log").symlink_to("nothing")
        with pytest.raises(MissingInputError, match=r"gone\.log: no such file"):
            expand(["go*.log"])

    def test_what_may_not_be_read_is_a_read_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(path: str, flags: int) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)  # the tests may run as root, who may read everything
        with pytest.raises(ReadWriteError) as caught:
            expand(["a.log"])
        assert str(caught.value) == "a.log: permission denied; ls -l a.log shows who may read it"

    def test_python_callers_give_what_they_have(self) -> None:
        things = [Path("a.log"), "b.log", b"bytes\n", io.BytesIO(b"stream\n"), iter([b"pie", b"ces\n"])]
        seen, errors = read([input_of(thing) for thing in things])
        assert (text(seen), errors) == (b"a.log\nb.log\nbytes\nstream\npieces\n", [])
        assert input_of(bytes_input(b"", "mine")).name == "mine"
        with pytest.raises(TypeError, match="not int"):
            input_of(3)

    def test_a_text_stream_is_refused_with_a_hint(self) -> None:
        seen, errors = read([input_of(io.StringIO("a\n"), "texts")])
        message = "texts: cannot be read: the stream gives text, not bytes; open it with mode 'rb'"
        assert (seen, [str(e) for e in errors]) == ([], [message])
