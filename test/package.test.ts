import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';

interface Tarball {
  size: number;
  unpackedSize: number;
  files: { path: string; mode: number }[];
}

const MEGABYTE = 1_000_000;
const root = fileURLToPath(new URL('../../', import.meta.url));
let tarball: Tarball;
let paths: string[];

beforeAll(() => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const printed = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' })) as Tarball[];
  // npm 11 gives a list, and later ones an object by name
  tarball = Object.values(printed)[0]!;
  paths = tarball.files.map(({ path }) => path);
});

test('the package holds what runs, and examples and documents for people', () => {
  expect(paths).toEqual(
    expect.arrayContaining([
      'package.json',
      'LICENSE',
      'README.md',
      'dist/client/cli/main.js',
      'dist/engine/guard.js',
      'dist/gateway/page/files/style.css',
      'dist/gateway/page/files/live.js',
      'dist/worker/workflow-bundle.js',
      'dist/worker/workflow-bundle-encrypting.js',
      'examples/provisionCustomer.json',
      'examples/first-sale/event.json',
      'docs/settings.md',
    ]),
  );
  expect(tarball.files.find(({ path }) => path === 'dist/client/cli/main.js')!.mode & 0o111).not.toBe(0);
});

test('the package holds no tests, no benchmarks, no sources and no settings', () => {
  const others = /^dist\/(test|bench)\/|\.map$|\.tsx?$|(^|\/)\.|\.db$|^(test|bench|deploy|artefacts)\//;

  expect(paths.filter((path) => others.test(path))).toEqual([]);
});

test('whatever the package imports from itself is in it', () => {
  const packed = new Set(paths);
  const missing = paths
    .filter((path) => /^dist\/.*\.js$/.test(path) && !path.includes('bundle'))
    .flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const imports = [...text.matchAll(/(?:from |import\()['"](\.{1,2}\/[^'"]+)['"]/g)];
      return imports.map(([, to]) => join(path, '..', to!)).filter((to) => !packed.has(to));
    });

  expect(missing).toEqual([]);
});

test('the package stays small', () => {
  expect(tarball.size).toBeLessThan(4 * MEGABYTE);
  expect(tarball.unpackedSize).toBeLessThan(16 * MEGABYTE);
});
