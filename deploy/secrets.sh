#!/usr/bin/env bash
# Makes the secrets of a new installation: a folder for STARWARS_SECRETS_DIR, with a file for each key, and beside it what
# PostgreSQL and Redis need: their passwords, and the accounts of Redis. What exists is kept, so a URL of your own can be put
# there first, and it can be run again.
# usage: SMTP_URL=smtps://user:password@mail.example.org deploy/secrets.sh FOLDER
#        POSTGRES=host:port says where that server is; without, it is that of deploy/compose.yaml.
set -euo pipefail

folder="${1:?usage: SMTP_URL=smtps://… deploy/secrets.sh FOLDER}"
keys="$folder/starwars"

# The folder is closed to others. The files are not: a container reads them as a user that this machine does not know.
install -d -m 700 "$folder"
install -d -m 755 "$keys"

make() { # FILE TEXT
    [[ -s "$1" ]] && return
    printf '%s\n' "$2" >"$1"
    chmod 444 "$1"
    echo "made $1"
}

random() {
    head -c 36 /dev/urandom | base64 | tr '+/' '-_'
}

for kind in access refresh email password; do
    make "$keys/tokens.$kind.secrets" "$(random)"
done
make "$folder/postgres_password" "$(random)"
make "$keys/redis.password" "$(random)"
make "$keys/database.url" "postgres://starwars:$(<"$folder/postgres_password")@${POSTGRES:-postgres:5432}/starwars"
if [[ ! -s "$keys/mail.smtp_url" ]]; then
    make "$keys/mail.smtp_url" "${SMTP_URL:?give the mail server: SMTP_URL=smtps://user:password@mail.example.org}"
fi
# The account of the service in Redis, as docs/operating.md has it; the one without a name may do nothing.
make "$folder/redis.acl" "user default off
user starwars on >$(<"$keys/redis.password") ~starwars:* +ping +hello +select +info +get +mget +set +del +watch +unwatch +multi +exec +evalsha +script|load +time +xadd +xrange +role"
