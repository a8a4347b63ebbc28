// After `next build`: what the gateway needs beside the pages. The list of routes, the hashes of the inline scripts
// for a strict Content-Security-Policy, and a brotli copy of each file worth compressing.
import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const OUT = new URL('../out', import.meta.url).pathname;
const COMPRESSIBLE = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt']);
const compress = promisify(brotliCompress);

await copyFile(new URL('../routes.json', import.meta.url), join(OUT, 'routes.json'));

const hashes = {};
for (const file of await files('.html')) {
  const html = await readFile(file, 'utf8');
  hashes[relative(OUT, file)] = inlineScripts(html).map(
    (script) => `sha256-${createHash('sha256').update(script).digest('base64')}`,
  );
}
await writeFile(join(OUT, 'inline-script-hashes.json'), `${JSON.stringify(hashes, null, 2)}\n`);

for (const file of await files()) {
  if (!COMPRESSIBLE.has(extname(file))) continue;
  const content = await readFile(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await writeFile(`${file}.br`, await compress(content, { params }));
}

async function files(extension = '') {
  const entries = await readdir(OUT, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension) && !entry.name.endsWith('.br'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function inlineScripts(html) {
  return [...html.matchAll(/<script(?<attributes>[^>]*)>(?<body>[\s\S]*?)<\/script>/g)]
    .filter(({ groups }) => !/\ssrc=/.test(groups.attributes) && groups.body !== '')
    .map(({ groups }) => groups.body);
}
