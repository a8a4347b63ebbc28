import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventTypes } from './event-types';

/** The domain keeps a golden file of each type of event. */
const golden = readdirSync(new URL('../../../../domain/golden', import.meta.url));

it('every type of event of the log can be chosen and has a word', () => {
  const types = new Set(golden.map((file) => file.split('.')[0]));
  expect([...eventTypes].sort()).toEqual([...types].sort());
});
