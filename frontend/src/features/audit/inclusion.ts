import type { EventProofQuery } from '@/graphql/generated/graphql';

type Proof = NonNullable<NonNullable<EventProofQuery['auditEvent']>['proof']>;

const LEAF = 0;
const NODE = 1;

/**
 * Whether the path leads from the event to the root (RFC 9162, section 2.1.3.2), and the signed checkpoint names that
 * root. Null where the browser cannot compute hashes, which it does in secure contexts only.
 */
export async function isIncluded(position: string, proof: Proof): Promise<boolean | null> {
  if (!globalThis.crypto?.subtle) return null;
  const { contentHash, path, rootHash, treeSize, text } = proof;
  let [node, last] = [BigInt(position) - 1n, BigInt(treeSize) - 1n];
  if (node > last) return false;
  let hash = await hashOf(LEAF, bytes(contentHash));
  for (const sibling of path) {
    if (last === 0n) return false;
    if (node & 1n || node === last) {
      hash = await hashOf(NODE, bytes(sibling), hash);
      while (!(node & 1n) && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = await hashOf(NODE, hash, bytes(sibling));
    }
    node >>= 1n;
    last >>= 1n;
  }
  const isRoot = last === 0n && base64(hash) === rootHash;
  return isRoot && (text === null || text.includes(`\n${treeSize}\n${rootHash}\n`));
}

async function hashOf(prefix: number, ...parts: Uint8Array[]): Promise<Uint8Array> {
  const data = Uint8Array.from([prefix, ...parts.flatMap((part) => [...part])]);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data));
}

const bytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const base64 = (data: Uint8Array) => btoa(String.fromCharCode(...data));
