"""The protocol between Pulumi's engine and a policy pack."""

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent import futures
from importlib.metadata import version
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2 as engine
from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2

from ..checks.resources import CHECKS, Check, Finding, Kind, Severity
from ..checks.resources.suppressions import FAULTS, of_project
from .verdicts import Verdicts

NAME = "bicoastal"
POLICIES: tuple[Check, ...] = (*CHECKS, *FAULTS)
SEVERITIES = {
    Severity.CRITICAL: engine.POLICY_SEVERITY_CRITICAL,
    Severity.HIGH: engine.POLICY_SEVERITY_HIGH,
    Severity.MEDIUM: engine.POLICY_SEVERITY_MEDIUM,
    Severity.LOW: engine.POLICY_SEVERITY_LOW,
}
_LARGEST_MESSAGE = 400 * 1024 * 1024
"""Bytes, as in Pulumi's own packs."""


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers the engine: a policy for each check, with its id, severity, sentence and reason."""

    def __init__(self) -> None:
        self._version = version(NAME)
        self._levels = {check.id: level_of(check) for check in POLICIES}
        self._verdicts = Verdicts("")

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=self._version)

    def GetAnalyzerInfo(self, request: Any, context: Any) -> Any:
        return engine.AnalyzerInfo(
            name=NAME, version=self._version, supportsConfig=True, policies=[_policy(it) for it in POLICIES]
        )

    def Configure(self, request: engine.ConfigureAnalyzerRequest, context: Any) -> Any:
        self._levels |= {name: own.enforcementLevel for name, own in request.policyConfig.items()}
        return empty_pb2.Empty()

    def ConfigureStack(self, request: engine.AnalyzerStackConfigureRequest, context: Any) -> Any:
        found = (of_project(folder, request.project) for folder in _where_it_was_called())
        self._verdicts = Verdicts(
            request.stack,
            next((suppressions for suppressions in found if suppressions is not None), []),
            dict(request.config),
            frozenset(request.config_secret_keys),
        )
        return engine.AnalyzerStackConfigureResponse()

    def Analyze(self, request: engine.AnalyzeRequest, context: Any) -> Any:
        return self._answer(self._verdicts.of_resource(request))

    def AnalyzeStack(self, request: engine.AnalyzeStackRequest, context: Any) -> Any:
        return self._answer(self._verdicts.of_whole(request.resources))

    def Remediate(self, request: Any, context: Any) -> Any:
        return engine.RemediateResponse()

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def _answer(self, findings: Iterable[Finding]) -> engine.AnalyzeResponse:
        levels = ((finding, self._levels[finding.check.id]) for finding in findings)
        told = [self._told(finding, level) for finding, level in levels if level != engine.DISABLED]
        return engine.AnalyzeResponse(diagnostics=told)

    def _told(self, finding: Finding, level: engine.EnforcementLevel.ValueType) -> engine.AnalyzeDiagnostic:
        return engine.AnalyzeDiagnostic(
            policyName=finding.check.id,
            policyPackName=NAME,
            policyPackVersion=self._version,
            description=_description(finding.check),
            message=str(finding.problem),
            enforcementLevel=level,
            urn=finding.resource.urn,
            severity=SEVERITIES[finding.check.severity],
        )


def level_of(check: Check) -> engine.EnforcementLevel.ValueType:
    """What a violation means, unless the pack's configuration says otherwise."""
    return engine.MANDATORY if check.severity.fails else engine.ADVISORY


def serve() -> None:
    """Answer the engine until it has no more questions."""
    pool = futures.ThreadPoolExecutor(max_workers=4)
    server = grpc.server(pool, options=[("grpc.max_receive_message_length", _LARGEST_MESSAGE)])
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        server.wait_for_termination()


def _policy(check: Check) -> engine.PolicyInfo:
    alone = check.kind is Kind.RESOURCE
    return engine.PolicyInfo(
        name=check.id,
        description=_description(check),
        enforcementLevel=level_of(check),
        policy_type=engine.POLICY_TYPE_RESOURCE if alone else engine.POLICY_TYPE_STACK,
        severity=SEVERITIES[check.severity],
    )


def _description(check: Check) -> str:
    return f"{check.sentence}. {check.reason}"


def _where_it_was_called() -> Iterator[Path]:
    """Folders of whoever started this. The engine names none, and starts a pack in the pack's own."""
    yield Path(os.environ.get("PWD", "."))
    with contextlib.suppress(OSError):  # only Linux tells of other processes in this way
        above = os.getppid()
        while above > 1:
            yield Path(f"/proc/{above}/cwd").resolve()
            status = Path(f"/proc/{above}/stat").read_text()
            above = int(status.rpartition(")")[2].split()[1])
