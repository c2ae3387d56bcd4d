import { describe, expect, test } from '@jest/globals';
import { createRequire } from 'node:module';
import {
  defaultPayloadConverter,
  type Payload,
  type PayloadConverter,
  type SerializationContext,
} from '@temporalio/common';
import { createCodec, parseKeys, payloadConverterPath, workerDataConverter } from '../../vault/index.js';

const bytes = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const old = createCodec(parseKeys(`k1:${bytes(1)}`));
const rotated = createCodec(parseKeys(`k2:${bytes(2)},k1:${bytes(1)}`));
const without = createCodec(parseKeys(`k2:${bytes(2)}`));
const plain = defaultPayloadConverter.toPayload({ login: 'JohnDoe' });
const of = (workflowId: string, namespace = 'default') => ({ type: 'workflow' as const, namespace, workflowId });
const value = async (payloads: Payload[], context?: SerializationContext) =>
  defaultPayloadConverter.fromPayload((await old.decode(payloads, context))[0]!);
const encoding = ({ metadata }: Payload) => Buffer.from(metadata!['encoding']!).toString();

describe('the codec', () => {
  test('encrypts, decrypts unchanged, and never produces the same ciphertext twice', async () => {
    const [first] = (await old.encode([plain])) as [Payload];
    const [second] = (await old.encode([plain])) as [Payload];

    expect(encoding(first)).toBe('binary/encrypted');
    expect(Buffer.from(first.data!).includes('JohnDoe')).toBe(false);
    expect(Buffer.from(first.data!).equals(Buffer.from(second.data!))).toBe(false);
    expect(defaultPayloadConverter.fromPayload((await old.decode([first]))[0]!)).toEqual({ login: 'JohnDoe' });
  });

  test('passes through foreign payloads in both directions', async () => {
    const [sealed] = (await old.encode([plain])) as [Payload];

    expect(await old.decode([plain])).toEqual([plain]);
    expect(await old.encode([sealed])).toEqual([sealed]);
  });

  test('decrypts with an older key as long as the ring has it, and then names the missing key', async () => {
    const sealed = await old.encode([plain]);

    expect(defaultPayloadConverter.fromPayload((await rotated.decode(sealed))[0]!)).toEqual({ login: 'JohnDoe' });
    await expect(without.decode(sealed)).rejects.toThrow('the key k1, which TENANTRY_CODEC_KEYS lacks');
  });

  test('refuses what was changed on the way', async () => {
    const [sealed] = (await old.encode([plain])) as [Payload];
    const changed = Buffer.from(sealed.data!);
    changed[20]! ^= 1;

    await expect(old.decode([{ ...sealed, data: changed }])).rejects.toThrow('cannot be decrypted');
  });
});

describe('a payload that was encrypted for a workflow', () => {
  const sealed = async () => (await old.encode([plain], of('run-a'))) as [Payload];

  test('is read by that workflow, by its activities, and by the codec server, which knows no workflow', async () => {
    const payloads = await sealed();
    const activity = { ...of('run-a'), type: 'activity' as const, activityId: 'ensureUser', isLocal: true };

    for (const context of [of('run-a'), activity, undefined])
      expect(await value(payloads, context)).toEqual({ login: 'JohnDoe' });
  });

  test.each([
    ['another workflow', of('run-b')],
    ['an activity of another workflow', { ...of('run-b'), type: 'activity' as const, isLocal: false }],
    ['the same id in another namespace', of('run-a', 'other')],
  ])('is refused in %s, and the refusal says where it comes from', async (_where, context) => {
    await expect(old.decode(await sealed(), context)).rejects.toThrow(
      'it was encrypted for another workflow, ["default","run-a"], and somebody has copied it',
    );
  });

  test.each([
    ['given to another workflow', { 'encryption-workflow': Buffer.from('["default","run-b"]') }],
    ['taken away, as if an older version had encrypted it', { 'encryption-workflow': Buffer.alloc(0) }],
  ])('is damaged when its owner is %s', async (_how, metadata) => {
    const [payload] = await sealed();

    const forged = { ...payload, metadata: { ...payload.metadata, ...metadata } };

    await expect(old.decode([forged], of('run-b'))).rejects.toThrow('cannot be decrypted');
    await expect(old.decode([forged])).rejects.toThrow('cannot be decrypted');
  });
});

test('what an older version encrypted, for no workflow, is still read', async () => {
  const stored = {
    metadata: { encoding: Buffer.from('binary/encrypted'), 'encryption-key-id': Buffer.from('k1') },
    data: Buffer.from(
      'PUJO3vgqT3qsvpyMIFwfh3RZ+4EWO7EIS5ZvLnS7idbo3EoQFr6gF91HpHBoPnnDSYg1+zTebrX2iSBqcF1QtlgnWPvfZQEwdQ==',
      'base64',
    ),
  };

  expect(await value([stored], of('run-a'))).toEqual({ login: 'JohnDoe' });
});

describe('the codec of a worker', () => {
  const keys = parseKeys(`k1:${bytes(1)}`);
  const [codec] = workerDataConverter(keys).payloadCodecs!;
  const context = { type: 'workflow', namespace: 'default', workflowId: 'a' } as const;
  const { payloadConverter } = createRequire(import.meta.url)(payloadConverterPath) as {
    payloadConverter: PayloadConverter;
  };
  const damaged = async () => {
    const [sealed] = (await old.encode([plain])) as [Payload];
    return { ...sealed, data: sealed.data!.subarray(1) };
  };

  test('reads what is whole, and leaves it to the converter to refuse what is damaged, with the reason', async () => {
    const payloads = [...(await old.encode([plain])), await damaged()];

    const [first, second] = (await codec!.decode(payloads, context)) as [Payload, Payload];

    expect(payloadConverter.fromPayload(first)).toEqual({ login: 'JohnDoe' });
    expect(() => payloadConverter.fromPayload(second)).toThrow('the key k1 has changed, or the data is damaged');
  });

  test('fails at once for a missing key, and for what an activity or nobody known has sent', async () => {
    const elsewhere = createCodec(parseKeys(`k9:${bytes(9)}`));

    await expect(codec!.decode(await elsewhere.encode([plain]), context)).rejects.toThrow('the key k9');
    await expect(codec!.decode([await damaged()], { ...context, type: 'activity', isLocal: false })).rejects.toThrow(
      'damaged',
    );
    await expect(codec!.decode([await damaged()])).rejects.toThrow('damaged');
  });
});

describe('the keys', () => {
  test.each([
    ['nothing but a key', bytes(1), 'must be "id:key"'],
    ['a key that is too short', 'k1:c2hvcnQ=', 'the key k1 has 5 bytes instead of 32'],
    ['an id twice', `k1:${bytes(1)},k1:${bytes(2)}`, 'the key id k1 is there twice'],
    ['an empty part', `k1:${bytes(1)},`, 'must be "id:key"'],
  ])('%s is refused without showing a key', (_what, text, message) => {
    expect(() => parseKeys(text)).toThrow(message);
    expect(() => parseKeys(text)).not.toThrow(bytes(1).slice(0, 20));
  });
});
