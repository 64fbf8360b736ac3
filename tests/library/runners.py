"""A runner among stand-ins for AWS' programs and ssh."""

import json
import os
import sys
import time

from bicoastal.hosts.verdict import REMEMBERED_S

PARAMETERS = "/bicoastal/production/east"
PROXY = (
    "import sys; from bicoastal.hosts import ssh_proxy; ssh_proxy.PROBE_LIMIT_S = {limit_s}; "
    "ssh_proxy.open_session(*sys.argv[1:], lambda text: print(text, file=sys.stderr))"
)
WAY = ("--region", "us-east-1", "--parameters", PARAMETERS, "--user", "deploy")
SWARM = "east.production"


def published(*managers):
    entries = [
        {
            "Name": f"{PARAMETERS}/hosts/{number}",
            "Value": f"i-{number}\nssh-ed25519 KEY{number}\nssh-rsa RSA{number}\n",
        }
        for number in managers
    ]
    return json.dumps({"Parameters": entries})


def states(**by_instance):
    entries = [
        {"InstanceId": key.replace("_", "-"), "PingStatus": state} for key, state in by_instance.items()
    ]
    return json.dumps({"InstanceInformationList": entries})


ALL_ONLINE = states(i_0="Online", i_1="Online", i_2="Online")


def equip(programs):
    programs.answer("ssh-keygen", 'echo PRIVATE > "${@: -1}"; echo "ssh-ed25519 OURS" > "${@: -1}.pub"')
    aws(programs)
    engines(programs)
    return programs


def engines(programs, **broken):
    """What ssh finds: all engines answer as managers, but for those of these numbers (`_0="exit 1"`)."""
    cases = "".join(f"*{number[1:]}.{SWARM}*) {body};; " for number, body in broken.items())
    programs.answer("ssh", f'case "$*" in {cases} *) echo id-of-a-node;; esac')


def aws(programs, managers=None, online=ALL_ONLINE, refused=""):
    """AWS' command: these managers have published themselves, these are online, one refuses the key."""
    programs.answer(
        "aws",
        f"""case "$*" in
          *get-parameters-by-path*) echo '{managers or published(0, 1, 2)}';;
          *describe-instance-information*) echo '{online}';;
          *send-ssh-public-key*--instance-id\\ {refused or "none"}*) echo "AccessDenied" >&2; exit 254;;
          *send-ssh-public-key*) echo '{{"Success": true}}';;
          *start-session*) echo "SSH-2.0-host";;
        esac""",
    )


def connect(runner, target=SWARM, limit_s=30):
    """What ssh starts, without the command's own start: this process would become the session."""
    return runner.run(
        sys.executable, "-c", PROXY.format(limit_s=limit_s), target, "us-east-1", PARAMETERS, "deploy"
    )


def forget(runner):
    """Let the time pass in which a look is remembered."""
    past = time.time() - REMEMBERED_S
    os.utime(runner.home / ".ssh" / "bicoastal" / f"healthy-{SWARM}", (past, past))
