"""From words to a verb and its options, by typer. Not loaded for pages of help, which take a third of its time."""

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from shutil import get_terminal_size
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from streamstat.commands.usage import ABOUT, page
from streamstat.commands.verbs import VERBS, Verb
from streamstat.common.errors import ExitCode, ParseError, UsageError
from streamstat.common.units import shown
from streamstat.plan.options import Option

_EXAMPLES = {"year": 2026, "threads": 2}
Refusal: Any = typer.BadParameter.__mro__[2]  # the base of all that the parser refuses


def parse(words: list[str], functions: Mapping[str, Callable[..., int]]) -> int:
    """Call the function of the verb that the words name, with its options by the fields that hold them.

    An option that is not given is None. ParseError where the words make no sense.
    """
    app = typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )

    @app.callback(help=ABOUT)
    def root(
        version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
    ) -> None: ...

    for name in _wanted(words, functions):
        app.command(name, cls=_WithPage, help=VERBS[name].about)(_declared(functions[name], VERBS[name]))
    try:
        code = app(words, prog_name="streamstat", standalone_mode=False)
    except Refusal as error:
        if hasattr(error, "option_name") and hasattr(error, "possibilities"):  # there is no such option
            from streamstat.commands.unknown import unknown_option

            raise unknown_option(error.option_name, words[0]) from None
        raise ParseError(error.format_message().replace("\n", " ")) from None
    except typer.Abort:
        return ExitCode.INTERRUPTED
    return code if isinstance(code, int) else ExitCode.DONE


def _wanted(words: list[str], functions: Mapping[str, Callable[..., int]]) -> list[str]:
    """The verbs to tell the parser of: the one that is named, as each takes 10 ms. All for a shell's completion."""
    return words[:1] if words and words[0] in functions else list(functions)


class _WithPage(TyperCommand):
    """A command whose `--help` is the page, wherever among the words it is asked for."""

    def get_help(self, ctx: Any) -> str:
        return page(VERBS[str(self.name)], get_terminal_size().columns)


def _declared(function: Callable[..., int], verb: Verb) -> Callable[..., int]:
    """The function with a signature that tells the parser what it takes.

    What a verb over events needs may stand in a configuration file, so the parser does not ask for it.
    """

    def called(**given: Any) -> int:
        return function(**given)

    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter(
            each.holder,
            kind,
            default=inspect.Parameter.empty if _is_asked_for(each, verb) else None,
            annotation=_annotation(each, _is_asked_for(each, verb)),
        )
        for each in verb.options
    ]
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {each.name: each.annotation for each in parameters}
    return called


def _is_asked_for(one: Option, verb: Verb) -> bool:
    return one.is_required and not verb.reads_events


def _annotation(one: Option, is_asked_for: bool) -> Any:
    kind: Any = list[str] if one.is_list else bool if not one.value else int if one.least is not None else str
    if one.is_argument:
        return Annotated[kind if is_asked_for else kind | None, typer.Argument(metavar=one.value)]
    parser: Any = {} if one.least is None else {"parser": partial(_whole_number, one)}
    flags = (
        (f" /{flag}" for flag in one.flags) if one.is_on else one.flags
    )  # behind the stroke: what turns it off
    return Annotated[kind | None, typer.Option(*flags, metavar=one.value or None, help=one.help, **parser)]


def _whole_number(one: Option, text: str) -> int:
    """The number that an option was given; UsageError for what is none, or out of its bounds."""
    flag, least, most = one.flags[0], one.least or 0, one.most
    example = (
        f"for example {flag} {_EXAMPLES.get(one.holder) or (one.default if one.default.isdigit() else 10)}"
    )
    try:
        number = int(text)
    except ValueError:
        raise UsageError(flag, f"{shown(text)} is no whole number", example) from None
    if number < least or (most is not None and number > most):
        bounds = f"less than {least}" if most is None else f"not {least} to {most}"
        raise UsageError(flag, f"{shown(text)} is {bounds}", example)
    return number
