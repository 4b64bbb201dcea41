"""The native kernels under one name; `_native` is the compiled module, everything here comes from it."""

from streamstat.kernels import _native as _native
from streamstat.kernels._native import *  # noqa: F403
