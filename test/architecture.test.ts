import { describe, expect, test } from '@jest/globals';
import { changeableState } from './support/module-state.js';
import { circles, importsOf, readSources, type Import } from './support/imports.js';

const rooms = [
  'contract',
  'catalogue',
  'sources',
  'sales-plans',
  'notice-routes',
  'gateway',
  'vault',
  'settings',
  'telemetry',
  'acronis',
  'artefact-store',
  'activities',
  'workflows',
  'lookups',
  'client',
  'planning',
  'worker',
  'engine',
  'simulator',
];
const { files, imports, wholesale } = readSources(rooms);

/** `cli` is the door above the room `client`; what an operation is called, gets and answers belongs to the contract. */
function room(path: string): string {
  if (path.startsWith('client/cli/')) return 'cli';
  if (/^workflows\/[^/]+\/contract\.ts$/.test(path)) return 'contract';
  return path.split('/')[0]!;
}

/** What a file loads, and all that this loads in turn. */
function reachedFrom(start: string, among: readonly Import[] = imports): string[] {
  const reached = new Set<string>();
  const visit = (file: string) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const one of among) if (one.from === file && !one.typeOnly) visit(one.to);
  };
  visit(start);
  return [...reached];
}

const isOurs = ({ to }: Import) => rooms.includes(to.split('/')[0]!);
const offending = (breaks: (one: Import) => boolean) =>
  imports.filter((one) => isOurs(one) && breaks(one)).map(({ from, to }) => `${from} -> ${to}`);

describe('the laws of the rooms', () => {
  test('the parser sees every way to import', () => {
    const text = [
      "import x, { y } from 'ms';",
      "import type { A } from './a.js';",
      "import { type B } from './b.js';",
      "export { c } from './c.js';",
      "export type { D } from './d.js';",
      "const e = await import('./e.js');",
    ].join('\n');

    expect(importsOf('workflows/x.ts', text).map(({ to, typeOnly, dynamic }) => [to, typeOnly, dynamic])).toEqual([
      ['ms', false, false],
      ['workflows/a.ts', true, false],
      ['workflows/b.ts', false, false],
      ['workflows/c.ts', false, false],
      ['workflows/d.ts', true, false],
      ['workflows/e.ts', false, true],
    ]);
    expect(imports.length).toBeGreaterThan(1000);
  });

  test.each([
    ['contract', []],
    ['simulator', []],
    ['engine', ['settings']],
    ['vault', ['contract']],
    ['settings', ['contract', 'vault']],
    ['telemetry', ['settings']],
    ['catalogue', ['contract']],
    ['sources', ['contract', 'catalogue']],
    ['sales-plans', ['contract', 'catalogue']],
    ['notice-routes', ['contract', 'catalogue']],
    ['gateway', ['contract', 'catalogue', 'sources', 'vault', 'settings', 'telemetry', 'client']],
    ['acronis', ['contract']],
    ['artefact-store', ['contract', 'settings']],
    ['activities', ['contract', 'catalogue', 'vault', 'acronis']],
    ['workflows', ['contract', 'activities']],
    ['lookups', ['contract', 'catalogue', 'acronis']],
    ['client', ['contract', 'catalogue', 'vault', 'settings']],
    ['planning', ['contract', 'catalogue', 'vault', 'settings', 'acronis', 'activities', 'workflows', 'client']],
    [
      'worker',
      [
        'contract',
        'catalogue',
        'sources',
        'sales-plans',
        'notice-routes',
        'vault',
        'settings',
        'telemetry',
        'acronis',
        'artefact-store',
        'activities',
        'workflows',
        'planning',
        'lookups',
      ],
    ],
  ])('%s uses no other room than %j', (from, allowed) => {
    expect(
      offending((one) => room(one.from) === from && room(one.to) !== from && !allowed.includes(room(one.to))),
    ).toEqual([]);
  });

  test('into workflows other rooms come as types only, but for the contract', () => {
    expect(
      offending(
        (one) => room(one.from) === 'workflows' && !['workflows', 'contract'].includes(room(one.to)) && !one.typeOnly,
      ),
    ).toEqual([]);
  });

  test('the command line is the only door that starts other rooms, and no room depends on it', () => {
    expect(offending((one) => room(one.to) === 'cli' && room(one.from) !== 'cli')).toEqual([]);
    expect(
      offending(
        (one) => room(one.from) === 'cli' && ['worker', 'activities', 'gateway'].includes(room(one.to)) && !one.dynamic,
      ),
    ).toEqual([]);
  });

  test('no files import each other in a circle', () => {
    expect(circles(imports.filter(isOurs))).toEqual([]);
  });

  test('the workflow bundle reaches nothing but workflows, the contract, Temporal and what Temporal bundles itself', () => {
    const allowed = (one: string) =>
      ['workflows', 'contract'].includes(room(one)) || one.startsWith('@temporalio/') || one === 'ms';
    expect(reachedFrom('workflows/index.ts').filter((one) => !allowed(one))).toEqual([]);
  });

  test('the command line itself loads little: each command loads what it needs', () => {
    const eager = imports.filter(({ dynamic }) => !dynamic);
    const packages = reachedFrom('client/cli/main.ts', eager).filter(
      (one) => !one.endsWith('.ts') && !one.startsWith('node:'),
    );

    expect(packages.toSorted()).toEqual(['commander']);
  });

  test('every client of Temporal can read and ask all runs', () => {
    const without = [...files].filter(
      ([file, own]) =>
        room(file) !== 'test' &&
        (own.match(/new Client\(/g)?.length ?? 0) !== (own.match(/\.\.\.clientOptions\(/g)?.length ?? 0),
    );
    expect(without.map(([file]) => file)).toEqual([]);
  });

  test('modules that all runs of a worker share keep nothing that can change', () => {
    const text =
      'let a = 1; export let b; const c = new Map(); const d: string[] = []; const e: ReadonlySet<string> = new Set();';
    expect(changeableState('workflows/x.ts', text)).toEqual(['a', 'b', 'c', 'd']);
    const shared = [...files].filter(([file]) => ['workflows', 'contract'].includes(room(file)));
    expect(shared.flatMap(([file, own]) => changeableState(file, own).map((name) => `${file}: ${name}`))).toEqual([]);
  });

  test('only the command line puts shell commands into words', () => {
    const shell = /\btenantry [a-z]|(^|[\s"'`])--[a-z]/m;
    expect(
      [...files].filter(([file, text]) => room(file) === 'client' && shell.test(text)).map(([file]) => file),
    ).toEqual([]);
  });

  test('the command line prints in one place, which escapes what could steer a terminal', () => {
    const writes = /std(out|err)\.write|stream\.write|console\./;
    const printers = [...files].filter(([file, text]) => room(file) === 'cli' && writes.test(text));
    expect(printers.map(([file]) => file)).toEqual(['client/cli/output.ts']);
  });

  test('only settings read the environment', () => {
    const readers = [...files].filter(([, text]) => text.includes('process.env')).map(([file]) => file);
    expect(readers.filter((file) => room(file) !== 'settings')).toEqual([]);
  });

  test('nothing is exported wholesale, and nothing is called utils', () => {
    const nameless = [...files.keys()].filter((file) => /(^|\/)(utils?|helpers?|common|shared)(\/|\.ts$)/.test(file));
    expect([...wholesale, ...nameless]).toEqual([]);
  });
});
