"""The components for programs in other languages of Pulumi: `pulumi package add <this folder>`."""

from pulumi.provider.experimental import component_provider_host

from bicoastal.reference import components

if __name__ == "__main__":
    component_provider_host(name="bicoastal", components=list(components()))
