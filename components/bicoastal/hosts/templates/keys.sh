#!/bin/bash
# sshd asks it for the keys of user $1: those that EC2 Instance Connect holds at this moment. Each is signed
# for this instance by the region's signer and is valid for 60 s. Whatever is not in order yields no key.
set -euo pipefail
umask 077
work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT
cd "$work"

metadata=http://169.254.169.254/latest
token=$(curl --silent --fail --max-time 1 --request PUT \
  --header 'X-aws-ec2-metadata-token-ttl-seconds: 30' "$metadata/api/token")
get() {
  curl --silent --fail --max-time 1 --header "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/$1"
}

get "managed-ssh-keys/active-keys/$1/" > keys || exit 0
get managed-ssh-keys/signer-cert/ > chain
instance=$(get instance-id)
signer="managed-ssh-signer.$(get placement/region).$(get services/domain)"
named=$(openssl x509 -in chain -noout -subject -nameopt multiline | sed -n 's/^ *commonName *= *//p')
[ "$named" = "$signer" ]
openssl verify -untrusted chain chain > /dev/null
openssl x509 -in chain -noout -pubkey > signer

# A block is its header (#Name=value), the key and the signature of both; an empty line ends it.
awk -v RS= '{ print > ("block-" NR) }' keys
for block in block-*; do
  sed '/^[^#]/q' "$block" > signed
  sed '1,/^[^#]/d' "$block" | base64 --decode > signature || continue
  [ "$(sed -n 's/^#Instance=//p' signed)" = "$instance" ] || continue
  [ "$(sed -n 's/^#Timestamp=\([0-9]*\)$/\1/p' signed)" -gt "$(date +%s)" ] || continue
  openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 \
    -verify signer -signature signature signed > /dev/null || continue
  tail --lines=1 signed
done
