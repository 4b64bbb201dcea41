"""What is in logs: half lines, nothing, the same twice, or packed. Every line is read, in order; nothing is told."""

from collections.abc import Iterator

from tools.rotation_world import GLOB, World


def half_line_waits_for_its_newline(world: World) -> Iterator[None]:
    world.add("app.log", 2, end=b"")
    yield
    assert world.read == ["line 0"]
    world.append("app.log", b"\n")
    yield
    assert world.read == ["line 0", "line 1"]


def half_line_in_three_pieces(world: World) -> Iterator[None]:
    world.written.append("one two three")
    for piece in (b"one ", b"two ", b"three\n"):
        world.append("app.log", piece)
        yield


def compressed_at_once(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.add("app.log", 500)
    world.move("app.log", "app.log.1")
    world.pack("app.log.1")
    world.add("app.log")
    yield


def compressed_one_rotation_later(world: World) -> Iterator[None]:
    world.arguments = GLOB
    world.add("app.log")
    yield
    world.move("app.log", "app.log.1")
    world.add("app.log")
    yield
    world.move("app.log.1", "app.log.2")
    world.pack("app.log.2", suffix=".zst")
    world.move("app.log", "app.log.1")
    world.add("app.log")
    yield


def compressed_while_it_is_still_there(world: World) -> Iterator[None]:
    world.arguments = GLOB
    world.add("app.log", 300)
    yield
    world.move("app.log", "app.log.1")
    world.add("app.log")
    world.pack("app.log.1", keep=True)
    whole = world.path("app.log.1.gz").read_bytes()
    for size in (0, 5, len(whole) // 2, len(whole)):
        world.path("app.log.1.gz").write_bytes(whole[:size])
        world.touch("app.log.1.gz")
        yield
    world.delete("app.log.1")
    yield


def empty_for_a_while(world: World) -> Iterator[None]:
    world.append("app.log", b"")
    yield
    world.add("app.log")
    yield


def empty_until_it_was_rotated(world: World) -> Iterator[None]:
    world.append("app.log", b"")
    yield
    world.add("app.log")
    world.move("app.log", "app.log.1")
    world.append("app.log", b"")
    yield
    world.move("app.log.1", "app.log.2")
    world.pack("app.log.2")
    world.add("app.log")
    yield


def same_first_64_kib(world: World) -> Iterator[None]:
    world.arguments = GLOB
    head = b"# the same in every file\n" * 3000
    for generation in range(3):
        if generation:
            world.move("app.log", f"app.log.{generation}")
        world.append("app.log", head)
        world.written += ["# the same in every file"] * 3000
        world.add("app.log")
        yield
        world.add("app.log")


def every_line_the_same(world: World) -> Iterator[None]:
    world.arguments = GLOB
    for name in ("app.log.2", "app.log.1", "app.log"):
        world.add(name, 5, text="the same")
    yield
    world.move("app.log.2", "app.log.3")
    world.move("app.log.1", "app.log.2")
    world.add("app.log", 2, text="the same")
    world.move("app.log", "app.log.1")
    world.add("app.log", 9, text="the same")
    yield


def every_line_the_same_and_renamed_twice_between_two_looks(world: World) -> Iterator[None]:
    world.add("app.log", 5, text="the same")
    yield
    world.move("app.log", "app.log.2")
    world.add("app.log.1", 7, text="the same")
    world.add("app.log", 9, text="the same")
    yield


def two_live_files_of_the_same_content(world: World) -> Iterator[None]:
    world.arguments = ("a.log", "b.log")
    for _ in range(2):
        for name in world.arguments:
            world.add(name, 2, text="the same")
        yield


def carriage_returns_and_a_cut_character_at_the_end(world: World) -> Iterator[None]:
    world.written += ["one\r", "tw€\r"]
    world.append("app.log", "one\r\ntw€".encode()[:-1])
    yield
    world.append("app.log", "€\r\n".encode()[-3:])
    yield


def half_line_of_a_rotated_file_is_taken_when_nothing_more_comes(world: World) -> Iterator[None]:
    world.add("app.log", end=b"")
    yield
    world.move("app.log", "app.log.1")
    yield
    assert len(world.read) == 2


def half_line_of_a_compressed_file_is_taken(world: World) -> Iterator[None]:
    world.add("app.log", end=b"")
    yield
    world.move("app.log", "app.log.1")
    world.pack("app.log.1")
    yield
