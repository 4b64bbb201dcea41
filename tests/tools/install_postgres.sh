# PostgreSQL and its wal2json, as Debian has them. Without root or apt it does nothing; whoever asked says what is missing.
set -e
[ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || exit 0
export DEBIAN_FRONTEND=noninteractive
install="apt-get install -q -y --no-install-recommends"
apt-get update -q
$install postgresql
for folder in /usr/lib/postgresql/*; do version=${folder##*/}; done
$install "postgresql-$version-wal2json"
