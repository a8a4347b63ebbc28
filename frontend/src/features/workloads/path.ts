export function workloadPath(id: string, tab?: string): string {
  const path = `/workloads/${encodeURIComponent(id)}`;
  return tab ? `${path}?tab=${tab}` : path;
}
