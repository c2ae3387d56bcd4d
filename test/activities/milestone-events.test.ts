import { expect, test } from '@jest/globals';
import { milestoneNews } from '../../activities/milestone-events.js';
import { everyMilestone, type Milestones } from '../../contract/milestones.js';
import { known } from '../client/overview/known.js';

const NOW = '2026-12-01T06:00:00.000Z';
const TODAY = '2026-12-01T05:00:00.000Z';
const LONG_AGO = '2026-10-01T05:00:00.000Z';
const tenantId = '11111111-1111-4111-8111-111111111111';
const customer = { id: 'customer:C-1', ref: 'C-1', cloud: 'default', tenantId };
const run = { operation: 'protectCustomer', id: 'protectCustomer:t', state: 'running' } as const;

const newsOf = (reached: Partial<Milestones>, before?: string[], tenant = tenantId) => {
  const milestones = everyMilestone({ provisioned: TODAY, ...reached });
  const { status } = known({ tenantId: tenant, milestones, protection: { template: 'servers', agents: 1, run } });
  const about = { ...customer, tenantId: tenant };
  return milestoneNews(about, status, before ? { reached: before } : {}, NOW);
};

test('each milestone but the first is said once, in order, with when it was reached', () => {
  const first = newsOf({ agentOnline: TODAY, activated: TODAY });

  expect(first.events.map(({ data }) => data)).toEqual(
    ['activated', 'agentOnline'].map((milestone) => ({
      ...customer,
      operation: run.operation,
      run: run.id,
      milestone,
      at: TODAY,
    })),
  );
  const { events } = newsOf({ agentOnline: TODAY, activated: TODAY, planApplied: TODAY }, first.reached);
  expect(events.map(({ data }) => data['milestone'])).toEqual(['planApplied']);
});

test('the same look again gives the same ids', () => {
  const ids = () => newsOf({ protected: TODAY }).events.map(({ id }) => id);
  expect(ids()).toEqual(ids());
});

test('what was reached long ago is no news, and is not remembered', () => {
  expect(newsOf({ protected: LONG_AGO })).toEqual({ events: [] });
});

test('another tenant of the customer reaches its milestones again', () => {
  const { reached } = newsOf({ protected: TODAY });
  const other = '22222222-2222-4222-8222-222222222222';
  expect(newsOf({ protected: TODAY }, reached, other).events).toHaveLength(1);
});

test('a customer of whose machines nobody takes care says nothing', () => {
  const { status } = known({ milestones: everyMilestone({ provisioned: TODAY }) });
  expect(milestoneNews(customer, status, {}, NOW)).toEqual({ events: [] });
});
