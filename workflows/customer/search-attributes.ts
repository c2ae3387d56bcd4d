import { upsertSearchAttributes } from '@temporalio/workflow';
import type { CustomerState, CustomerStatus } from '../../contract/customers.js';
import { NEEDS_PERSON, waitsForPerson } from '../../contract/customer-questions.js';
import { externalRef, tenantryReason, tenantryState } from '../../contract/search-attributes.js';
import { decidedAtStart } from './patches.js';

/** Lets Temporal's list find the customer. */
export class CustomerSearchAttributes {
  private shown: CustomerState | undefined;
  private needsPerson = false;

  constructor(private readonly ref: string) {}

  show(status: CustomerStatus): void {
    const { state } = status;
    const needsPerson = decidedAtStart() && waitsForPerson(status);
    if (state === this.shown && needsPerson === this.needsPerson) return;
    const isFirst = this.shown === undefined;
    this.shown = state;
    upsertSearchAttributes([
      { key: tenantryState, value: state },
      ...(needsPerson === this.needsPerson ? [] : [{ key: tenantryReason, value: needsPerson ? NEEDS_PERSON : null }]),
      ...(isFirst && !this.ref.includes('@') ? [{ key: externalRef, value: this.ref }] : []),
    ]);
    this.needsPerson = needsPerson;
  }
}
