#!/bin/sh
# Installs Duban from this folder, without any network. Run it as root:
#
#     sh install.sh              the program: /opt/duban-VERSION, and /opt/duban as the link that is in use
#     sh install.sh --service    the same, and the systemd service with its user and the county's folder
#     sh install.sh --to FOLDER  the program in that folder alone; needs no root
#
# A later version is installed in the same way beside this one. To go back: point /opt/duban at the earlier folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
version=$(cat "$here/VERSION")
target=/opt/duban-$version link=/opt/duban service=
while [ $# -gt 0 ]; do
  case $1 in
    --service) service=yes ;;
    --to) [ $# -gt 1 ] || { echo "--to FOLDER: which folder?" >&2; exit 2; }
          target=$2 link=; shift ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift
done
[ -z "$service" ] || [ -n "$link" ] || { echo "--service needs the program in /opt/duban: leave --to out" >&2; exit 2; }
[ -z "$link" ] || [ ! -e "$link" ] || [ -L "$link" ] || {
  echo "$link is a folder of an earlier manual installation: move it away first (mv $link $link-old)" >&2; exit 2; }

(cd "$here" && sha256sum --quiet --check SHA256SUMS) || {
  echo "this folder is not as it was made: copy it anew" >&2; exit 2; }

python=
for name in python3 python3.14 python3.13 python3.12 python3.11; do
  command -v "$name" >/dev/null || continue
  found=$("$name" -c 'import sys; print("cp%d%d" % sys.version_info[:2])') || continue
  [ -d "$here/wheels/$found" ] || continue
  "$name" -c 'import venv, ensurepip, ssl' 2>/dev/null || { echo "$name lacks venv (Debian: apt install python3-venv)" >&2; continue; }
  python=$name; break
done
[ -n "$python" ] || {
  echo "no usable Python: one of$(for one in "$here"/wheels/cp*; do printf ' %s' "${one##*/}"; done) is needed (cp311 is Python 3.11)" >&2
  exit 2; }

rm -rf "$target"
"$python" -m venv "$target"
pip="$target/bin/python -m pip --disable-pip-version-check install --quiet --no-index --no-deps --find-links $here/wheels/$found"
$pip --require-hashes -r "$here/run.txt"
$pip --find-links "$here/wheels" "duban==$version"
"$target/bin/duban" --version
if [ -n "$link" ]; then
  ln -sfn "$target" "$link"
fi

if [ -n "$service" ]; then
  install -D -m 644 "$here/duban.sysusers" /usr/lib/sysusers.d/duban.conf
  install -D -m 644 "$here/duban.tmpfiles" /usr/lib/tmpfiles.d/duban.conf
  install -D -m 644 "$here/duban.service" /etc/systemd/system/duban.service
  systemd-sysusers duban.conf
  systemd-tmpfiles --create duban.conf
  [ ! -d /run/systemd/system ] || systemctl daemon-reload
  echo "next: cd /var/lib/duban && sudo -u duban $link/bin/duban init; when duban check and doctor are content: systemctl enable --now duban"
fi
