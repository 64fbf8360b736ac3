"""The adapter to Pulumi's SDK: with `classes` and `sentinels` the only file that touches its internals.

A run has a thread and a context of its own. All of the SDK's state lives in context variables, so a run
neither sees nor leaves anything, whatever ran before it.
"""

import asyncio
import contextlib
import contextvars
import gc
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pulumi
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime import mocks, resource, rpc, settings
from pulumi.runtime.config import set_all_config
from pulumi.runtime.proto import resource_pb2, source_pb2
from pulumi.runtime.rpc import _special_secret_sig, _special_sig_key
from pulumi.runtime.stack import Stack, run_pulumi_func

from .classes import CLASSES
from .record import Plan, Resource, Secret
from .sentinels import sentinel

STACK_TYPE = "pulumi:pulumi:Stack"

Answers = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]
"""What is known of a resource's outputs, `id` among them, from its type, name and inputs."""


def nothing_known(_token: str, _name: str, _inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Every output is a sentinel."""
    return {}


def run(
    program: Callable[[], object],
    project: str,
    stack: str,
    config: Mapping[str, str],
    secret_keys: Collection[str],
    answers: Answers,
) -> Plan:
    """Run the program to its end, and every `apply` in it. An error in either is raised unchanged."""
    outcome: list[Plan] = []
    failure: list[BaseException] = []

    def isolated() -> None:
        try:
            outcome.append(asyncio.run(_run(program, project, stack, config, secret_keys, answers)))
        except BaseException as error:  # raised again in the caller's thread
            failure.append(error)

    thread = threading.Thread(target=contextvars.Context().run, args=(isolated,), name="plan")
    with no_garbage_collection(), _without_what_is_for_an_engine():
        thread.start()
        thread.join()
    if failure:
        raise failure[0]
    return outcome[0]


@contextlib.contextmanager
def no_garbage_collection() -> Iterator[None]:
    """What a run makes lives to its end, so looking through all of it again and again finds little."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@contextlib.contextmanager
def _without_what_is_for_an_engine() -> Iterator[None]:
    """What the SDK does for an engine, and what a plan has no use for: it reads the lines of the program that
    each resource comes from, a tenth of a plan's time, with the text of every file on the way; and it looks
    for unknown values, of which there are none where sentinels stand for them."""
    traced, searched = resource._get_stack_trace, rpc.contains_unknowns
    resource._get_stack_trace = source_pb2.StackTrace
    rpc.contains_unknowns = _no_unknowns
    try:
        yield
    finally:
        resource._get_stack_trace, rpc.contains_unknowns = traced, searched


def _no_unknowns(val: Any) -> bool:  # noqa: ARG001 the SDK's own words
    return False


async def settled() -> None:
    """Every `apply` so far has run, or one has failed. The SDK's own wait, which comes after, looks through
    all that are pending each time that one is done."""
    pending = settings.SETTINGS.outputs
    while waiting := list(pending):
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_EXCEPTION)
        if any(task.cancelled() or task.exception() for task in done):
            return


async def _run(
    program: Callable[[], object],
    project: str,
    stack: str,
    config: Mapping[str, str],
    secret_keys: Collection[str],
    answers: Answers,
) -> Plan:
    loop = asyncio.get_running_loop()
    # The first error ends the run and is raised; what else came to nothing because of it is not told.
    loop.set_exception_handler(lambda _loop, _context: None)
    # Answers take no time, so that more threads would only be more memory.
    loop.set_default_executor(ThreadPoolExecutor(1))
    settings.configure(settings.Settings(project=project, stack=stack))
    monitor = _RecordingMonitor(answers)
    pulumi.runtime.set_mocks(_Unused(), project=project, stack=stack, preview=False, monitor=monitor)
    set_all_config(dict(config), list(secret_keys))
    root = settings.get_root_resource()
    assert isinstance(root, Stack)
    exported: dict[str, pulumi.Output[Any]] = {}

    async def whole() -> None:
        program()
        exported.update({name: pulumi.Output.from_input(value) for name, value in root.outputs.items()})
        await settled()

    await run_pulumi_func(whole)
    exports = {name: await _exported(output) for name, output in exported.items()}
    return Plan(monitor.resources_in_order(), exports)


async def _exported(output: pulumi.Output[Any]) -> Any:
    value = await output.future()
    return Secret(value) if await output.is_secret() else value


class _Unused(mocks.Mocks):
    """Mocks are asked for nothing: the monitor answers itself."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        raise NotImplementedError

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError


class _RecordingMonitor(mocks.MockMonitor):
    """Answers every registration with its inputs, what is known and typed sentinels, and keeps it."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(_Unused())
        self._answers = answers
        self._recorded: dict[str, Resource] = {}

    def resources_in_order(self) -> tuple[Resource, ...]:
        return tuple(self._recorded.values())

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """As an engine makes it: with the types of all that the resource is in, the stack's own apart."""
        within = parent.split("::")[2] if parent else STACK_TYPE
        return super().make_urn("", type_ if within == STACK_TYPE else f"{within}${type_}", name)

    def _alias(self, alias: Any, request: Any) -> str:
        """The URN that the resource once had: what the alias does not say is as it is now."""
        if alias.urn:
            return str(alias.urn)
        spec = alias.spec
        parent = "" if spec.noParent else spec.parentUrn or request.parent
        urn = self.make_urn(parent, spec.type or request.type, spec.name or request.name)
        stack, project, rest = urn.removeprefix("urn:pulumi:").split("::", 2)
        return f"urn:pulumi:{spec.stack or stack}::{spec.project or project}::{rest}"

    def Invoke(self, request: Any) -> Any:  # noqa: N802 the protocol's name
        raise _no_account(request.tok)

    def ReadResource(self, request: Any) -> Any:  # noqa: N802 the protocol's name
        raise _no_account(f"{request.type} {request.id}")

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 the protocol's name
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == STACK_TYPE:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        inputs = _plain(request.object)
        added, known = struct_pb2.Struct(), dict[str, Any]()
        if request.custom:
            known = {**self._answers(request.type, request.name, inputs)}
            added.update(_computed(request.type, request.name, inputs))
            added.update({name: value for name, value in known.items() if name != "id"})
        if urn in self._recorded:
            raise pulumi.RunError(f"two resources have the URN {urn}")
        self._recorded[urn] = Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            custom=request.custom,
            inputs=inputs,
            # Of long texts one copy is enough.
            outputs={**inputs, **_plain(added)} if request.custom else {},
            parent=request.parent or None,
            provider=_provider(request),
            dependencies=tuple(map(sys.intern, request.dependencies)),
            property_dependencies={
                sys.intern(name): tuple(map(sys.intern, needed.urns))
                for name, needed in request.propertyDependencies.items()
            },
            protect=request.protect,
            retain_on_delete=request.retainOnDelete,
            delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
            ignore_changes=tuple(request.ignoreChanges),
            aliases=tuple(self._alias(alias, request) for alias in request.aliases),
        )
        answer = resource_pb2.RegisterResourceResponse(
            urn=urn,
            id=known.get("id", sentinel(request.name, "id")) if request.custom else "",
            object=request.object,
        )
        answer.object.MergeFrom(added)
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 the protocol's name
        if request.urn in self._recorded:
            recorded = self._recorded[request.urn]
            self._recorded[request.urn] = replace(recorded, outputs=_plain(request.outputs))
        return empty_pb2.Empty()


def _no_account(what: str) -> pulumi.RunError:
    return pulumi.RunError(
        f"the program asks a provider for {what}: a plan has no account to ask; "
        "take the value as a setting instead"
    )


def _provider(request: Any) -> str | None:
    """The provider's URN: of a resource its own, of a component the only one that it hands down."""
    reference = request.provider or (
        next(iter(request.providers.values())) if len(request.providers) == 1 else ""
    )
    return str(reference).rpartition("::")[0] or None


def _computed(token: str, resource: str, known: Collection[str]) -> dict[str, Any]:
    """A sentinel for each output property of the class behind the token that is not known."""
    return {
        name: sentinel(resource, python_name, hint)
        for name, python_name, hint in CLASSES.properties(token)
        if name not in known
    }


def _plain(struct: struct_pb2.Struct) -> dict[str, Any]:
    value = _readable(json_format.MessageToDict(struct))
    assert isinstance(value, dict)
    return value


def _readable(value: Any) -> Any:
    """The wire's value as data: whole numbers as int, a secret as `Secret`, equal texts as one."""
    if isinstance(value, str):
        return sys.intern(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_readable(item) for item in value]
    if isinstance(value, dict):
        if value.get(_special_sig_key) == _special_secret_sig:
            return Secret(_readable(value["value"]))
        return {sys.intern(key): _readable(item) for key, item in value.items()}
    return value
