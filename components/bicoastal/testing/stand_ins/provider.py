"""The protocol of a provider's plugin, served in this process."""

import contextlib
import secrets
import time
from collections.abc import Iterator, Mapping
from concurrent import futures
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc
from pulumi.runtime.rpc import UNKNOWN

from .kinds import Kind
from .store import Cloud, Refused

DEFAULTS = "__defaults"
"""Where a bridged plugin writes down which inputs it filled in itself."""


@dataclass
class StandIn(provider_pb2_grpc.ResourceProviderServicer):
    """One provider's plugin: all of the engine's questions, answered from a table and a cloud."""

    package: str
    version: str
    cloud: Cloud
    calls: list[tuple[str, str]] = field(default_factory=list)
    """What was done and to what, in order: (`create`, URN)."""

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        return plugin_pb2.PluginInfo(version=self.version)

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "Configure says what there is")

    def Attach(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.ConfigureResponse(supportsPreview=True, supports_autonaming_configuration=True)

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{request.tok}: the library asks for nothing")

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        kind = self._kind(request.type, context)
        olds, inputs = _plain(request.olds), _plain(request.news)
        filled = [name for name in kind.defaults if name not in inputs]
        inputs.update({name: kind.defaults[name] for name in filled})
        if kind.named and kind.named not in inputs:
            kept = olds.get(kind.named) if kind.named in olds.get(DEFAULTS, ()) else None
            digits = request.randomSeed.hex() or secrets.token_hex(4)
            inputs[kind.named] = kept or f"{request.name}-{digits[:7]}"
            filled.append(kind.named)
        return provider_pb2.CheckResponse(inputs=_struct({**inputs, DEFAULTS: filled}))

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        kind = self._kind(request.type, context)
        olds, news = _plain(request.old_inputs), _plain(request.news)
        changed = [name for name in {**olds, **news} if name != DEFAULTS and olds.get(name) != news.get(name)]
        replaces = [name for name in changed if any(_differs(p, name, olds, news) for p in kind.replaces)]
        of, details = provider_pb2.PropertyDiff, {}
        for name in changed:
            for path, what in _changes(name, olds, news):
                number = of.Kind.Value(f"{what}_REPLACE" if name in replaces else what)
                details[path] = of(kind=number, inputDiff=True)
        some = provider_pb2.DiffResponse.DIFF_SOME
        return provider_pb2.DiffResponse(
            changes=some if changed else provider_pb2.DiffResponse.DIFF_NONE,
            diffs=changed,
            replaces=replaces,
            detailedDiff=details,
            hasDetailedDiff=True,
            # Of what only the program wants replaced, a bridged plugin says nothing.
            deleteBeforeReplace=bool(replaces and kind.named and kind.named not in news.get(DEFAULTS, ())),
        )

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        kind, inputs = self._kind(request.type, context), _declared(request.properties)
        if request.preview:
            unknown = dict.fromkeys(kind.computed, UNKNOWN)
            return provider_pb2.CreateResponse(properties=_struct({**unknown, **inputs}))
        self.calls.append(("create", request.urn))
        time.sleep(kind.takes_s)
        with _refusing(context, request.urn):
            identifier, computed = self.cloud.make(request.type, inputs)
        it = self.cloud.keep(request.type, identifier, {**computed, **inputs})
        return provider_pb2.CreateResponse(id=it.id, properties=_struct(it.properties))

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        olds, inputs = _declared(request.olds), _declared(request.news)
        kept = {name: olds[name] for name in self._kind(request.type, context).computed if name in olds}
        if request.preview:
            return provider_pb2.UpdateResponse(properties=_struct({**kept, **inputs}))
        self.calls.append(("update", request.urn))
        it, before = self.cloud.objects[request.type, request.id], _declared(request.old_inputs)
        changed = {name for name in {**before, **inputs} if before.get(name) != inputs.get(name)}
        with _refusing(context, request.urn):
            computed = self.cloud.change(it, inputs, changed)
        it.properties = {**kept, **inputs, **computed}
        return provider_pb2.UpdateResponse(properties=_struct(it.properties))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        it = self.cloud.objects.get((request.type, request.id))
        if it is None:
            return provider_pb2.ReadResponse()
        computed = self._kind(request.type, context).computed
        filled = _plain(request.inputs).get(DEFAULTS, [])
        inputs = {name: value for name, value in it.properties.items() if name not in computed}
        return provider_pb2.ReadResponse(
            id=it.id, inputs=_struct({**inputs, DEFAULTS: filled}), properties=_struct(it.properties)
        )

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.calls.append(("delete", request.urn))
        it = self.cloud.objects.get((request.type, request.id))
        if it is not None:
            with _refusing(context, request.urn):
                self.cloud.remove(it)
            del self.cloud.objects[it.type, it.id]
        return empty_pb2.Empty()

    def _kind(self, token: str, context: grpc.ServicerContext) -> Kind:
        if token not in self.cloud.kinds:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the stand-in's table lacks the type {token}")
        return self.cloud.kinds[token]


@contextlib.contextmanager
def serve(stand_in: StandIn) -> Iterator[int]:
    """The port of loopback on which the plugin answers."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=32))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(stand_in, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(grace=None).wait()


@contextlib.contextmanager
def _refusing(context: grpc.ServicerContext, urn: str) -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{urn.rpartition('::')[2]}: {refusal}")


def _changes(name: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each value that is new, gone or another one, by its path: groups are looked into, lists are not."""
    if name not in olds or name not in news:
        yield name, "DELETE" if name in olds else "ADD"
        return
    old, new = olds[name], news[name]
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        yield name, "UPDATE"
        return
    for inner in {**old, **new}:
        if old.get(inner) != new.get(inner):
            yield from ((f"{name}.{path}", what) for path, what in _changes(inner, old, new))


def _differs(path: str, name: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Whether the values at the path, which starts at this property, are not the same."""
    head, *rest = path.split(".")
    return head == name and _at(olds.get(name), rest) != _at(news.get(name), rest)


def _at(value: Any, path: list[str]) -> Any:
    if isinstance(value, list):
        return [_at(item, path) for item in value]
    if not path or not isinstance(value, Mapping):
        return value
    return _at(value.get(path[0]), path[1:])


def _plain(struct: struct_pb2.Struct) -> dict[str, Any]:
    return dict(json_format.MessageToDict(struct))


def _declared(struct: struct_pb2.Struct) -> dict[str, Any]:
    return {name: value for name, value in _plain(struct).items() if name != DEFAULTS}


def _struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(values)
    return struct
