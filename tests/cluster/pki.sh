#!/usr/bin/env bash
# Certificates and kubeconfigs of the cluster. Promises: keys are made once and kept; each part has an identity of its own,
# so the audit log tells them apart. Kubeconfigs are rewritten at every start because the port may have changed.
set -euo pipefail
# shellcheck source=tests/cluster/lib.sh
source "$(dirname "$0")/lib.sh"
umask 077
mkdir -p "$PKI"
cd "$PKI"

if [ ! -s ca.crt ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.new -subj /CN=binnacle-dev -days 3650 \
    -addext keyUsage=critical,keyCertSign,cRLSign
  mv ca.new ca.crt
fi
[ -s service-account.key ] || openssl genrsa -out service-account.key 2048

certificate() { # name, subject, alternative names
  [ ! -s "$1.crt" ] || return 0
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -out "$1.new" -extfile <(
    printf 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=%s\n' "${3:-DNS:localhost}")
  mv "$1.new" "$1.crt"
}

kubeconfig() { # user, file
  cat >"$2.new" <<YAML
apiVersion: v1
kind: Config
clusters:
  - name: dev
    cluster: {server: "https://127.0.0.1:$(port kube-apiserver)", certificate-authority-data: $(base64 -w0 ca.crt)}
users:
  - name: $1
    user: {client-certificate-data: $(base64 -w0 "$1.crt"), client-key-data: $(base64 -w0 "$1.key")}
contexts:
  - name: dev
    context: {cluster: dev, user: $1}
current-context: dev
YAML
  mv "$2.new" "$2"
}

certificate kube-apiserver /CN=kube-apiserver "IP:127.0.0.1,IP:$SERVICE_NET.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
certificate aggregator /CN=aggregator
certificate admin /O=system:masters/CN=admin
certificate kube-controller-manager /CN=system:kube-controller-manager
certificate kube-scheduler /CN=system:kube-scheduler
certificate kubelet "/O=system:nodes/CN=system:node:$NODE"
certificate metrics-server /O=system:masters/CN=metrics-server
certificate kwok /O=system:masters/CN=kwok
for user in kube-controller-manager kube-scheduler kubelet metrics-server kwok; do
  kubeconfig "$user" "$PKI/$user.kubeconfig"
done
kubeconfig admin "$KUBECONFIG_ADMIN"
