"""A host as trials and runbooks name it."""

PART = "hosts"
AT = {"instance": "10.0.0.1:9100", "job": "node", "place": "east"}
TARGET = 'instance="10.0.0.1:9100", job="node", place="east"'
LOGIN = "A session with the host, as in docs/operations.md: `ssh deploy@0.PLACE.ENVIRONMENT`."
