// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import type { PostResult } from '@/graphql/post';
import { show } from '@/test/render';
import { CsvExport, type CsvSpec } from './csv-export';
import type { Page } from './read-all';

type Answer = PostResult<Page<string>>;
const args = { filter: {}, first: 2 };
let answers: ((answer: Answer) => void)[];
let saved: Blob[];

const spec: CsvSpec<string, typeof args> = {
  columns: () => [{ heading: 'Name', value: (row) => row }],
  readPage: () => new Promise((resolve) => answers.push(resolve)),
};
const page = (nodes: string[], endCursor: string | null): Answer => ({
  data: { nodes, pageInfo: { hasNextPage: endCursor !== null, endCursor }, totalCount: 3 },
});

beforeEach(() => {
  answers = [];
  saved = [];
  URL.createObjectURL = (blob) => {
    saved.push(blob as Blob);
    return 'blob:x';
  };
  URL.revokeObjectURL = () => {};
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
});

async function open() {
  show(<CsvExport name="thing" spec={spec} args={args} />);
  await userEvent.click(screen.getByTestId('thing-csv'));
}

it('the whole result is saved, and its progress is said', async () => {
  await open();
  expect(screen.getByRole('status')).toHaveTextContent('0 of ? rows');
  answers[0]?.(page(['a', '=b'], '1'));
  await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent('2 of 3 rows'));
  answers[1]?.(page(['c'], null));
  await waitFor(() => expect(saved).toHaveLength(1));
  const text = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsText(saved[0] as Blob);
  });
  expect(text).toBe(`Name\r\na\r\n"'=b"\r\nc\r\n`);
  expect(screen.getByTestId('thing-csv')).toBeInTheDocument();
});

it('it can be cancelled, and nothing is saved', async () => {
  await open();
  await userEvent.click(screen.getByTestId('thing-csv-cancel'));
  answers[0]?.(page(['a'], null));
  await waitFor(() => expect(screen.getByTestId('thing-csv')).toBeInTheDocument());
  expect([answers.length, saved.length]).toEqual([1, 0]);
});

it('why there is no file is said, and it can be tried again', async () => {
  await open();
  answers[0]?.({ error: { code: 'UNAVAILABLE', message: 'HTTP 502' } });
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'No file was saved. The server is not available. Try again in a moment. HTTP 502',
  );
  await userEvent.click(screen.getByTestId('thing-csv'));
  expect(screen.queryByRole('alert')).toBeNull();
});
