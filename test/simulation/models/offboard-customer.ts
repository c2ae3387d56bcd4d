import type { OperationModel } from './index.js';

/** The example's customer, with the administrator whom the example names. */
export const offboardCustomer: OperationModel = {
  prepare(world) {
    const customer = { name: 'Customer, Inc', customer_id: 'customer-inc', kind: 'customer', parent_id: world.rootId };
    world.newUser({ tenant_id: world.newTenant(customer).id, login: 'JohnDoe' });
  },
  withShortTimes: (input) => ({ ...input, grace: '1 second' }),
  removes: true,
  asksWhenChanged: true,
  pointOfNoReturn: 'deleteTenant',
  leftWhenSkipped: { discardReport: 'reports in ' },
  // no two reports are in each other's way, and none is made before the day's usage is counted up
  waitsOut: { 'POST /reports': [400, 409] },
  ambiguous: 'orderReport',
};
