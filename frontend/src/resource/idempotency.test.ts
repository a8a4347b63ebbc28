import { expect, it } from 'vitest';
import { IdempotencyKeys, uuid } from './idempotency';

it('makes version 4 UUIDs', () => {
  expect(uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('a command keeps its key until it is answered', () => {
  const keys = new IdempotencyKeys();
  const first = keys.for({ replicas: 3 });
  expect(keys.for({ replicas: 3 })).toBe(first);
  expect(keys.for({ replicas: 4 })).not.toBe(first);
  keys.answered();
  expect(keys.for({ replicas: 3 })).not.toBe(first);
});
