// Says how much script the first page (the rooms) loads, gzip, and fails when it is more than the page may weigh, or
// uses texts that load later.
import { readFileSync, existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { LATER } from './texts.js';

const MOST = 150 * 1024;
const MANIFEST = '.svelte-kit/output/client/.vite/manifest.json';
const ENTRIES = ['entry/start', 'entry/app', 'nodes/0.', 'nodes/1.'];

if (!existsSync(MANIFEST)) {
  console.log('the page is not built: its size is not known');
  process.exit(0);
}
const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));
const nodes = Object.entries(manifest).filter(([, chunk]) => chunk.isEntry || chunk.isDynamicEntry);

/** The nodes of the shell's layout and of /rooms, by the modules they are made of. */
function isFirstPage([, chunk]) {
  if (ENTRIES.some((entry) => chunk.file.includes(entry))) return true;
  const source = existsSync(chunk.src ?? '') ? readFileSync(chunk.src, 'utf8') : '';
  return /routes\/\(shell\)\/\+layout\.|routes\/\(shell\)\/rooms\/\+page\./.test(source);
}

const files = new Set();
function add(name) {
  const chunk = manifest[name];
  if (!chunk || files.has(chunk.file)) return;
  if (chunk.file.endsWith('.js')) files.add(chunk.file);
  chunk.imports?.forEach(add);
}
nodes.filter(isFirstPage).forEach(([name]) => add(name));

const bytes = [...files].map((file) => gzipSync(readFileSync(`.svelte-kit/output/client/${file}`)).length);
const total = bytes.reduce((sum, size) => sum + size, 0);
console.log(
  `first page: ${(total / 1024).toFixed(1)} KB of script, gzip, in ${files.size} files (at most ${MOST / 1024} KB)`,
);
// A text that loads later must not be used by what comes first.
const late = new RegExp(`["'\`](?:${LATER.join('|')})\\.[\\w.]+["'\`]`, 'g');
const used = [...files].flatMap(
  (file) => readFileSync(`.svelte-kit/output/client/${file}`, 'utf8').match(late) ?? [],
);
if (used.length > 0) console.log(`texts that load later are used by the first page: ${used.join(', ')}`);
process.exit(total > MOST || used.length > 0 ? 1 : 0);
