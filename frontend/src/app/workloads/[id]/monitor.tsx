export function ResourceMonitor(_: { workload: { id: string } }) {
  return null;
}
