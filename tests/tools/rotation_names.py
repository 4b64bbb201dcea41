"""What becomes of the name of a log and of its rotated files. Every line is read, in order; nothing is told."""

from collections.abc import Iterator

from tools.rotation_world import GLOB, World


def growing(world: World) -> Iterator[None]:
    for count in (3, 0, 1, 500):
        world.add("app.log", count) if count else None
        yield


def renamed_and_created(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.move("app.log", "app.log.1")
    world.add("app.log")
    yield


def renamed_with_lines_that_were_not_read_yet(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.add("app.log")
    world.move("app.log", "app.log.1")
    world.add("app.log")
    yield


def written_to_under_its_new_name_until_the_writer_opens_the_log_again(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.move("app.log", "app.log.1")
    world.add("app.log.1")
    yield
    world.add("app.log.1")
    yield
    world.add("app.log")
    yield


def created_a_look_after_it_was_renamed(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.move("app.log", "app.log.1")
    yield
    world.add("app.log")
    yield


def renamed_twice_between_two_looks(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.add("app.log")
    world.move("app.log", "app.log.2")
    world.add("app.log.1")
    world.add("app.log")
    yield


def renamed_five_times_between_two_looks_and_compressed(world: World) -> Iterator[None]:
    world.add("app.log")
    yield
    world.add("app.log")
    for number in (4, 3, 2, 1):
        world.move("app.log", f"app.log.{number}")
        world.pack(f"app.log.{number}")
        world.add("app.log")
    yield


def older_rotated_files_that_nobody_named_stay_unread(world: World) -> Iterator[None]:
    for name in ("app.log.2", "app.log.1"):
        world.add(name)
    world.written.clear()
    world.add("app.log")
    yield
    world.move("app.log.1", "app.log.2")
    world.move("app.log", "app.log.1")
    world.add("app.log")
    yield


def named_by_a_glob_with_all_that_was_rotated(world: World) -> Iterator[None]:
    world.arguments = GLOB
    for name in ("app.log.2", "app.log.1", "app.log"):
        world.add(name)
    yield
    for number in (2, 1):
        world.move(f"app.log.{number}", f"app.log.{number + 1}")
    world.add("app.log")
    world.move("app.log", "app.log.1")
    world.add("app.log")
    yield


def dated(world: World) -> Iterator[None]:
    world.arguments = ("app*.log*",)
    world.add("app.log")
    yield
    world.add("app.log")
    world.move("app.log", "app-2026-01-01.log")
    world.add("app.log")
    yield
    world.pack("app-2026-01-01.log")
    world.move("app.log", "app-2026-01-02.log")
    world.add("app.log")
    yield


def dated_behind_a_link(world: World) -> Iterator[None]:
    world.arguments = ("current.log",)
    for day in range(1, 5):
        name = f"app-2026010{day}.log"
        world.add(name)
        world.path("current.log").unlink(missing_ok=True)
        world.path("current.log").symlink_to(name)
        if day != 3:
            yield
            world.add(name)


def new_files_of_a_glob(world: World) -> Iterator[None]:
    world.arguments = ("*.log",)
    for name in ("a.log", "b.log", "c.log"):
        world.add(name)
        yield


def moved_into_another_folder_that_is_named(world: World) -> Iterator[None]:
    world.arguments = ("app.log", "old/*")
    world.path("old").mkdir()
    world.add("app.log")
    world.add("old/other.log")
    yield
    world.add("app.log")
    world.move("app.log", "old/app.log.1")
    world.add("app.log")
    yield


def named_twice(world: World) -> Iterator[None]:
    world.arguments = ("app.log", "./app.log", "app.*", "link.log")
    world.add("app.log")
    world.path("link.log").symlink_to("app.log")
    yield
    world.add("app.log")
    yield
