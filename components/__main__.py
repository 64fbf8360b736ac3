"""The components for programs in other languages of Pulumi: `pulumi package add <this folder>`."""

import inspect

from pulumi.provider.experimental import component_provider_host

import bicoastal
from bicoastal.component import Component

COMPONENTS = [
    exported
    for name in bicoastal.__all__
    if inspect.isclass(exported := getattr(bicoastal, name)) and issubclass(exported, Component)
]

if __name__ == "__main__":
    component_provider_host(name="bicoastal", components=COMPONENTS)
