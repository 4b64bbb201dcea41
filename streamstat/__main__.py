"""The program, as `streamstat` and as `python -m streamstat`: from here on a Ctrl-C ends it, and says nothing.

Importing what the program needs takes a tenth of a second, in which Python would answer with a traceback. Nothing
imports this file but those who run the program: signals are the business of whoever uses the package as a library.
"""

import _signal  # type: ignore[import-not-found]  # built in; `signal` imports others, and may be interrupted by then

_signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # until a run takes over


def main() -> None:
    """Run the command line."""
    from streamstat import cli

    cli.main()


if __name__ == "__main__":
    main()
