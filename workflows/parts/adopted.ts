import type { MarkedTenant } from '../../activities/tenant-adoption.js';
import type { WantedItem } from '../../activities/offer.js';
import type { OperationContext } from '../kernel/operation.js';
import { PUTS_BACK } from '../../contract/revision.js';
import type { UndoName, UndoCall } from '../kernel/undos.js';

interface Back<U extends UndoName> {
  undo?: UndoCall<U>;
}

/** The undos of the steps that set up a tenant. */
export interface SettingUndos {
  items?: Back<'restoreItems'>;
  twoFactor?: Back<'restoreTwoFactor'>;
  production?: Back<'accountForProduction'>;
  access?: Back<'restoreTenant'>;
}

/**
 * How to put back what this run is about to set in a tenant that an earlier run has made. Only once this run has the turn there. What this run has
 * made itself is removed as a whole, so there is nothing to put back.
 */
export async function undosForAdopted(
  { steps, cloud, revision }: Pick<OperationContext<unknown>, 'steps' | 'cloud' | 'revision'>,
  { tenantId, ownership, there }: MarkedTenant,
  { items, twoFactor }: { items: WantedItem[]; twoFactor: boolean },
): Promise<SettingUndos> {
  if (ownership === 'ours' || revision < PUTS_BACK) return {};
  const place = { cloud, tenantId };
  const [held, second] = await steps.allSettled(
    steps.lookUp('findHeldItems', place, { summary: 'What has it now?' }),
    twoFactor ? steps.lookUp('findTwoFactor', place, { summary: 'Does it demand a second factor?' }) : undefined,
  );
  const before = held.filter(({ name }) => items.some((item) => item.name === name));
  return {
    items: { undo: ['restoreItems', { ...place, items, before }] },
    ...(second?.duty === true
      ? {}
      : { twoFactor: { undo: ['restoreTwoFactor', { ...place, known: second != null }] } }),
    ...(there?.production === true ? {} : { production: { undo: ['accountForProduction', place] } }),
    ...(there?.keepsOut === true
      ? {}
      : { access: { undo: ['restoreTenant', { ...place, to: { ancestral_access: true }, came: null }] } }),
  };
}
