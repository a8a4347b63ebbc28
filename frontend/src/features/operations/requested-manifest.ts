import type { RequestedManifestQuery } from '@/graphql/generated/graphql';

/** What an operation was to create, and where. */
export interface RequestedManifest {
  cluster: string | null;
  manifest: object;
}

/** What the server sends in the place of a value that it cannot or may not show. */
const HIDDEN = /"<(?:forgotten|redacted)\b/;

/** The manifest that an operation requested; null where it requested none, or where parts of it cannot be read any more. */
export function requestedManifest({ auditEvents }: RequestedManifestQuery): RequestedManifest | null {
  const [event] = auditEvents.nodes;
  const { intent } = (event?.payload ?? {}) as { intent?: { CreateWorkload?: unknown } };
  const { manifest } = (intent?.CreateWorkload ?? {}) as { manifest?: unknown };
  // A placeholder that is sent back would be created as it stands.
  if (!manifest || typeof manifest !== 'object' || HIDDEN.test(JSON.stringify(manifest))) return null;
  return { cluster: event?.cluster ?? null, manifest };
}
