"""SmellPin's stack, for the environment that is selected."""

from infra.composition import compose

compose()
