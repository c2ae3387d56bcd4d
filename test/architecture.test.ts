import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rooms = ['workflows', 'activities', 'acronis', 'worker', 'client', 'engine', 'simulator', 'vault'];

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const files = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true })
    .map((name) => join(room, String(name)))
    .filter((name) => name.endsWith('.ts')),
);
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const imports = files.flatMap(importsOf);

function importsOf(from: string): Import[] {
  const statements = sources
    .get(from)!
    .matchAll(/(?:import|export)\s+(type\s+)?(\{[^}]*\}|[^'"{]*?)\s*(?:from\s*)?['"]([^'"]+)['"]/g);
  const fixed = [...statements].map(([, type, names = '', to = '']) => {
    const each =
      names.startsWith('{') &&
      names
        .slice(1, -1)
        .split(',')
        .filter((name) => name.trim() !== '');
    const typeOnly =
      type !== undefined || (each !== false && each.length > 0 && each.every((name) => /^\s*type\s/.test(name)));
    return { from, to: target(from, to), typeOnly };
  });
  const dynamic = [...sources.get(from)!.matchAll(/import\(['"]([^'"]+)['"]\)/g)];
  return [...fixed, ...dynamic.map(([, to = '']) => ({ from, to: target(from, to), typeOnly: false }))];
}

function target(from: string, to: string): string {
  return to.startsWith('.') ? relative(root, resolve(root, from, '..', to)).replace(/\.js$/, '.ts') : to;
}

const room = (path: string) => path.split('/')[0]!;
const offending = (breaks: (one: Import) => boolean) =>
  imports.filter(breaks).map(({ from, to }) => `${from} -> ${to}`);

describe('the laws of the rooms', () => {
  test('there is something to check', () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  test.each([
    ['acronis', ['acronis']],
    ['simulator', ['simulator']],
    ['engine', ['engine']],
    ['activities', ['activities', 'acronis', 'workflows']],
    ['vault', ['vault']],
    ['worker', ['worker', 'activities', 'acronis', 'workflows', 'vault']],
  ])('%s uses no other room than %j', (from, allowed) => {
    expect(
      offending((one) => room(one.from) === from && rooms.includes(room(one.to)) && !allowed.includes(room(one.to))),
    ).toEqual([]);
  });

  test('into workflows other rooms come as types only', () => {
    expect(
      offending(
        (one) =>
          room(one.from) === 'workflows' &&
          rooms.includes(room(one.to)) &&
          room(one.to) !== 'workflows' &&
          !one.typeOnly,
      ),
    ).toEqual([]);
  });

  test('only the command line starts other rooms', () => {
    const started = ['worker', 'engine', 'simulator', 'activities'];
    expect(
      offending(
        (one) => room(one.from) === 'client' && !one.from.startsWith('client/cli/') && started.includes(room(one.to)),
      ),
    ).toEqual([]);
  });

  test('the workflow bundle reaches neither zod nor a schema nor Node', () => {
    const reached = new Set<string>();
    const visit = (file: string) => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const one of imports) if (one.from === file && !one.typeOnly) visit(one.to);
    };
    visit('workflows/index.ts');
    expect(
      [...reached].filter(
        (one) => one === 'zod' || one === 'ms' || one.startsWith('node:') || one.endsWith('schema.ts'),
      ),
    ).toEqual([]);
  });

  test('only config.ts reads the environment', () => {
    const readers = [...sources].filter(([, source]) => source.includes('process.env')).map(([file]) => file);
    expect(readers.filter((file) => !file.endsWith('/config.ts'))).toEqual([]);
  });

  test('nothing is exported wholesale, and nothing is called utils', () => {
    const wholesale = [...sources].filter(([, source]) => /export \*/.test(source)).map(([file]) => file);
    const nameless = files.filter((file) => /(^|\/)(utils?|helpers?|common)(\/|\.ts$)/.test(file));
    expect([...wholesale, ...nameless]).toEqual([]);
  });
});
