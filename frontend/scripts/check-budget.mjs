// Fails when a page asks for more at its first load, shows no words without script, or the export is larger, than it may.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

const OUT = new URL('../out', import.meta.url).pathname;
const KB = 1024;
/** Of script at the first load, in KB. A page that is not named here is one with a list or an object. A form reads and writes YAML. */
const SCRIPT = { 'index.html': 300, 'workloads/new.html': 380 };
const OTHER_PAGE = 370;
/** What the first words wait for: the page itself, its styles, and the script that comes before them. */
const WORDS_AFTER = 24;
/** Of each language, before any other script: the names of the pages, and that the page is loading. */
const LEAST_WORDS = 10;
const CHUNK = 170;
const STYLES = 24;
const EVERYTHING = 2_000;

let failed = false;
const entries = await readdir(OUT, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
const pages = files.filter((file) => file.endsWith('.html')).sort();
for (const file of pages) {
  const page = relative(OUT, file);
  const html = await readFile(file, 'utf8');
  const scripts = tags(html, 'script').filter(
    ({ src, nomodule }) => src !== undefined && nomodule === undefined,
  );
  const styles = tags(html, 'link').filter(({ rel }) => rel === 'stylesheet');
  const waited = scripts.filter(({ async, defer }) => async === undefined && defer === undefined);
  const sent = (found) => total([...new Set(found)].map((path) => join(OUT, `${path.split('?')[0]}.br`)));
  report(`${page}, script`, await sent(scripts.map(({ src }) => src)), SCRIPT[page] ?? OTHER_PAGE);
  const before = [`/${page}`, ...styles.map(({ href }) => href), ...waited.map(({ src }) => src)];
  report(`${page}, until its first words`, await sent(before), WORDS_AFTER);
  for (const language of ['en', 'zh-CN']) {
    const words = wordsOf(html, language);
    if (words >= LEAST_WORDS) continue;
    failed = true;
    console.log(`OVER ${page} has ${words} words in ${language} without script, of at least ${LEAST_WORDS}`);
  }
}

const compressed = files.filter((file) => file.endsWith('.br'));
report('largest script', await largest('.js.br'), CHUNK);
report('largest sheet of styles', await largest('.css.br'), STYLES);
report('everything, compressed', await total(compressed), EVERYTHING);
if (pages.some((file) => relative(OUT, file).startsWith('components.'))) {
  failed = true;
  console.log('The page of components is for development only, and was exported.');
}
if (failed) process.exit(1);

/** The attributes of each tag of a name; one without a value has an empty one. */
function tags(html, name) {
  return [...html.matchAll(new RegExp(`<${name}\\b([^>]*)>`, 'g'))].map(([, text]) => {
    const attributes = [...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)];
    return Object.fromEntries(attributes.map(([, key, value = '']) => [key.toLowerCase(), value]));
  });
}

/** How many words of a language stand in the page. One of Chinese has two characters. */
function wordsOf(html, language) {
  const spans = [...html.matchAll(new RegExp(`<span lang="${language}">([^<]*)</span>`, 'g'))];
  const text = spans.map(([, words]) => words).join(' ');
  return language === 'en'
    ? (text.match(/[a-z]+/gi) ?? []).length
    : Math.floor((text.match(/\p{Script=Han}/gu) ?? []).length / 2);
}

async function largest(end) {
  const found = compressed.filter((file) => file.endsWith(end));
  return Math.max(...(await Promise.all(found.map((file) => total([file])))));
}

async function total(paths) {
  const sizes = await Promise.all(paths.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function report(what, bytes, limit) {
  const size = bytes / KB;
  failed ||= size > limit;
  console.log(`${size > limit ? 'OVER ' : ''}${what}: ${size.toFixed(1)} KB of ${limit} KB`);
}
