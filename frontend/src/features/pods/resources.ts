/** What a container requests of a resource, and may use at most; null where it does not say. */
export interface ContainerResources {
  cpu: [string | null, string | null];
  memory: [string | null, string | null];
}

type Json = Record<string, unknown>;

/** The requests and limits of each container in a workload's manifest. */
export function resourcesOf(manifest: unknown): Record<string, ContainerResources> {
  const spec = at(manifest, 'spec');
  const pods = at(spec, 'template') ?? at(at(at(spec, 'jobTemplate'), 'spec'), 'template');
  const containers = ['initContainers', 'containers'].flatMap((list) => {
    const found = at(at(pods, 'spec'), list);
    return Array.isArray(found) ? found : [];
  });
  return Object.fromEntries(
    containers.map((container) => {
      const of = (kind: string, what: string) => text(at(at(at(container, 'resources'), kind), what));
      const both = (what: string): [string | null, string | null] => [
        of('requests', what),
        of('limits', what),
      ];
      return [String(at(container, 'name')), { cpu: both('cpu'), memory: both('memory') }];
    }),
  );
}

function at(value: unknown, key: string): unknown {
  return value && typeof value === 'object' ? (value as Json)[key] : undefined;
}

function text(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
