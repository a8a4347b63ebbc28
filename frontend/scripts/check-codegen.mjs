// Fails when the committed types are not what ../gateway/schema.graphql and the documents give.
import { readFile } from 'node:fs/promises';
import { generate, loadContext } from '@graphql-codegen/cli';

const context = await loadContext('codegen.ts');
const outputs = await generate(context, false);
const stale = [];
for (const { filename, content } of outputs) {
  const committed = await readFile(filename, 'utf8').catch(() => '');
  if (committed !== content) stale.push(filename);
}
if (stale.length > 0) {
  console.error(`Out of date, run "npm run codegen":\n${stale.join('\n')}`);
  process.exit(1);
}
