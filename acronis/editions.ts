import { z } from 'zod';
import type { HttpClient } from './http-client.js';
import { confirmRows, isSameTenant } from './confirmation.js';
import { anyId, decisiveListOf, listOf, optional, warningCode } from './shapes.js';

/** The reference and the guide disagree about the answer to a switch. */
const switchedShape = z.union([
  z.object({ items: listOf(z.object({ tenant_id: optional(anyId) })) }),
  z.array(z.unknown()).transform(() => ({ items: [] })),
]);
const warningsShape = z.object({ warnings: decisiveListOf(warningCode) });

/** An edition of an application to which a tenant could switch. */
export interface EditionTarget {
  applicationId: string;
  edition: string;
}

/**
 * The calls for editions.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (editions)
 */
export function createEditions(http: HttpClient) {
  return {
    /**
     * Checks the switch without making it. Returns the vendor's warnings, such as `SomePlansWillStopWorking`. Fails with
     * `rejected` when the switch is impossible; the reason names the items that are not available. Safe to repeat.
     */
    check: async (id: string, { applicationId, edition }: EditionTarget): Promise<string[]> => {
      const call = { operation: 'editions.check', route: 'GET /tenants/{id}/edition', id };
      const query = { target_edition: edition, application_id: applicationId };
      return (await http.read({ ...call, query }, warningsShape)).warnings;
    },
    /**
     * Switches the tenant to another edition; its offering items show the effect. Safe to repeat. Fails as `check` does.
     */
    async switch(id: string, { applicationId, edition }: EditionTarget): Promise<void> {
      const call = { operation: 'editions.switch', route: 'PUT /tenants/{id}/edition', id };
      const json = { target_edition: edition, application_id: applicationId };
      const { items } = await http.read({ ...call, json }, switchedShape);
      confirmRows(call, items, ({ tenant_id }) => ({ tenant_id: isSameTenant(id, tenant_id) }));
    },
  };
}
