#!/usr/bin/env bash
# Starts metrics-server, as a process beside the cluster, behind an APIService. Promises: returns when the API is served
# (the first figures follow about 20 s later). Serves through TLS nobody verifies: good enough for one machine.
set -euo pipefail
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/lib.sh"
! part_runs metrics-server || exit 0

kc apply -f - <<YAML
apiVersion: v1
kind: Service
metadata: {name: metrics-server, namespace: kube-system}
spec: {clusterIP: None, ports: [{port: 443, targetPort: $(port metrics-server)}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: metrics-server-dev, namespace: kube-system, labels: {kubernetes.io/service-name: metrics-server}}
addressType: IPv4
endpoints: [{addresses: [$(node_address)]}]
ports: [{name: "", port: $(port metrics-server), protocol: TCP}]
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec:
  service: {name: metrics-server, namespace: kube-system}
  group: metrics.k8s.io
  version: v1beta1
  insecureSkipTLSVerify: true
  groupPriorityMinimum: 100
  versionPriority: 100
YAML
own=$PKI/metrics-server.kubeconfig
start_part metrics-server "$METRICS_BIN/metrics-server" --kubeconfig="$own" --authentication-kubeconfig="$own" --authorization-kubeconfig="$own" \
  --bind-address="$(node_address)" --secure-port="$(port metrics-server)" --cert-dir="$C/metrics-server" \
  --kubelet-insecure-tls --kubelet-preferred-address-types=InternalIP --kubelet-use-node-status-port --metric-resolution=15s
wait_for_part 60 metrics-server "the metrics API is served" kc get --raw /apis/metrics.k8s.io/v1beta1
