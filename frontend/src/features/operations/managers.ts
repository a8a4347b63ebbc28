/**
 * The controllers. Without a name of its own a client gets that of its program as its field manager: the API server
 * takes the user agent up to the first slash. These are the programs of Kubernetes itself, the autoscalers of
 * kubernetes/autoscaler, and k3s, which runs all of Kubernetes in one program. Other controllers are called what they
 * are, as argocd-controller, helm-controller and prometheus-operator.
 */
const CONTROLLERS =
  /^(kubelet|kube-(apiserver|scheduler|proxy)|k3s|keda|horizontal-pod-autoscaler|cluster-autoscaler|vpa-(recommender|updater))$|(controller|controller-manager|operator)$/i;

/** Whether a person is among them, or a tool for one, as kubectl: whoever is no controller. */
export const arePeople = (managers: readonly string[]) =>
  managers.some((manager) => !CONTROLLERS.test(manager));
