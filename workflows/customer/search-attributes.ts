import { upsertSearchAttributes } from '@temporalio/workflow';
import type { CustomerState } from '../../contract/customers.js';
import { externalRef, tenantryState } from '../../contract/search-attributes.js';

/** Lets Temporal's list find the customer. */
export class CustomerSearchAttributes {
  private shown: CustomerState | undefined;

  constructor(private readonly ref: string) {}

  show(state: CustomerState): void {
    if (state === this.shown) return;
    const isFirst = this.shown === undefined;
    this.shown = state;
    upsertSearchAttributes([
      { key: tenantryState, value: state },
      ...(isFirst && !this.ref.includes('@') ? [{ key: externalRef, value: this.ref }] : []),
    ]);
  }
}
