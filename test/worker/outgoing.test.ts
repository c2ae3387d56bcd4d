import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { endpointKey, readOutgoing, wants } from '../../catalogue/outgoing-file.js';
import type { OutgoingEvent } from '../../contract/outgoing-events.js';
import { openOutgoing, OutgoingWebhooks } from '../../worker/outgoing.js';
import { fetchPublic, isPublic } from '../../worker/webhooks/public-network.js';
import { openReceiver, useReceivers } from '../support/receiver.js';

const secretOf = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const secrets: Record<string, string> = {
  'file:now': secretOf('a secret of twenty-four!'),
  'file:next': secretOf('the next of twenty-four!'),
  'file:short': 'whsec_abc',
};
const readSecret = async (reference: string) => {
  const found = secrets[reference];
  if (found === undefined) throw new Error(`there is no ${reference} on this worker`);
  return found;
};
const event: OutgoingEvent = {
  id: 'evt_1',
  type: 'operation.completed',
  timestamp: '2026-03-02T10:00:00.000Z',
  data: { id: 'provisionCustomer:ü' },
};

const receiver = useReceivers();

async function webhooksTo(url: string, more: object = {}) {
  const current = await openOutgoing([{ url, secret: 'file:now', events: ['*'], ...more }], readSecret);
  if ('problems' in current) throw new Error(JSON.stringify(current.problems));
  return new OutgoingWebhooks({ current }, () => undefined);
}

const deliverTo = async (url: string, more: object = {}) =>
  await (await webhooksTo(url, more)).deliver(endpointKey(url), event);

describe('an event', () => {
  test('arrives signed, so that the official library accepts it with either secret', async () => {
    const { url, got } = await receiver();

    expect(await deliverTo(url, { secret: ['file:now', 'file:next'] })).toBe('delivered');

    const [{ headers, body }] = got as [(typeof got)[0]];
    expect(headers['webhook-id']).toBe('evt_1');
    const { id: _id, ...said } = event;
    for (const secret of [secrets['file:now']!, secrets['file:next']!])
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(said);
  });

  test.each([
    [410, {}, 'gone'],
    [400, {}, { why: 'the receiver has answered 400' }],
    [302, { location: 'http://127.0.0.1:1/elsewhere' }, { why: 'the receiver has answered 302' }],
    [429, { 'retry-after': '120' }, { why: 'the receiver has answered 429', retryAfterMs: 120_000 }],
    [503, { 'retry-after': 'soon' }, { why: 'the receiver has answered 503' }],
  ])('that is answered with %s', async (status, headers, result) => {
    const { url, got } = await receiver(status, headers);

    expect(await deliverTo(url)).toEqual(result);
    expect(got).toHaveLength(1);
  });

  test('waits for the date that the receiver names', async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    const { url } = await receiver(503, { 'retry-after': date });

    const { retryAfterMs } = (await deliverTo(url)) as { retryAfterMs: number };

    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(3_600_000);
  });

  test('for an address that is no longer in the file goes nowhere', async () => {
    const { url, got } = await receiver();

    expect(await (await webhooksTo(url)).deliver(endpointKey(`${url}/old`), event)).toBe('removed');
    expect(got).toEqual([]);
  });

  test('does not reach a private network', async () => {
    const refused = { why: 'the receiver cannot be reached: PRIVATE_ADDRESS' };
    for (const url of ['https://10.0.0.4/x', 'https://[fd00::1]/x', 'https://[::ffff:192.168.1.1]/', 'https://1/'])
      expect(await deliverTo(url)).toEqual(refused);
  });

  test('says only that nobody answers, not where', async () => {
    const { url, close } = await openReceiver();
    await close();

    expect(await deliverTo(`${url}/TOKEN`)).toEqual({ why: 'the receiver cannot be reached: ECONNREFUSED' });
  });
});

describe('a public network', () => {
  test.each(['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c', '1.1.1.1'])('has %s', (ip) => {
    expect(isPublic(ip)).toBe(true);
  });

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd12::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::1',
    'nonsense',
  ])('has not %s', (ip) => {
    expect(isPublic(ip)).toBe(false);
  });

  test.each([[['127.0.0.1']], [['93.184.215.14', '10.0.0.1']], [[]]])(
    'is not reached by a name that means %j',
    async (addresses: string[]) => {
      const address = 'https://example.com/';
      const resolve = ((_name: string, _options: object, done: (error: null, found: object[]) => void) =>
        done(
          null,
          addresses.map((one) => ({ address: one, family: 4 })),
        )) as never;

      const failure = await fetchPublic(address, undefined, resolve)(address).catch((error: unknown) => error);

      expect(String((failure as Error).cause)).toContain('PrivateAddress: the address is in a private network');
    },
  );
});

describe('outgoing.json', () => {
  const entry = { url: 'https://crm.example.com/hook', secret: 'file:now', events: ['operation.*'] };
  const problemsOf = (value: unknown) => {
    const read = readOutgoing(value);
    return 'problems' in read ? read.problems.map(({ path, message }) => `${path} ${message}`) : [];
  };

  test('names who gets what', () => {
    const read = readOutgoing([entry]);
    expect(read).toEqual([
      {
        url: entry.url,
        key: endpointKey(entry.url),
        secrets: ['file:now'],
        events: ['operation.*'],
        allowPrivate: false,
      },
    ]);
    expect(wants(entry, 'operation.failed')).toBe(true);
    expect(wants(entry, 'customer.changed')).toBe(false);
    expect(wants({ events: ['*'] }, 'customer.changed')).toBe(true);
    expect(wants({ events: ['customer.ended'] }, 'customer.ending')).toBe(false);
    expect(readOutgoing([])).toEqual([]);
  });

  test.each<[unknown, RegExp[]]>([
    [{}, [/^outgoing must be a list/]],
    [null, [/^outgoing must be a list/]],
    [[{}], [/^0\.url is missing/, /^0\.secret is missing/, /^0\.events is missing/]],
    [['x'], [/^0 /]],
    [[{ ...entry, url: 'http://crm.example.com' }], [/^0\.url must begin with https/]],
    [[{ ...entry, url: 7 }], [/^0\.url /]],
    [[{ ...entry, secret: 'whsec_abc' }], [/^0\.secret must be env:NAME, file:NAME or store:NAME/]],
    [[{ ...entry, events: [] }], [/^0\.events must have at least one/]],
    [[{ ...entry, events: ['operation.complete'] }], [/^0\.events\.0 .*did you mean operation\.completed/]],
    [[{ ...entry, allowPrivat: true }], [/^0\.allowPrivat is not a field.*did you mean allowPrivate/]],
    [[entry, { ...entry, events: ['*'] }], [/^1\.url is there twice/]],
  ])('%j is refused, with every problem', (value, problems) => {
    const found = problemsOf(value);
    expect(found).toHaveLength(problems.length);
    for (const [at, problem] of problems.entries()) expect(found[at]).toMatch(problem);
  });

  test('needs every secret that it names, and tells none', async () => {
    const opened = await openOutgoing(
      [
        { ...entry, secret: 'file:nowhere' },
        { ...entry, url: 'https://other.example.com/', secret: ['file:now', 'file:short'] },
      ],
      readSecret,
    );

    expect(opened).toEqual({
      problems: [
        { path: '0.secret', message: 'there is no file:nowhere on this worker' },
        { path: '1.secret', message: 'must be "whsec_" and at least 24 base64 characters' },
      ],
    });
  });
});
