import { expect, test } from '@jest/globals';
import { mergePutItems, type PutItem } from '../../contract/put-items.js';

const item = (name: string, before: number): PutItem => {
  const [from, to] = [before, 50].map((value) => ({ value, overage: null }));
  return { application_id: 'one', name, before: from!, after: to! };
};

test('an item that two calls were to change is as the second has found it', () => {
  expect(mergePutItems([item('vms', 10)], [item('vms', 40)])).toEqual([item('vms', 40)]);
});

test('an item that only the call without an answer was to change may have been changed by a person', () => {
  const merged = mergePutItems([item('vms', 10), item('servers', 5)], [item('vms', 10)]);

  expect(merged).toEqual([item('vms', 10), { ...item('servers', 5), doubtful: true }]);
});
