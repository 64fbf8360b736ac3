"""Where each watcher listens on its host."""

GRAFANA = 3000
PROMETHEUS = 9090
ALERTMANAGER = 9093
ALERTMANAGER_PEERS = 9094
NODE = 9100
BLACKBOX = 9115
REDIS = 9121
LOKI = 3100
COLLECTOR = 12345
"""Of what reads logs on each host."""
CLOUDWATCH = 12346
"""Of what asks CloudWatch, on the place's overlay network."""
FIRST_POSTGRES = 9187
"""The exporter of a region's first member; the next has the next."""
JAEGER = 16686
"""Its pages and its query API."""
SPANS = 4318
"""Where Jaeger takes spans by OTLP, on the place's overlay network."""
JAEGER_METRICS = 8888
"""Jaeger's own figures, on the place's overlay network."""
JAEGER_HEALTH = 13133
"""In Jaeger's container alone."""
