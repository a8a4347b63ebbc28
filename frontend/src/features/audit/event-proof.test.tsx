// @vitest-environment jsdom
import { webcrypto } from 'node:crypto';
import { screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { answer, show } from '@/test/render';
import { EventProof } from './event-proof';

// The only event of a log: its leaf is the root.
const contentHash = Buffer.alloc(32, 7).toString('base64');
const rootHash = Buffer.alloc(32, 9).toString('base64');
const digest = async () => {
  const leaf = Buffer.concat([Buffer.from([0]), Buffer.alloc(32, 7)]);
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', leaf)).toString('base64');
};

const proof = (root: string) => ({
  auditEvent: {
    proof: {
      treeSize: '1',
      contentHash,
      path: [],
      rootHash: root,
      text: `c2sp.org/tlog-proof@v1\n\nbinnacle\n1\n${root}\n\n— test.example/log AAAA\n— witness.example BBBB\n`,
    },
  },
});

beforeEach(() => void vi.stubGlobal('crypto', webcrypto));
afterEach(() => void vi.unstubAllGlobals());

it('a proof that this browser has checked is called so', async () => {
  answer(proof(await digest()));
  show(<EventProof position="1" />);
  expect(await screen.findByTestId('proof-badge')).toHaveTextContent(/^Proved$/);
  expect(screen.getByText(/is in the signed log of 1 events/)).toBeInTheDocument();
});

it('each step to the signed root is shown, and how to check them without this console', async () => {
  answer(proof(await digest()));
  show(<EventProof position="1" />);
  await screen.findByText('binnacle-audit verify --proof event-1.tlog-proof --key KEY');
  const steps = screen.getAllByRole('listitem').map(({ textContent }) => textContent);
  expect(steps).toEqual([
    expect.stringMatching(/^Event 1SHA-256 of its content 07070707/),
    'Path of 0 hashesleads to the root of the tree of 1 events',
    expect.stringContaining('signed by test.example/log, witness.example'),
  ]);
});

it('a proof that does not lead to the root claims nothing', async () => {
  answer(proof(rootHash));
  show(<EventProof position="1" />);
  expect(await screen.findByTestId('proof-badge')).toHaveTextContent(/^Not proved$/);
  expect(screen.queryByText(/is in the signed log|leads to the root/)).toBeNull();
});

it('where a browser cannot check it, nothing is called proved', async () => {
  vi.stubGlobal('crypto', {});
  answer(proof(await digest()));
  show(<EventProof position="1" />);
  expect(await screen.findByText(/is in the signed log of 1 events/)).toBeInTheDocument();
  expect(screen.queryByTestId('proof-badge')).toBeNull();
});

it('an event that is not sealed yet waits for its checkpoint and is proved when it has one', async () => {
  answer({ auditEvent: { proof: null } });
  show(<EventProof position="1" />);
  expect(await screen.findByTestId('proof-badge')).toHaveTextContent('waits for its checkpoint');
  answer(proof(await digest()));
  expect(await screen.findByText(/is in the signed log of 1 events/)).toBeInTheDocument();
});
