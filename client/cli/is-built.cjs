// Ends with 0 when dist/ is newer than all that it is made of. `npx tenantry` runs `npm run prepare` when it has never run
// here before: without this it would build everything once more, in silence and under a running worker.
const { existsSync, readdirSync, statSync } = require('node:fs');
const { join } = require('node:path');

const LAST_BUILT = 'dist/worker/workflow-bundle-encrypting.js';
const isSource = /\.(c?ts|tsx|css|svg)$|^(package|tsconfig)\.json$/;
const notOurs = new Set(['node_modules', 'dist', 'coverage', '.git']);

/** When the newest source in a folder was changed. Milliseconds since 1970. */
function newestIn(folder) {
  const times = readdirSync(folder, { withFileTypes: true }).map((one) => {
    const path = join(folder, one.name);
    if (one.isDirectory()) return notOurs.has(one.name) ? 0 : newestIn(path);
    return isSource.test(one.name) ? statSync(path).mtimeMs : 0;
  });
  return Math.max(0, ...times);
}

process.exitCode = existsSync(LAST_BUILT) && statSync(LAST_BUILT).mtimeMs > newestIn('.') ? 0 : 1;
