import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { isIncluded } from './inclusion';

const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaf = (content: Buffer) => sha(Buffer.from([0]), content);
const node = (left: Buffer, right: Buffer) => sha(Buffer.from([1]), left, right);
const split = (count: number) => 2 ** (Math.ceil(Math.log2(count)) - 1);

/** The tree of RFC 6962, section 2.1, as it is defined there. */
function rootOf(contents: Buffer[]): Buffer {
  const [only] = contents;
  if (contents.length === 1 && only) return leaf(only);
  const at = split(contents.length);
  return node(rootOf(contents.slice(0, at)), rootOf(contents.slice(at)));
}

function pathTo(index: number, contents: Buffer[]): Buffer[] {
  if (contents.length === 1) return [];
  const at = split(contents.length);
  const [left, right] = [contents.slice(0, at), contents.slice(at)];
  return index < at ? [...pathTo(index, left), rootOf(right)] : [...pathTo(index - at, right), rootOf(left)];
}

function proofOf(position: number, size: number) {
  const contents = Array.from({ length: size }, (_, index) => sha(Buffer.from(`event ${index}`)));
  const rootHash = rootOf(contents).toString('base64');
  return {
    contentHash: contents[position - 1]?.toString('base64') ?? '',
    path: pathTo(position - 1, contents).map((hash) => hash.toString('base64')),
    rootHash,
    treeSize: String(size),
    text: `c2sp.org/tlog-proof@v1\n\nbinnacle\n${size}\n${rootHash}\n\nsignature\n`,
  };
}

it('every event of a log of any size is found in its tree', async () => {
  for (let size = 1; size <= 17; size += 1)
    for (let position = 1; position <= size; position += 1)
      expect(await isIncluded(String(position), proofOf(position, size)), `${position} of ${size}`).toBe(
        true,
      );
});

it.each([
  ['another position', '4', {}],
  ['another event', '3', { contentHash: proofOf(4, 7).contentHash }],
  ['a shorter path', '3', { path: proofOf(3, 7).path.slice(1) }],
  ['a longer path', '3', { path: [...proofOf(3, 7).path, proofOf(3, 7).rootHash] }],
  ['a position behind the tree', '8', {}],
  ['another root in the checkpoint', '3', { text: proofOf(3, 6).text }],
])('%s is not proved', async (_, position, changes) => {
  expect(await isIncluded(position, { ...proofOf(3, 7), ...changes })).toBe(false);
});
