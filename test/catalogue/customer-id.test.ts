import { describe, expect, test } from '@jest/globals';
import { customerWorkflowId } from '../../catalogue/customer-id.js';

describe('the workflow id of a customer', () => {
  test.each([
    ['C-1001', undefined, 'customer:C-1001'],
    ['C-1001', 'default', 'customer:C-1001'],
    ['C-1001', 'eu', 'customer:eu:C-1001'],
    ['shop.cus_123', undefined, 'customer:shop.cus_123'],
    ['a/b:c', undefined, 'customer:a~2fb~3ac'],
  ])('of %j in cloud %j is %j', (ref, cloud, id) => {
    expect(customerWorkflowId(ref, cloud)).toBe(id);
  });

  test('shows no e-mail address, and differs for each', () => {
    const ids = ['it@customer.example', 'it@other.example'].map((ref) => customerWorkflowId(ref));
    expect(ids[0]).toMatch(/^customer:[\da-f]{32}$/);
    expect(new Set(ids).size).toBe(2);
  });

  test('is always valid text, and differs for each reference', () => {
    const cut = `${'a'.repeat(116)}\u{1F600}${'b'.repeat(40)}`;
    const ids = ['x\uD800y', 'x\uD801y', 'it\uD800@customer.example', 'it\uD801@customer.example', cut].map((ref) =>
      customerWorkflowId(ref),
    );
    for (const id of ids) expect(id).toMatch(/^customer:[\da-f]{32}$/);
    expect(new Set(ids).size).toBe(ids.length);
    expect(customerWorkflowId('Jos\u{1F600}')).toBe('customer:Jos\u{1F600}');
  });
});
