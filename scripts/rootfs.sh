#!/usr/bin/env bash
# Lays out the root file system of the image: the binary, the libraries that it links, root certificates, one user, and
# the licences of all of these. Takes the libraries of this machine, a Debian.
# usage: scripts/rootfs.sh BINARY LICENCES FOLDER
set -euo pipefail

binary="$1" licences="$2" root="$3"
# The user of the image has no name on the host, and a number for runAsNonRoot.
uid=65532

fail() {
    echo "rootfs: $*" >&2
    exit 1
}
[[ -x "$binary" ]] || fail "there is no program $binary"
[[ ! -e "$root" ]] || fail "$root exists"

documents="$root/usr/share/doc"
install -d "$root"/{etc/ssl/certs,usr/local/bin,var/lib} "$documents"

copy() { # FILE: keeps its path, and brings the copyright of its package
    local file="$1" package
    install -D -m "$(stat -L -c %a "$file")" "$file" "$root$file"
    package="$(dpkg -S "$(realpath "$file")" "$file" 2>/dev/null | head -1 | cut -d: -f1)" || true
    [[ -z "$package" ]] || install -D -m 644 "/usr/share/doc/$package/copyright" "$documents/$package/copyright"
}

install -m 755 "$binary" "$root/usr/local/bin/starwars-api"
install -D -m 644 -t "$documents/starwars-api" "$licences"/*
# `ldd` writes the path of a library behind `=>`, and that of the loader at the beginning of its line.
ldd "$binary" | awk '$2 == "=>" { print $3 } $1 ~ /^\// { print $1 }' | while read -r file; do copy "$file"; done
[[ -e /etc/ssl/certs/ca-certificates.crt ]] || fail "there are no root certificates; install ca-certificates"
copy /etc/ssl/certs/ca-certificates.crt
install -D -m 644 /usr/share/doc/ca-certificates/copyright "$documents/ca-certificates/copyright"

echo "starwars:x:$uid:$uid::/var/lib/starwars-api:/sbin/nologin" >"$root/etc/passwd"
echo "starwars:x:$uid:" >"$root/etc/group"
echo "hosts: files dns" >"$root/etc/nsswitch.conf"
# The working directory: what a service with SQLite writes, and the place of a profile's file.
install -d -m 750 -o "$uid" -g "$uid" "$root/var/lib/starwars-api"
