// Fails when a page asks for more script at its first load, or the export is larger, than it may.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

const OUT = new URL('../out', import.meta.url).pathname;
const KB = 1024;
const PAGES = {
  'index.html': 300,
  'workloads.html': 370,
  'sign-in.html': 370,
  'pods/_.html': 370,
  'workloads/_.html': 370,
};
const CHUNK = 170;
const EVERYTHING = 2_000;

let failed = false;
for (const [page, limit] of Object.entries(PAGES)) {
  const html = await readFile(join(OUT, page), 'utf8');
  const scripts = [...html.matchAll(/<script(?<attributes>[^>]*\ssrc="(?<src>[^"]+)"[^>]*)>/g)]
    .filter(({ groups }) => !/nomodule/i.test(groups.attributes))
    .map(({ groups }) => groups.src.split('?')[0]);
  report(
    `${page}, first load`,
    await total([...new Set(scripts)].map((src) => join(OUT, `${src}.br`))),
    limit,
  );
}

const entries = await readdir(OUT, { recursive: true, withFileTypes: true });
const compressed = entries
  .filter((entry) => entry.isFile() && entry.name.endsWith('.br'))
  .map((entry) => join(entry.parentPath, entry.name));
const sizes = await Promise.all(
  compressed.filter((file) => file.endsWith('.js.br')).map((file) => total([file])),
);
report('largest script', Math.max(...sizes), CHUNK);
report('everything, compressed', await total(compressed), EVERYTHING);
const pages = entries.filter((entry) => entry.isFile() && entry.name.startsWith('components.'));
if (pages.length > 0) {
  failed = true;
  console.log('The page of components is for development only, and was exported.');
}
if (failed) process.exit(1);

async function total(files) {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function report(what, bytes, limit) {
  const size = bytes / KB;
  failed ||= size > limit;
  console.log(`${size > limit ? 'OVER ' : ''}${what}: ${size.toFixed(1)} KB of ${limit} KB`);
}
