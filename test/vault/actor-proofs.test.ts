import { describe, expect, test } from '@jest/globals';
import type { ActorProof, ProvenDecision } from '../../contract/actors.js';
import { checkProof, decisionSigner, PROOF_LASTS_MS } from '../../vault/actor-proofs.js';
import { parseKeys } from '../../vault/index.js';
import { aKey } from '../support/actor-keys.js';

const now = Date.parse('2026-12-01T10:00:00.000Z');
const [old, current] = [aKey('k1'), aKey('k2')];
const keys = parseKeys(`${current},${old}`);
const decision: ProvenDecision = {
  workflowId: 'provisionCustomer:north',
  runId: 'run-1',
  choice: 'amend',
  about: 'ensureUser 2026-12-01T09:00:00.000Z',
  request: { actor: 'ann', reason: 'right granted', input: { quotas: { storage: 1 }, items: ['a', 'b'] } } as never,
};
const sign = (by = keys, at = now) => decisionSigner(by, () => at)(decision);
const check = (proof: ActorProof, about = decision, by = keys, at = now) =>
  checkProof(by, proof, { decision: about, now: at });
const REFUSED = { refused: expect.stringContaining('send the decision again, by the HTTP API or the page') as unknown };

describe('a proof', () => {
  test('shows who decides, whatever the order of the fields is', () => {
    const { actor, reason, ...more } = decision.request;
    const { request: _request, workflowId, ...of } = decision;
    const turned = { request: { reason, ...more, actor }, ...of, workflowId };

    expect(check(sign())).toEqual({ verified: true });
    expect(check(sign(), turned)).toEqual({ verified: true });
  });

  test.each<[string, Partial<ProvenDecision> | { request: object }]>([
    ['another workflow', { workflowId: 'provisionCustomer:south' }],
    ['another run', { runId: 'run-2' }],
    ['another decision', { choice: 'abort' }],
    ['another block', { about: 'ensureUser 2026-12-01T09:30:00.000Z' }],
    ['no block', { about: undefined }],
    ['another actor', { request: { ...decision.request, actor: 'bob' } }],
    ['another reason', { request: { ...decision.request, reason: 'because' } }],
    ['a field more', { request: { ...decision.request, until: '2027-01-01' } }],
    ['a field less', { request: { actor: 'ann', reason: 'right granted' } }],
    [
      'another value deep inside',
      { request: { ...decision.request, input: { quotas: { storage: 2 }, items: ['a', 'b'] } } },
    ],
    [
      'another order of a list',
      { request: { ...decision.request, input: { quotas: { storage: 1 }, items: ['b', 'a'] } } },
    ],
  ])('is not one for %s', (_what, other) => {
    expect(check(sign(), { ...decision, ...other } as ProvenDecision)).toEqual(REFUSED);
  });

  test.each<[keyof ActorProof, string]>([
    ['key', 'k1'],
    ['at', '2026-12-01T10:00:00.001Z'],
    ['nonce', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['signature', 'A'.repeat(43)],
  ])('is none any more with another %s', (part, text) => {
    expect(check({ ...sign(), [part]: text })).toEqual(REFUSED);
  });

  test('counts for some minutes, also where the clocks differ', () => {
    for (const off of [-PROOF_LASTS_MS, PROOF_LASTS_MS])
      expect(check(sign(), decision, keys, now + off)).toEqual({ verified: true });
    for (const off of [-PROOF_LASTS_MS - 1, PROOF_LASTS_MS + 1])
      expect(check(sign(), decision, keys, now + off)).toMatchObject({
        refused: expect.stringMatching(
          /^the proof of the actor is of 2026-12-01T10:00:00.000Z, .* clocks of gateway/,
        ) as unknown,
      });
  });

  test('is none for what is nested so deeply that nobody can have signed it', () => {
    let deep: object = {};
    for (let level = 0; level < 100_000; level += 1) deep = { deep };

    expect(check(sign(), { ...decision, request: { ...decision.request, deep } as never })).toEqual(REFUSED);
  });

  test('has a nonce of its own', () => {
    expect(sign().nonce).not.toBe(sign().nonce);
  });
});

describe('keys', () => {
  test('are changed without a refused decision: the workers get the new one first', () => {
    const [before, after] = [parseKeys(old), parseKeys(current)];

    expect(check(sign(before), decision, keys)).toEqual({ verified: true });
    expect(check(sign(keys), decision, keys)).toEqual({ verified: true });
    expect(check(sign(keys), decision, after)).toEqual({ verified: true });
  });

  test('that a worker does not have are named, with what to do', () => {
    expect(check(sign(), decision, parseKeys(old))).toEqual({
      refused: expect.stringMatching(/signed with the key k2, which this worker does not have: .*TENANTRY_ACTOR_KEYS/),
    });
  });

  test('of the same id that differ verify nobody', () => {
    expect(check(sign(parseKeys(aKey('k2'))))).toEqual(REFUSED);
  });

  test('are needed to verify anybody, so without one nobody is, and nothing is refused', () => {
    expect(checkProof(undefined, sign(), { decision, now })).toEqual({ verified: false });
  });
});
