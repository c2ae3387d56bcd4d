import type { EveryOrder, TenantContact, TenantRef } from '../../contract/orders.js';

/** The Temporal workflow type. */
export const UPDATE_CONTACT = 'updateContact';

/** What a customer is called, in which language it is addressed, and whom to reach there. What is absent stays. */
export interface ContactOrder {
  name?: string;
  language?: string;
  /** Of a contact, too, only the given fields change. */
  contact?: Partial<TenantContact>;
}

/** The customer to change. The catalogue reads it from the caller's input. */
export interface UpdateContactOrder extends EveryOrder, ContactOrder {
  tenant: TenantRef;
}

/** The result of a completed run; `changed` is false when the customer was as ordered already. */
export interface UpdatedContact {
  tenantId: string;
}
