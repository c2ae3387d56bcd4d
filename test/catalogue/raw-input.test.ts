import { describe, expect, test } from '@jest/globals';
import { catalogue, inputSchema } from '../../catalogue/index.js';
import { anOrder, exampleOf } from '../support/orders.js';
import { contact } from '../support/full-contact.js';

const provisioning = catalogue['provisionCustomer']!;
const problemsWith = (input: unknown) => {
  const reading = provisioning.read(input);
  return reading.ok ? [] : reading.problems;
};

describe('null', () => {
  test('is read as not given, at any depth', () => {
    const order = anOrder();
    const { customer, administrator } = order;
    const nulls = {
      ...order,
      customer: { ...customer, contact: null, parentTenantId: null, language: null },
      administrator: { ...administrator, firstName: null },
      edition: null,
      offeringItems: null,
      quotas: { storage: null, workstations: { limit: 5, overage: null } },
      activation: null,
      onFailure: 'undo',
    };

    expect(provisioning.read(nulls)).toEqual(
      provisioning.read({ ...order, quotas: { workstations: { limit: 5 } }, onFailure: 'undo' }),
    );
  });

  test('is missing where a value is required, and wrong in a list', () => {
    expect(problemsWith(anOrder({ administrator: { login: null }, offeringItems: [null] as never }))).toEqual([
      { path: 'offeringItems.0', message: 'must be a text, not null' },
      { path: 'administrator.login', message: 'is missing' },
    ]);
    expect(problemsWith(null)).toEqual([{ path: 'input', message: 'is missing' }]);
  });

  test.each(Object.keys(catalogue))('as any optional field changes no order of %s', (operation) => {
    const entry = catalogue[operation]!;
    const example = exampleOf(operation) as object;
    const { properties } = inputSchema(entry) as { properties: object };
    const absent = Object.keys(properties).filter((name) => !(name in example));
    const nulls = { ...example, ...Object.fromEntries(absent.map((name) => [name, null])) };

    expect(entry.read(nulls)).toEqual(entry.read(example));
  });
});

describe('an input is refused', () => {
  test('that is larger than 256 KiB, with its size', () => {
    const message = 'is 301 KiB large; an input has at most 256 KiB';
    expect(problemsWith(anOrder({ note: 'x'.repeat(300 * 1024) }))).toEqual([{ path: 'input', message }]);
    const bytes = Buffer.byteLength(JSON.stringify({ note: '' }));
    expect(problemsWith({ note: 'x'.repeat(256 * 1024 - bytes) }).map(({ path }) => path)).not.toContain('input');
  });

  test.each([
    ['a name', { customer: { name: 'Broken \ud83d' } }, 'customer.name', 7],
    ['an element', { offeringItems: ['\udc00'] as never }, 'offeringItems.0', 0],
    ['a field that no operation has', { note: 'x\ud800y' }, 'note', 1],
  ])('with half of a character in %s', (_what, fields, path, at) => {
    const message = `has half of a character at position ${at} (a lone surrogate): send the whole character`;
    expect(problemsWith(anOrder(fields))).toEqual([{ path, message }]);
  });

  test.each([
    ['a NUL', { customer: { name: '\u0000x' } }, 'customer.name', 'position 0 (U+0000)'],
    ['a line break', { administrator: { firstName: ' Jane\nRoe' } }, 'administrator.firstName', 'position 5 (U+000A)'],
    [
      'a tab',
      { customer: { contact: { email: 'a@b.example', city: 'Graz\t8010' } } },
      'customer.contact.city',
      'U+0009',
    ],
    ['a line separator', { offeringItems: ['a\u2028b'] }, 'offeringItems.0', 'position 1 (U+2028)'],
  ])('with %s in a text', (_what, fields, path, where) => {
    expect(problemsWith(anOrder(fields))).toEqual([{ path, message: expect.stringContaining(where) }]);
    expect(problemsWith(anOrder(fields))[0]!.message).toMatch(/leave it out, or write a blank/);
    expect(provisioning.read(anOrder(fields), { hasBegun: true }).ok).toBe(true);
  });

  test('with a line break in the name of a field, which is not shown', () => {
    const [problem] = problemsWith(anOrder({ quotas: { 'x\ny': { limit: 1 } } }));

    expect(problem).toEqual({
      path: 'quotas.x\uFFFDy',
      message: expect.stringContaining('is a name that has a line break'),
    });
  });

  test.each(['\u200B', ' \u00A0 ', '\uFE0F\u2060', '\u3164', '\u2800'])('with nothing but %j in a text', (name) => {
    const message = 'has nothing that can be seen: write a text with letters or digits';
    expect(problemsWith(anOrder({ customer: { name } }))).toEqual([{ path: 'customer.name', message }]);
  });

  test.each(['Käserei 😀', '👩‍👩‍👧', '\u202Eדגל', ' Acme\r\n'])('not for a name such as %j', (name) => {
    expect(problemsWith(anOrder({ customer: { name } }))).toEqual([]);
  });

  test.each([
    ['1e400', 'is too large for a number'],
    ['-1e400', 'is too small for a number'],
  ])('with a limit of %s', (limit, message) => {
    const order = JSON.stringify(anOrder({ quotas: { workstations: { limit: 77 } } })).replace('77', limit);
    expect(problemsWith(JSON.parse(order))).toEqual([{ path: 'quotas.workstations.limit', message }]);
  });

  test('with half of a character in the name of a field, which is shown whole', () => {
    const [problem] = problemsWith(anOrder({ quotas: { 'x\ud800': { limit: 1 } } }));

    expect(problem!.path).toBe('quotas.x\uFFFD');
  });

  test('with __proto__ as the name of a field, wherever that is', () => {
    const text = JSON.stringify(anOrder({ quotas: { KEY: { limit: 1 } } }));
    const message = 'cannot be the name of a field: remove or rename it';

    expect(problemsWith(JSON.parse(text.replace('KEY', '__proto__')))).toEqual([{ path: 'quotas.__proto__', message }]);
    expect(problemsWith(JSON.parse('{"__proto__": {"customer": {}}}'))).toEqual([{ path: '__proto__', message }]);
  });

  test.each([20, 100_000])('with %i levels of lists', (levels) => {
    const input = { note: JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown };
    const hasBegun = true;

    for (const reading of [provisioning.read(input), provisioning.read(input, { hasBegun })])
      expect(reading).toEqual({ ok: false, problems: [{ path: 'input', message: 'has more than 20 levels' }] });
  });

  test('with at most 50 problems listed, and no long name in full', () => {
    const unknown = Array.from({ length: 80 }, (_, at) => [`${'x'.repeat(500)}${at}`, 1]);
    const problems = problemsWith(anOrder(Object.fromEntries(unknown) as never));

    expect(problems).toHaveLength(51);
    expect(problems.at(-1)).toEqual({ path: 'input', message: 'has 30 more problems' });
    expect(problems[0]!.path).toMatch(/^x{80}…$/);
  });
});

interface Schema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  format?: string;
  maxLength?: number;
  pattern?: string;
  [field: string]: unknown;
}

/** Every text in a schema that has no end: no length, no list of values, and a pattern that repeats without limit. */
function endlessTexts(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, maxLength, pattern, format, ...rest } = schema as Schema;
  const bounded = maxLength !== undefined || format === 'date' || 'enum' in rest || 'const' in rest;
  const endless = type === 'string' && !bounded && (pattern === undefined || /[+*]|,\}/.test(pattern));
  const below = Object.entries(rest).flatMap(([name, part]) => endlessTexts(part, `${path}.${name}`));
  return [...(endless ? [path] : []), ...below];
}

test.each(Object.values(catalogue))('every text in the input of $name has a length limit', (entry) => {
  expect(endlessTexts({ type: 'string' })).toEqual(['']);
  expect(endlessTexts(inputSchema(entry))).toEqual([]);
});

test('a text that is too long is refused with the limit', () => {
  const email = `${'x'.repeat(60)}@${`${'y'.repeat(60)}.`.repeat(4)}com`;
  const order = anOrder({ customer: { name: 'n'.repeat(256) }, administrator: { email } });

  expect(problemsWith(order)).toEqual([
    { path: 'customer.name', message: 'is too long: it may have at most 255 characters' },
    { path: 'administrator.email', message: 'is too long: it may have at most 254 characters' },
  ]);
});

describe.each(Object.values(catalogue))('a deadline for decisions of $name', (entry) => {
  const input = { ...(exampleOf(entry.name) as object), decisionDeadline: '3 days' };

  test('needs "then", which says what happens at its end', () => {
    expect(entry.read(input)).toEqual({
      ok: false,
      problems: [{ path: 'then', message: expect.stringMatching(/^is missing: say "undo" or "keep"/) }],
    });
    // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
    expect(entry.read({ ...input, then: 'keep' })).toMatchObject({ ok: true });
    expect(inputSchema(entry)).toMatchObject({ dependentRequired: { decisionDeadline: ['then'] } });
  });

  test.each(['undo', 'keep'])('is refused beside "onFailure": "%s", which asks nobody', (onFailure) => {
    // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
    const reading = entry.read({ ...input, then: 'keep', onFailure });

    const message = expect.stringMatching(/^goes with "onFailure": "ask"; .* leave it out, and "then" too$/) as unknown;
    expect(reading).toEqual({ ok: false, problems: [{ path: 'decisionDeadline', message }] });
  });

  test('is named by "then" without it, which would say nothing', () => {
    // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
    const reading = entry.read({ ...input, decisionDeadline: undefined, then: 'undo' });

    const message = expect.stringMatching(/^goes with decisionDeadline/) as unknown;
    expect(reading).toEqual({ ok: false, problems: [{ path: 'then', message }] });
    const { dependentRequired } = inputSchema(entry) as { dependentRequired: Record<string, string[]> };
    expect(dependentRequired['then']).toEqual(['decisionDeadline']);
  });

  test('is taken as it is in a run that has begun', () => {
    const begun = [input, { ...input, onFailure: 'undo' }];

    for (const order of begun)
      expect(entry.read(order, { hasBegun: true })).toMatchObject({ ok: true, order: { decisionDeadline: '3 days' } });
  });
});

test('a contact has all fields of the vendor, and only the e-mail address is required', () => {
  expect(provisioning.read(anOrder({ customer: { contact } }))).toMatchObject({
    ok: true,
    order: { customer: { contact } },
  });
  expect(problemsWith(anOrder({ customer: { contact: { phone: '1', mobile: '2' } } }))).toEqual([
    { path: 'customer.contact.email', message: 'is missing' },
    { path: 'customer.contact.mobile', message: expect.stringContaining('is not a field') },
  ]);
});
