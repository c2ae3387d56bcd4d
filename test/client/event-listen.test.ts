import { afterEach, expect, test } from '@jest/globals';
import { listenForEvents, type Received } from '../../client/cli/event-listener.js';
import { openSignedWebhook, WebhookRefused } from '../../worker/webhooks/signed-webhook.js';
import { tenantryAnywhere as tenantry } from '../support/command-here.js';
import { openReceiver } from '../support/receiver.js';

const secretOf = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const [secret, other] = [secretOf('a secret of twenty-four!'), secretOf('another of twenty-four!!')];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listening(answer = 204) {
  const received: Received[] = [];
  const listener = await listenForEvents({ port: 0, secret, answer, onReceived: (one) => void received.push(one) });
  closing.push(listener.close);
  return { ...listener, received };
}

test('a listener says what comes, which signature is right, and what has come before', async () => {
  const { url, received } = await listening();
  const post = openSignedWebhook({ url, secrets: [secret] });

  await post({ id: 'evt_1', body: '{"type":"customer.ended"}' });
  await post({ id: 'evt_1', body: '{"type":"customer.ended"}' });
  const forged = openSignedWebhook({ url, secrets: [other] })({ id: 'evt_2', body: '{}' });
  await expect(forged).rejects.toMatchObject({ status: 401 });
  await fetch(url, { method: 'POST', body: 'no JSON' });

  expect(received).toEqual([
    { id: 'evt_1', body: { type: 'customer.ended' } },
    { id: 'evt_1', body: { type: 'customer.ended' }, repeated: true },
    { id: 'evt_2', body: {}, problem: 'No matching signature found' },
    { id: undefined, body: 'no JSON', problem: 'Missing required headers' },
  ]);
});

test('it can answer what makes the sender try again', async () => {
  const { url } = await listening(503);

  const failure = openSignedWebhook({ url, secrets: [secret] })({ id: 'evt_1', body: '{}' });

  await expect(failure).rejects.toEqual(new WebhookRefused(503, 5000));
});

test('event listen prints the settings that a worker needs, and ends after so many events', async () => {
  const { url: free, close } = await openReceiver();
  await close();
  const { port } = new URL(free);
  const url = `http://127.0.0.1:${port}/`;
  const command = tenantry(['event', 'listen', '--port', port, '--secret', 'env:CRM', '--count', '1', '--json'], {
    TENANTRY_SECRET_CRM: secret,
  });

  const post = openSignedWebhook({ url, secrets: [secret] });
  const message = { id: 'evt_1', body: '{"type":"customer.ended"}' };
  for (let isTaken = false; !isTaken;)
    isTaken = await post(message).then(
      () => true,
      () => false,
    );
  const { code, stdout } = await command;

  expect(code).toBe(0);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
  ).toEqual([
    { outgoing: [{ url, secret: 'env:CRM', events: ['*'] }], environment: {} },
    { id: 'evt_1', body: { type: 'customer.ended' } },
  ]);
});

test.each([
  [['--secret', 'whsec_abc'], {}, 2, /--secret: whsec_abc is not a secret reference/],
  [['--secret', 'env:CRM'], {}, 2, /--secret: the variable TENANTRY_SECRET_CRM is not set/],
  [['--secret', 'env:CRM'], { TENANTRY_SECRET_CRM: 'short' }, 2, /must be "whsec_"/],
  [['--answer', '99'], {}, 2, /It must be a status/],
])('event listen %j is refused', async (args, variables, code, message) => {
  const ended = await tenantry(['event', 'listen', ...args], variables);

  expect(ended).toMatchObject({ code, stderr: expect.stringMatching(message) });
});

test('event listen on a port that is in use ends at once', async () => {
  const { url } = await listening();

  const ended = await tenantry(['event', 'listen', '--port', new URL(url).port]);

  expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/Give another --port/) });
});
