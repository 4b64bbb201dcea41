"""The native kernels under one name: the loops that touch every byte or every event.

`_native` is the compiled module, and everything here comes from it. No kernel knows an option, a file or a verb. Begin
with a folder's main header, such as `json/decode.hpp`; `base/` is what all of them share.
"""

from streamstat.kernels import _native as _native
from streamstat.kernels._native import *  # noqa: F403
