#!/bin/sh
# A backup of the store that is proved to open: backup.sh FOLDER [HOW-MANY-TO-KEEP]
#
# FEEDSVC is the program, feedsvc if unset; FEEDSVC_CONFIG names the config file. The newest ones stay, 14 if nothing is
# said; a backup that does not open is not kept, and takes no good one's place.
set -eu

folder=${1:?name a folder for the backups}
keep=${2:-14}
feedsvc=${FEEDSVC:-feedsvc}
copy=$folder/feedsvc-$(date -u +%Y-%m-%dT%H%M%SZ).db
trial=$(mktemp -d)
trap 'rm -rf "$trial"' EXIT

"$feedsvc" backup "$copy"

# Restored beside the running service, as docs/deploy.md restores it: it opens, and it serves what readers had.
cp "$copy" "$trial/restored.db"
if ! FEEDSVC_STORE__URL="sqlite:///$trial/restored.db" "$feedsvc" status --json > "$trial/status.json" ||
    ! FEEDSVC_STORE__URL="sqlite:///$trial/restored.db" "$feedsvc" feed all > "$trial/all.rss"; then
    mv "$copy" "$copy.bad"
    echo "the backup does not open; it is kept as $copy.bad" >&2
    exit 1
fi

# By name is by time. Nothing is removed but what this script made.
ls -1 "$folder" | grep -E '^feedsvc-[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z\.db$' | sort -r | tail -n "+$((keep + 1))" |
    while read -r old; do rm -- "$folder/$old"; done
echo "kept as $copy"
