import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { webhookAddressProblem } from '../../contract/webhook-address.js';
import { openSignedWebhook } from '../../worker/webhooks/signed-webhook.js';
import { useReceivers } from '../support/receiver.js';

const secretOf = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const [present, next] = [secretOf('a secret of twenty-four!'), secretOf('the next of twenty-four!')];

const receiver = useReceivers();

describe('a signed webhook', () => {
  test('is signed with each secret, so that a receiver with either of them accepts it', async () => {
    const { url, got } = await receiver();

    await openSignedWebhook({ url, secrets: [present, next] })({ id: 'msg_1', body: '{"a":"ü"}' });

    const [{ headers, body }] = got as [(typeof got)[0]];
    expect(headers['webhook-id']).toBe('msg_1');
    for (const secret of [present, next])
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual({ a: 'ü' });
    const stranger = new Webhook(secretOf('a stranger of 24 letters'));
    expect(() => stranger.verify(body, headers as Record<string, string>)).toThrow('No matching signature');
  });

  test.each([
    [410, {}],
    [302, { location: 'http://127.0.0.1:1/elsewhere' }],
  ])('that is answered with %s fails with the status and without the address', async (status, headers) => {
    const { url, got } = await receiver(status, headers);

    const failure = openSignedWebhook({ url: `${url}/TOKEN`, secrets: [present] })({ id: 'msg_1', body: '{}' });

    await expect(failure).rejects.toMatchObject({ status, code: `HTTP_${status}`, message: 'the webhook was refused' });
    expect(got).toHaveLength(1);
  });
});

describe('an address for webhooks', () => {
  test.each([
    'https://hooks.example.com/services/T0/B0/x?y=z',
    'https://10.0.0.4:8443/x',
    'http://127.0.0.1:9999/x',
    'http://localhost/x',
    'http://[::1]:80/',
  ])('%s can be used', (address) => {
    expect(webhookAddressProblem(address)).toBeUndefined();
  });

  test.each([
    ['http://hooks.example.com/x', 'must begin with https://'],
    ['http://127.0.0.1.example.com/x', 'must begin with https://'],
    ['http://10.0.0.4/x', 'must begin with https://'],
    ['ftp://127.0.0.1/x', 'must begin with https://'],
    ['file:///etc/passwd', 'must begin with https://'],
    ['https://me:TOKEN@hooks.example.com/', 'must have no login'],
    ['https://hooks.example.com/#TOKEN', 'must have no part that begins with #'],
    ['hooks.example.com/TOKEN', 'must be an address'],
    [`https://hooks.example.com/${'x'.repeat(2000)}`, 'must have at most 2000 characters'],
  ])('%s is refused', (address, problem) => {
    expect(webhookAddressProblem(address)).toContain(problem);
    expect(webhookAddressProblem(address)).not.toContain('TOKEN');
  });
});
