#!/bin/bash
# Makes this machine a host of its place's Swarm. Runs at every boot, and again until it succeeds: each step
# looks first whether it is done. What it is told stands in /etc/bicoastal/host.
set -euo pipefail
umask 077
. /etc/bicoastal/host
export DEBIAN_FRONTEND=noninteractive AWS_DEFAULT_REGION=$REGION
work=/run/bicoastal
data=/var/lib/docker/volumes

fail() {
  echo "bicoastal: $*" >&2
  exit 1
}

packages() {
  dpkg-query --show "$@" > /dev/null 2>&1 && return
  apt-get -o DPkg::Lock::Timeout=300 -o APT::Update::Error-Mode=any update
  apt-get -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends "$@"
}

# The way in. Debian has no package of it; AWS offers it in each region's own bucket.
agent() {
  systemctl is-active --quiet amazon-ssm-agent && return
  local folder="https://s3.$REGION.amazonaws.com/amazon-ssm-$REGION/latest"
  curl --fail --silent --show-error --proto =https --retry 5 --output "$work/agent.deb" \
    "$folder/debian_$(dpkg --print-architecture)/amazon-ssm-agent.deb"
  dpkg --install "$work/agent.deb"
  systemctl enable --now amazon-ssm-agent
}

# The volume is formatted only if it is blank: no filesystem that blkid knows, and nothing but zeros at its
# beginning. It carries Docker's volumes alone, so a snapshot brings back data and no old Swarm.
volume() {
  [ -n "$VOLUME" ] || return 0
  local device="/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${VOLUME/-/}" known=0
  for _ in $(seq 60); do
    [ -b "$device" ] && break
    sleep 5
  done
  [ -b "$device" ] || fail "the data volume $VOLUME is not attached"
  blkid --probe "$device" > /dev/null || known=$?
  if [ "$known" = 2 ]; then
    cmp --silent --bytes=1048576 "$device" /dev/zero || fail "$VOLUME holds something that is no filesystem"
    mkfs.ext4 -q "$device"
  elif [ "$known" != 0 ]; then
    fail "it is not clear what $VOLUME holds: look with blkid --probe $device"
  fi
  (umask 022; install --directory --mode=710 /var/lib/docker && install --directory --mode=701 "$data")
  if ! grep -q " $data " /etc/fstab; then
    echo "UUID=$(blkid --probe --output value --match-tag UUID "$device") $data ext4 nofail,noatime 0 2" >> /etc/fstab
    systemctl daemon-reload
  fi
  mountpoint --quiet "$data" || mount "$data"
  resize2fs "$device"
}

# Prints the parameter, or nothing when there is none. Any other failure is not taken for "there is none".
parameter() {
  aws ssm get-parameter --name "$PARAMETERS/$1" --with-decryption --query Parameter.Value --output text \
    2> "$work/error" && return
  grep -q ParameterNotFound "$work/error" || fail "cannot read $PARAMETERS/$1: $(cat "$work/error")"
}

publish() {
  aws ssm put-parameter --name "$PARAMETERS/$1" --type "$2" --value "file://$work/value" --overwrite \
    ${KEY:+--key-id "$KEY"} > /dev/null
  rm "$work/value"
}

join() {
  local manager
  for manager in $MANAGERS; do
    [ "$manager" = "$ADDRESS" ] && continue
    timeout 60 docker swarm join --token "$1" ${ADDRESS:+--advertise-addr "$ADDRESS"} "$manager:2377" && return
  done
  fail "no manager of $SWARM takes this host. If that Swarm is gone for good, delete the parameters" \
    "$PARAMETERS/join/manager and $PARAMETERS/join/worker: then the first manager begins a new one"
}

# A first manager never begins a second Swarm while the first may live: it does so where no token was ever
# published, or where no other manager could know of one.
swarm() {
  local state token
  state=$(docker info --format '{{.Swarm.LocalNodeState}}')
  [ "$state" = active ] && return
  # Never left by itself: after a loss of power all managers wait for each other in this state.
  [ "$state" = inactive ] || fail "the Swarm is $state on this host"
  token=$(parameter "join/$ROLE")
  if [ "$NUMBER" = 0 ] && { [ -z "$token" ] || [ "$MANAGERS" = "$ADDRESS" ]; }; then
    docker swarm init --advertise-addr "$ADDRESS" --default-addr-pool "$OVERLAYS" --task-history-limit 1
  elif [ -n "$token" ]; then
    join "$token"
  else
    fail "waits: the first manager has published no token yet"
  fi
}

# What a manager does beside joining: it takes the place of the one it was before it was replaced, which
# would count in the quorum for ever, and says who it is.
manager() {
  local id name status role
  docker node update --label-add "place=$PLACE" self > /dev/null
  docker node ls --format '{{.ID}} {{.Hostname}} {{.Status}}' | while read -r id name status; do
    [ "$name" = "$(hostname)" ] && [ "$status" = Down ] || continue
    docker node demote "$id"
    docker node rm --force "$id"
  done
  if [ "$NUMBER" = 0 ]; then
    for role in manager worker; do
      printf %s "$(docker swarm join-token --quiet "$role")" > "$work/value"
      publish "join/$role" SecureString
    done
  fi
  { cloud-init query instance_id; cut -d ' ' -f 1,2 /etc/ssh/ssh_host_*_key.pub; } > "$work/value"
  KEY='' publish "hosts/$NUMBER" String
}

install --directory --mode=700 "$work"
packages awscli curl openssl unattended-upgrades
agent
volume
packages apparmor docker-cli docker.io
systemctl enable --now docker
swarm
if [ "$ROLE" = manager ]; then
  manager
fi
if [ -x /usr/libexec/bicoastal/setup ] && [ ! -e /var/lib/bicoastal-setup ]; then
  (umask 022; /usr/libexec/bicoastal/setup)
  touch /var/lib/bicoastal-setup
fi
echo "bicoastal: this is a $ROLE of $SWARM"
