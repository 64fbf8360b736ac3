"""The API in two colours: one has the requests, the other waits for the next version."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NotRequired, TypedDict

import pulumi

from ..checks.rules import IMAGE
from ..component import Component
from ..settings import setting
from .api import Api, CommonApiArgs, CommonApiSettings
from .route import Colour


class ColourImagesArgs(TypedDict):
    """The image of each colour, pinned, where it is another than the API's."""

    blue: NotRequired[pulumi.Input[str]]
    """Of the blue service. Default: the API's image."""
    green: NotRequired[pulumi.Input[str]]
    """Of the green service. Default: the API's image."""


class BlueGreenApiArgs(CommonApiArgs):
    """What the API in two colours is made of: what one is, for each of them."""

    images: NotRequired[ColourImagesArgs]
    """Images for one colour or both that win over `image`: how a new version comes to the colour that has no
    requests. Default: both run `image`."""


@dataclass(frozen=True, kw_only=True)
class ColourImages:
    """The image of each colour, checked."""

    blue: pulumi.Input[str] | None = setting(IMAGE, default=None)
    green: pulumi.Input[str] | None = setting(IMAGE, default=None)

    def of(self, colour: Colour) -> pulumi.Input[str] | None:
        """The colour's own image, if it has one."""
        return self.blue if colour is Colour.BLUE else self.green


@dataclass(frozen=True, kw_only=True)
class BlueGreenSettings(CommonApiSettings):
    """What the API in two colours is made of, checked."""

    images: ColourImages = setting(factory=ColourImages)


class BlueGreenApi(Component[BlueGreenSettings]):
    """The API in one place as two services, `api-blue` and `api-green`, both running. Which of them is live
    is the balancer's to know, not declared here: a switch is no difference to what is declared.

    It keeps nothing.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    service_names: pulumi.Output[dict[str, str]]
    """Each colour's service in Swarm."""

    def __init__(self, name: str, args: BlueGreenApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, BlueGreenSettings)
        services = {colour.value: self._add(colour) for colour in Colour}
        self.service_names = pulumi.Output.all(
            **{colour: service.service_name for colour, service in services.items()}
        )
        self.register_outputs({"service_names": self.service_names})

    @classmethod
    def children_of(cls, settings: BlueGreenSettings) -> Sequence[str]:
        return [colour.value for colour in Colour]

    def _add(self, colour: Colour) -> Api:
        common = {field.name: getattr(self.settings, field.name) for field in fields(CommonApiSettings)}
        own_image = self.settings.images.of(colour)
        if own_image is not None:
            common["image"] = own_image
        return Api(
            self.child_name(colour.value),
            self.child_args(colour.value, {**common, "colour": colour}),
            opts=self.child_opts(colour.value),
        )
