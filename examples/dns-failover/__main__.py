"""Names, and the load balancer that follows the primary: for regions that are there already."""

import pulumi

from bicoastal import DnsRecords, EdgeZone, FailoverLoadBalancer

config = pulumi.Config()
domain = config.require("domain")
adopted = config.get("zone_id")  # a zone that is there; without it one is made
zone = EdgeZone(
    "zone",
    {
        "account_id": config.require("account_id"),
        "domain": domain,
        "plan": config.require("plan"),
        **({"zone_id": adopted} if adopted else {}),
    },
)
DnsRecords(
    "records",
    {
        "zone": zone.reference,
        "records": {
            "status": {"type": "CNAME", "name": f"status.{domain}", "content": "status.example.net"},
            "mail": {"type": "MX", "name": domain, "content": "mail.example.net"},
        },
    },
)
api = FailoverLoadBalancer(
    "api",
    {
        "zone": zone.reference,
        "hostname": f"api.{domain}",
        "regions": config.require_object("regions"),  # the preferred one first
        "monitor": config.get_object("monitor") or {},
        "notify": {"emails": config.require_object("on_call")},
    },
)
pulumi.export("name_servers", zone.name_servers)
pulumi.export("ds_record", zone.ds_record)
pulumi.export("hostname", api.hostname)
