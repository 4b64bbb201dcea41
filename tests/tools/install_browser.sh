# Chromium and its driver, as Debian has them. Without root or apt it does nothing; whoever asked says what is missing.
set -e
[ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends chromium chromium-driver
