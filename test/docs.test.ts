import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { program } from '../client/cli/program.js';
import { catalogue, inputSchema } from '../catalogue/index.js';
import { outgoingSchemas } from '../catalogue/outgoing-events.js';
import { outgoingFileSchema } from '../catalogue/outgoing-file.js';
import { workflowId } from '../contract/ids.js';
import { AMENDMENT_REFUSED, DECISION_REFUSED } from '../contract/decisions.js';
import { FailureType } from '../contract/failures.js';
import { problemTypes } from '../gateway/api/problem.js';
import { NOTICE_NOT_SENT } from '../contract/notices.js';
import { noticesSchema } from '../notice-routes/notices-file.js';
import { EVENT_NOT_DELIVERED } from '../contract/outgoing-events.js';
import { plansSchema } from '../sales-plans/plans-file.js';
import { sourcesSchema } from '../sources/sources-file.js';
import { settingNames } from '../settings/names.js';
import { settingsPage } from '../settings/page.js';
import { stepsInCodeOf } from './support/steps-of-operations.js';

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
    expect(JSON.parse(read(`docs/schemas/${name}.json`))).toEqual(JSON.parse(JSON.stringify(inputSchema({ schema }))));
  });
});

test('the published schema of plans.json is the one it is read by', () => {
  expect(JSON.parse(read('docs/schemas/plans.json'))).toEqual(JSON.parse(JSON.stringify(plansSchema())));
});

test('the published schema of notices.json is the one it is read by', () => {
  expect(JSON.parse(read('docs/schemas/notices.json'))).toEqual(JSON.parse(JSON.stringify(noticesSchema())));
});

test('the published schema of sources.json is the one it is read by', () => {
  expect(JSON.parse(read('docs/schemas/sources.json'))).toEqual(JSON.parse(JSON.stringify(sourcesSchema())));
});

test('the published schema of outgoing.json is the one it is read by', () => {
  expect(JSON.parse(read('docs/schemas/outgoing.json'))).toEqual(JSON.parse(JSON.stringify(outgoingFileSchema())));
});

test.each(outgoingSchemas())(
  'the published schema of %s is the one of the events, and the page explains it',
  (type, schema) => {
    expect(JSON.parse(read(`docs/schemas/events/${type}.json`))).toEqual(JSON.parse(JSON.stringify(schema)));
    expect(read('docs/outgoing-events.md')).toContain(`| \`${type}\``);
  },
);

test.each([
  ['plans.json', plansSchema],
  ['sources.json', sourcesSchema],
  ['notices.json', noticesSchema],
  ['outgoing.json', outgoingFileSchema],
])('the example of %s is valid by its published schema', (file, schema) => {
  const published = z.fromJSONSchema(schema() as z.core.JSONSchema.JSONSchema);
  expect(published.safeParse(JSON.parse(read(`examples/${file}`)))).toMatchObject({ success: true });
  expect(published.safeParse({ any: { colour: 'red' } })).toMatchObject({ success: false });
});

test('docs/settings.md is what the schemas say: "npm run schemas" writes it', () => {
  expect(read('docs/settings.md')).toBe(settingsPage());
});

test('.env.example names only settings that exist, and two of the compose file', () => {
  const named = [...read('.env.example').matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name!);
  const known = new Set([...settingNames(), 'POSTGRES_PASSWORD', 'COMPOSE_PROFILES']);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
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

test('the README gives the two commands and every command it shows exists', async () => {
  const readme = read('README.md');
  expect(readme).toContain('npm ci && npm run demo');
  expect(readme).toContain('npm ci && npm test');
  const shown = new Set([...readme.matchAll(/(?:npx |`)tenantry (\w+)/g)].map(([, command]) => command));
  const known = (await program(() => undefined)).commands.map((command) => command.name());
  expect(known).toEqual(expect.arrayContaining([...shown]));
});

test('what security.md says of a workflow id is so: the name of an API client stands in it', () => {
  const example = JSON.parse(read('examples/createApiClient.json')) as object;
  const reading = catalogue['createApiClient']!.read({ ...example, name: 'Billing system' });
  const id = workflowId('createApiClient', undefined, reading.ok ? reading.key : 'unreadable');

  expect(id).toContain('Billing~20system');
  expect(read('docs/security.md')).toContain(`\`${id}\``);
});

test('whoever supervises a worker learns whom to send SIGTERM', () => {
  for (const page of ['README.md', 'docs/upgrades.md'])
    expect(read(page)).toMatch(/SIGTERM[^.]*`pid`|`pid`[^.]*SIGTERM/);
});

describe('the pages of operations', () => {
  /** What a step of the code is called in the status, where that is another name. */
  const shownAs: Readonly<Record<string, string>> = {
    switchItems: 'switchEdition',
    updatePartnerItems: 'updatePartners',
    watchProtection: 'awaitMachine',
  };
  const pageOf = (operation: string) => read(`docs/operations/${operation}.md`);
  const linkedFrom = (page: string) =>
    [...page.matchAll(/\]\((\w+)\.md\)/g)].flatMap(([, name]) => catalogue[name!]?.name ?? []);

  test('the steps in the code are found', () => {
    expect(stepsInCodeOf('lockTenant')).toEqual(['findTenant', 'lockTenant']);
    expect(stepsInCodeOf('provisionCustomer')).toEqual(expect.arrayContaining(['findHeldItems', 'findTwoFactor']));
    expect(stepsInCodeOf('provisionCustomer')).not.toContain('switchEdition');
  });

  test.each(Object.keys(catalogue))('the page of %s names every step that a run can show', (operation) => {
    const page = pageOf(operation);
    const text = [page, ...linkedFrom(page).map(pageOf)].join('\n');

    const steps = stepsInCodeOf(operation).map((step) => shownAs[step] ?? step);
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.filter((step) => !text.includes(`\`${step}\``) && !text.includes(`\`${step}:`))).toEqual([]);
  });
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
  const labels = ['Meaning', 'Cause', 'What to do'];
  const sections = [...read('docs/failures.md').matchAll(/^### `([\w.]+)`\n\n((?:.+\n)+)/gm)].map(
    ([, type, list]) => [type!, [...list!.matchAll(/^- \*\*(.+?):\*\* ((?:.|\n(?!- ))+)/gm)]] as const,
  );

  test('of the code have a section each, and no other has one', () => {
    const types = [
      ...Object.values(FailureType),
      ...problemTypes,
      DECISION_REFUSED,
      AMENDMENT_REFUSED,
      NOTICE_NOT_SENT,
      EVENT_NOT_DELIVERED,
    ];
    expect(sections).toHaveLength(types.length);
    expect(new Set(sections.map(([type]) => type))).toEqual(new Set<unknown>(types));
  });

  test.each(sections)('%s has a meaning, a cause and a remedy', (_type, points) => {
    expect(points.map(([, label]) => label)).toEqual(labels);
    expect(points.filter(([, , words]) => words!.trim().length <= 10)).toEqual([]);
  });
});

describe('the invariants', () => {
  const points = [...read('docs/invariants.md').matchAll(/^- (.+)\n((?: +.+\n)*)/gm)].map(
    ([, always, tests]) => [always!, tests!.split('\n').filter((line) => line !== '')] as const,
  );

  test.each(points)('%s', (_always, tests) => {
    const named = tests.map((line) => /^ {2}- `(test\/[^`]+)` "([^"]+)"$/.exec(line));
    expect(tests).not.toEqual([]);
    expect(tests.filter((line, at) => named[at] === null && line !== '  - people, in review')).toEqual([]);
    expect(named.filter((one) => one !== null && !read(one[1]!).includes(one[2]!))).toEqual([]);
  });
});

describe('the architecture page', () => {
  const page = read('docs/architecture.md');
  const root = new URL('../../', import.meta.url);

  test('names every room', () => {
    const notRooms = ['artefacts', 'coverage', 'dist', 'docs', 'examples', 'node_modules'];
    const folders = readdirSync(root, { withFileTypes: true }).filter((one) => one.isDirectory());
    const rooms = folders.map(({ name }) => name).filter((name) => !name.startsWith('.') && !notRooms.includes(name));
    expect(rooms.filter((room) => !page.includes(`| \`${room}/\``))).toEqual([]);
  });

  test('names files and folders that exist', () => {
    const named = [...page.matchAll(/`((?:[\w-]+\/)+[\w.-]*)/g)].map(([, path]) => path!);
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  });
});

describe('the coverage page', () => {
  const cells = (line: string) => line.split('|').map((cell) => cell.trim());
  const rows = read('docs/coverage.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`test/'))
    .map(cells);

  test('has a row for each tutorial and script', () => {
    expect(rows).toHaveLength(39);
  });

  test('names operations and look-ups that exist', async () => {
    const shows = (await program(() => undefined)).commands.find((one) => one.name() === 'show')!.commands;
    const known = new Set([...Object.keys(catalogue), ...shows.map((one) => `show ${one.name()}`)]);
    const values = new Set(['edition', 'billingMode', 'backup_user', 'partner_admin']);
    const named = rows.flatMap((row) => [...row[2]!.matchAll(/`(show [a-z]+|[a-zA-Z_]+)`/g)].map(([, name]) => name!));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((name) => !known.has(name) && !values.has(name))).toEqual([]);
  });

  test('names every operation', () => {
    const page = read('docs/coverage.md');
    expect(Object.keys(catalogue).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  test('names tests that exist', () => {
    const files = rows.map((row) => row[3]!.replaceAll('`', ''));
    expect(files.filter((file) => !existsSync(new URL(`../../${file}`, import.meta.url)))).toEqual([]);
  });
});
