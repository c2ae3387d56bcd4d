import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { program } from '../client/cli/program.js';
import { catalogue } from '../workflows/catalogue.js';
import { AMENDMENT_REFUSED, DECISION_REFUSED } from '../workflows/shared/decisions.js';
import { FailureType } from '../workflows/shared/failures.js';
import { NOT_TOLD } from '../workflows/shared/notice.js';

const read = (name: string) => readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');
const packageJson = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;

describe.each(Object.values(catalogue))('$name', ({ name, read: readInput, schema }) => {
  test('its example is a valid input', () => {
    expect(readInput(JSON.parse(read(`examples/${name}.json`)))).toMatchObject({ ok: true });
  });

  test('it has a page', () => {
    expect(read(`docs/operations/${name}.md`)).toContain(`# ${name}`);
  });

  test('its published schema is the one it reads by', () => {
    expect(JSON.parse(read(`docs/schemas/${name}.json`))).toEqual(
      JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))),
    );
  });
});

test('every dependency has its reason, and no other is named', () => {
  const named = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
  const used = [...Object.keys(packageJson.dependencies), ...Object.keys(packageJson.devDependencies)];
  expect(new Set(named)).toEqual(new Set(used));
});

test("Temporal's packages have one exact version", () => {
  const all = Object.entries({ ...packageJson.dependencies, ...packageJson.devDependencies });
  const versions = new Set(all.filter(([name]) => name.startsWith('@temporalio/')).map(([, version]) => version));
  expect([...versions]).toEqual(['1.24.0']);
});

test('the README gives the two commands and every command it shows exists', () => {
  const readme = read('README.md');
  expect(readme).toContain('npm ci && npm run demo');
  expect(readme).toContain('npm ci && npm test');
  const shown = new Set([...readme.matchAll(/(?:npx |`)tenantry (\w+)/g)].map(([, command]) => command));
  const known = program(() => undefined).commands.map((command) => command.name());
  expect(known).toEqual(expect.arrayContaining([...shown]));
});

test('the lockfile carries no addresses', () => {
  expect(read('package-lock.json')).not.toContain('"resolved"');
});

test('decisions are numbered without gaps', () => {
  const folder = fileURLToPath(new URL('../../docs/decisions/', import.meta.url));
  const numbers = readdirSync(folder).map((name) => Number(name.slice(0, 4)));
  expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_number, at) => at + 1));
});

describe('the failures', () => {
  const rows = [...read('docs/failures.md').matchAll(/^\| `([\w.]+)` (.*)\|$/gm)];

  test('of the code have a row each, and no other has one', () => {
    const types = [...Object.values(FailureType), DECISION_REFUSED, AMENDMENT_REFUSED, NOT_TOLD];
    expect(rows).toHaveLength(types.length);
    expect(new Set(rows.map(([, type]) => type))).toEqual(new Set<unknown>(types));
  });

  test.each(rows.map(([, type, cells]) => [type, cells]))('%s has a meaning, a cause and a remedy', (_type, cells) => {
    const words = cells!.split('|').map((cell) => cell.trim().length);
    expect(words.filter((length) => length > 10)).toHaveLength(3);
  });
});

describe('the invariants', () => {
  const rows = read('docs/invariants.md')
    .split('\n')
    .filter((line) => /^\| (?!always|-)/.test(line))
    .map((row) => [row.split('|')[1]!.trim(), row] as const);

  test.each(rows)('%s', (_always, row) => {
    const named = [...row.matchAll(/`(test\/[^`]+)` "([^"]+)"/g)].map(([, file, title]) => ({
      file: file!,
      title: title!,
    }));
    expect(named.length > 0 || row.includes('people, in review')).toBe(true);
    expect(named.filter(({ file, title }) => !read(file).includes(title))).toEqual([]);
  });
});
