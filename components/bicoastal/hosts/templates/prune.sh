#!/bin/bash
# Takes workers off the Swarm's list that have been down for a day: Auto Scaling's come and go, and each that
# goes would stay on it for ever. A timer runs it on every manager; the leader alone acts.
set -euo pipefail
limit_s=86400

[ "$(docker node inspect --format '{{.ManagerStatus.Leader}}' self)" = true ] || exit 0
now=$(date +%s)
docker node ls --filter role=worker --format '{{.ID}} {{.Status}}' | while read -r id status; do
  [ "$status" = Down ] || continue
  # The Swarm writes down that a node is down, and then nothing more of it.
  since=$(docker node inspect --format '{{.UpdatedAt.Unix}}' "$id")
  [ "$((now - since))" -ge "$limit_s" ] || continue
  docker node rm "$id" || true
done
