"""The checks as a policy pack of Pulumi's: `pulumi preview --policy-pack <this folder>`.

It speaks the engine's protocol itself. Pulumi's own kit for packs, `pulumi-policy`, hands a policy its
secrets as plain text, so no check can tell a secret from what should be one; it reads each resource anew
for every policy, and holds its whole environment to an old protobuf.
"""
