import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { catalogue } from '../../catalogue/index.js';
import { exampleOf } from '../support/orders.js';

const tenant = { id: '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69' };

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  const?: unknown;
}

/** A value for each field that only one of several forms has. */
const samples: Readonly<Record<string, unknown>> = {
  ...tenant,
  customerId: 'northwind',
  name: 'Northwind',
  edition: 'standard',
  secretRef: 'env:NORTHWIND',
};
const written = (operation: string) => z.toJSONSchema(catalogue[operation]!.schema, { io: 'input' }) as JsonSchema;

/** Every place of an input where one of several objects can stand, with a sample of each. */
function alternatives(schema: JsonSchema, path: string[] = []): { path: string[]; forms: object[] }[] {
  const { properties = {}, additionalProperties, items, anyOf, oneOf } = schema;
  const branches = anyOf ?? oneOf ?? [];
  const forms = branches.flatMap((branch) => (branch.properties ? [sampleOf(branch.properties)] : []));
  const below = Object.entries({
    ...properties,
    ...(items && { 0: items }),
    ...(typeof additionalProperties === 'object' && { any: additionalProperties }),
  });
  return [
    ...(forms.length > 1 ? [{ path, forms }] : []),
    ...branches.flatMap((branch) => alternatives(branch, path)),
    ...below.flatMap(([name, one]) => alternatives(one, [...path, name])),
  ];
}

function sampleOf(properties: Record<string, JsonSchema>): object {
  return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, one.const ?? samples[name]]));
}

/** The input with a value at a path. */
function withValue(input: unknown, [name, ...rest]: string[], value: unknown): unknown {
  if (name === undefined) return value;
  const there = (input ?? {}) as Record<string, unknown>;
  return name === '0' ? [withValue(undefined, rest, value)] : { ...there, [name]: withValue(there[name], rest, value) };
}

const mixtures = Object.keys(catalogue).flatMap((operation) =>
  alternatives(written(operation)).flatMap(({ path, forms }) =>
    forms.flatMap((one) =>
      forms
        .filter((other) => Object.keys(other).some((name) => !(name in one)))
        .map((other) => [operation, path, { ...other, ...one }] as const),
    ),
  ),
);

test('places with several forms are found, also inside objects and lists', () => {
  const places = new Set(mixtures.map(([operation, path]) => `${operation} ${path.join('.')}`));

  expect([...places]).toEqual(
    expect.arrayContaining([
      'addUser tenant',
      'addUser activation',
      'applyPlan plan',
      'applyPlan resources.0',
      'updatePartners root',
      'updatePartners to',
    ]),
  );
});

test.each(mixtures)('%s refuses two forms at once of %j: %j', (operation, path, both) => {
  const reading = catalogue[operation]!.read(withValue(exampleOf(operation), [...path], both));

  const at = new RegExp(`^${path[0]}(\\.|$)`);
  expect(reading).toMatchObject({ ok: false, problems: [{ path: expect.stringMatching(at) as unknown }] });
});
