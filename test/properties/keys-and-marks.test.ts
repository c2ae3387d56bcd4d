import { expect, test } from '@jest/globals';
import { assert, constantFrom, nat, oneof, pre, property, string, uuid } from 'fast-check';
import { catalogue } from '../../catalogue/index.js';
import { businessKey, workflowId } from '../../contract/ids.js';
import { keyOfNamed, shortKey } from '../../catalogue/input.js';
import { isDisabledByUndo, keyInTag, markText, ownership, tagForRestored, undoingTag } from '../../contract/mark.js';

/** Texts among which those that look alike are not rare. */
const risky = string({
  unit: constantFrom('~', ' ', '\u2028', '\u3000', '/', ':', '%', '2', '0', '8', 'f', 'a'),
  maxLength: 6,
});
const text = oneof(risky, string({ unit: 'grapheme', maxLength: 300 }));
const named = { administrator: { login: 'ann', email: 'ann@example.com' } };
const environment = string({ unit: constantFrom('a', 'b', '-', '1'), minLength: 1, maxLength: 20 });

test('different texts never give the same key', () => {
  assert(
    property(text, text, (one, other) => {
      pre(one !== other);

      expect(businessKey(one)).not.toBe(businessKey(other));
      expect(shortKey(one)).not.toBe(shortKey(other));
    }),
  );
});

test('two customers and names never give the same key, and a customer without a blank gives a plain one', () => {
  const blurred = string({ unit: constantFrom('a', ' ', '%', '2', '0'), maxLength: 8 });
  const trimmed = blurred.map((one) => `x${one}`.trim());
  assert(
    property(trimmed, trimmed, trimmed, trimmed, (customerId, name, otherId, otherName) => {
      pre(customerId !== otherId || name !== otherName);

      expect(keyOfNamed({ tenant: { customerId } }, name)).not.toBe(
        keyOfNamed({ tenant: { customerId: otherId } }, otherName),
      );
      if (!customerId.includes(' '))
        expect(keyOfNamed({ tenant: { customerId } }, name)).toBe(shortKey(`${customerId} ${name}`));
    }),
  );
  expect(keyOfNamed({ tenant: { customerId: 'acme' } }, 'berlin billing')).not.toBe(
    keyOfNamed({ tenant: { customerId: 'acme berlin' } }, 'billing'),
  );
});

test.each(['createApiClient', 'createResourceGroup', 'switchEdition'])(
  '%s has another key for another customer',
  (operation) => {
    const more = { switchEdition: {}, createResourceGroup: { condition: 'ws-*' } }[operation] ?? {};
    const keyOf = (customerId: string, name: string) => {
      const said = operation === 'switchEdition' ? { to: name } : { name };
      const reading = catalogue[operation]!.read({ tenant: { customerId }, ...said, ...more });
      return reading.ok ? reading.key : reading.problems;
    };

    expect(keyOf('acme', 'berlin billing')).toBe('acme~20berlin~20billing');
    expect(keyOf('acme berlin', 'billing')).toBe('acme~2520berlin~20~20billing');
  },
);

test('two updates of a contact have one key only if they say the same, and the key shows nobody', () => {
  const keyOf = (fields: object) => {
    const reading = catalogue['updateContact']!.read({ tenant: { customerId: 'acme' }, ...fields });
    return reading.ok ? reading.key : JSON.stringify(reading.problems);
  };
  const contact = { email: 'ann@example.com', city: 'Berlin' };
  const orders = [
    { name: 'Ann' },
    { language: 'de' },
    { contact },
    { name: 'Ann', contact },
    { contact: { city: 'Ann' } },
  ];
  const keys = orders.map(keyOf);

  expect(new Set(keys).size).toBe(orders.length);
  for (const key of keys) expect(key).toMatch(/^acme~20[0-9a-f]{32}$/);
  expect(keyOf({ contact: { city: 'Berlin', email: 'ann@example.com', phone: null } })).toBe(keyOf({ contact }));
});

test('orders to send a mail again have one key for one login, however it is written, and the key shows nobody', () => {
  const keyOf = (order: object) => {
    const reading = catalogue['resendActivation']!.read(order);
    return reading.ok ? reading.key : JSON.stringify(reading.problems);
  };
  const key = keyOf({ user: { login: 'Ann.Ox' } });

  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(keyOf({ user: { login: ' ann.ox ' }, tenant: { customerId: 'acme' } })).toBe(key);
  expect(keyOf({ user: { login: 'ann.oxx' } })).not.toBe(key);
});

test('no two of all short texts that look alike give the same key', () => {
  const characters = ['~', ' ', '\u2028', '2', '0', '8', 'u'];
  const longer = (texts: string[]) => texts.flatMap((one) => characters.map((character) => one + character));
  const texts = [characters, longer(characters), longer(longer(characters))].flat();

  expect(new Set(texts.map(businessKey)).size).toBe(texts.length);
});

test('a key can be part of an id, of a mark and of an address', () => {
  assert(
    property(text, (one) => {
      const key = shortKey(one);

      expect(key).not.toMatch(/[\s/:%?#\\]/);
      expect(key.length).toBeLessThanOrEqual(150);
      expect(workflowId('provisionCustomer', 'eu', key).split(':')).toEqual(['provisionCustomer', 'eu', key]);
    }),
  );
});

test('a mark is ours only for the run that wrote it, our customer’s for every run with its key, and foreign for all others', () => {
  assert(
    property(environment, text, text, uuid(), uuid(), (environment, one, other, runId, laterRunId) => {
      pre(one.normalize() !== other.normalize() && runId !== laterRunId);
      const mark = { environment, key: shortKey(one), runId };
      const written = markText(mark);

      expect(written.length).toBeLessThanOrEqual(256);
      expect(ownership(mark, written)).toBe('ours');
      expect(ownership({ ...mark, runId: laterRunId }, written)).toBe('our-customers');
      expect(ownership({ ...mark, key: shortKey(other) }, written)).toBe('foreign');
      expect(ownership({ ...mark, environment: `${environment}x` }, written)).toBe('foreign');
      expect(keyInTag(written, environment)).toBe(one === '' ? undefined : mark.key.normalize());
      expect(keyInTag(written, `${environment}x`)).toBeUndefined();
    }),
  );
});

test.each([
  ['provisionCustomer', (id: string) => ({ ...named, customer: { name: 'Acme', parentTenantId: id } })],
  [
    'provisionPartner',
    (id: string) => ({ ...named, edition: 'standard', partner: { name: 'Acme', parentTenantId: id } }),
  ],
  ['disableTenant', (id: string) => ({ tenant: { id } })],
] as const)('%s has one key however its ids are written', (operation, orderFor) => {
  const id = '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69';
  const { read } = catalogue[operation]!;

  const asTheVendor = read(orderFor(id));
  expect(asTheVendor).toMatchObject({ ok: true });
  expect(read(orderFor(id.toUpperCase()))).toEqual(asTheVendor);
});

test('the sign of an undo leaves a mark what it is, and is believed in the version that it has brought, and no other', () => {
  assert(
    property(environment, text, uuid(), nat(), nat(), (env, key, runId, version, later) => {
      pre(later !== version + 1);
      const mark = { environment: env, key: shortKey(key), runId };
      const internal_tag = undoingTag({ internal_tag: markText(mark), version });

      expect(internal_tag.length).toBeLessThanOrEqual(256);
      expect(ownership(mark, internal_tag)).toBe('ours');
      expect(isDisabledByUndo({ internal_tag, version: version + 1 })).toBe(true);
      expect(isDisabledByUndo({ internal_tag, version: later })).toBe(false);
      expect(tagForRestored({ internal_tag, version: later }, later + 2)).toBe(internal_tag);
      const again = tagForRestored({ internal_tag, version: version + 1 }, later);
      expect(isDisabledByUndo({ internal_tag: again, version: later })).toBe(true);
      expect(undoingTag({ internal_tag, version: later })).toBe(
        undoingTag({ internal_tag: markText(mark), version: later }),
      );
    }),
  );
});
