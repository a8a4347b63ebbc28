# The versions of everything the cluster is built from. The go.mod folders below go/ pin the same ones.
# shellcheck shell=bash disable=SC2034

KUBERNETES_VERSION=1.35.4
ETCD_VERSION=3.6.16
METRICS_SERVER_VERSION=0.9.0
KWOK_VERSION=0.7.0
