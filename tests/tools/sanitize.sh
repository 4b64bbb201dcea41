#!/bin/sh
# Builds the native module with ASan and UBSan beside the usual one, and runs the kernels' tests against it.
# usage: sanitize.sh PYTHON
set -eu
python=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/../.."
compiler=${CXX:-c++}
tree=build/sanitize
flags='-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g'

echo "building the native module with sanitizers into $tree"
rm -rf "$tree/package"
mkdir -p "$tree"
"$python" -m pip install -q --disable-pip-version-check --no-deps --target "$tree/package" \
  -C build-dir="$tree/objects" -C install.strip=false -C cmake.build-type=RelWithDebInfo \
  -C cmake.define.CMAKE_CXX_FLAGS="$flags" .

# Python itself is not instrumented: its leaks are no findings, and the run-time has to be there before it.
libraries="$($compiler -print-file-name=libasan.so) $($compiler -print-file-name=libubsan.so)"
libraries="$libraries $($compiler -print-file-name=libstdc++.so)"
cd "$tree"
LD_PRELOAD="$libraries" ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 PYTHONPATH=package \
  "$python" -P -c '
import sys
sys.meta_path = [finder for finder in sys.meta_path if "scikit" not in type(finder).__name__.lower()]
import pytest
from streamstat.kernels import _native
assert "sanitize" in _native.__file__, _native.__file__
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "--rootdir", "../..", "-c", "../../pyproject.toml", *sys.argv[1:]]))
' ../../tests/kernels
