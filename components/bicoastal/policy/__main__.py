"""What Pulumi starts: `pulumi preview --policy-pack <this folder>`."""

from bicoastal.policy.analyzer import serve

if __name__ == "__main__":
    serve()
