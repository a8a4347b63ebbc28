export function PodLogs(_: { workload: { id: string } }) {
  return null;
}
