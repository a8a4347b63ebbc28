import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { countDocument } from './counts';
import { MOST_VIEWS } from './view';

const schema = buildSchema(
  readFileSync(new URL('../../../../gateway/schema.graphql', import.meta.url), 'utf8'),
);
/** As the server has it: `ROOT_FIELDS`. */
const MOST_FIELDS = 25;

it.each([
  ['workloads', 'WorkloadFilter'],
  ['pods', 'PodFilter'],
  ['objects', 'ObjectFilter'],
])('the server knows the request that counts %s', (field, filter) => {
  const document = parse(countDocument({ field, filter }, 3).toString());
  expect(validate(schema, document)).toEqual([]);
});

it('one request counts the built-in views and as many as a person may have', () => {
  const text = countDocument({ field: 'pods', filter: 'PodFilter' }, MOST_VIEWS + 2).toString();
  expect(text.match(/pods\(/g)).toHaveLength(MOST_VIEWS + 2);
  expect(MOST_VIEWS + 2).toBeLessThanOrEqual(MOST_FIELDS);
});
