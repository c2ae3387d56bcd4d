import { expect, test } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import type { CustomerStatus } from '../../../contract/customers.js';
import { everyMilestone } from '../../../contract/milestones.js';
import { MilestonesOf } from '../../../gateway/page/milestones.js';
import { keyOf } from './visitor.js';
import { day, known } from '../../client/overview/known.js';

const session = { key: keyOf('decide', 'decide'), formToken: 'f' };
const run = { operation: 'protectCustomer', id: 'protectCustomer:T-1', state: 'running' } as const;
const missing = { what: 'a machine <b>with</b> an agent', since: day(-1), whoMustAct: 'customer' } as const;
const waiting: Partial<CustomerStatus> = {
  milestones: everyMilestone({ provisioned: day(-2) }),
  protection: { template: 'workstations', agents: 2, run, missing },
};
const html = (more: Partial<CustomerStatus>) => {
  const node = MilestonesOf({ status: known(more).status, session });
  return node === null ? '' : renderToString(node);
};
/** What a screen reader says of each step. */
const steps = (shown: string) =>
  [...shown.matchAll(/<li.*?<\/li>/gs)].map(([one]) =>
    one
      .replace(/<span class="sign" aria-hidden="true">.*?<\/span>/s, '')
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );

test('the milestones are a list in order, and each says in words how it stands', () => {
  expect(steps(html(waiting))).toEqual([
    expect.stringMatching(/^the tenant exists \(reached\) \d{4}-\d\d-\d\d \d\d:\d\d UTC$/),
    'a user can log in (not reached)',
    'an agent is online (awaited now)',
    'a plan backs a machine up (not reached)',
    'backups have succeeded (not reached)',
  ]);
});

test('exactly the one that is awaited is the current step', () => {
  expect(html(waiting).match(/<li[^>]*aria-current="step"/g)).toHaveLength(1);
  const { missing: _missing, ...done } = waiting.protection!;
  const all = { provisioned: day(-2), agentOnline: day(-1), planApplied: day(-1), protected: day(-1) };
  expect(html({ milestones: everyMilestone(all), protection: done })).not.toContain('aria-current');
});

test('what is missing is said with who must act, as text, and the run is a link', () => {
  const shown = html(waiting);

  expect(shown).toContain('a machine &lt;b>with&lt;/b> an agent');
  expect(shown).toContain('the customer must act');
  expect(shown).toContain('href="/runs/protectCustomer%3AT-1"');
});

test('of a customer whose plans say nothing of it, the rest is not known; without a tenant nothing is shown', () => {
  expect(steps(html({ milestones: everyMilestone({ provisioned: day(-2) }) })).slice(1)).toEqual([
    'a user can log in (not known)',
    'an agent is online (not known)',
    'a plan backs a machine up (not known)',
    'backups have succeeded (not known)',
  ]);
  const { tenantId: _tenantId, ...status } = known().status;
  expect(MilestonesOf({ status, session })).toBeNull();
});
