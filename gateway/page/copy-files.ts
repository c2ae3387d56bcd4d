import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// The last part of the build: puts what browsers get, and what no compiler makes, beside the compiled script.
const from = new URL('../../../gateway/page/files/', import.meta.url);
const to = new URL('./files/', import.meta.url);
mkdirSync(to, { recursive: true });
for (const name of readdirSync(from)) copyFileSync(new URL(name, from), new URL(name, to));
copyFileSync(fileURLToPath(import.meta.resolve('idiomorph/dist/idiomorph.min.js')), new URL('idiomorph.js', to));
