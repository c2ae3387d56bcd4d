import type { MarkedTenant } from '../../activities/tenant-adoption.js';
import type { WantedItem } from '../../activities/offer.js';
import type { OperationContext } from '../kernel/operation.js';
import { RESTORES_ADOPTED_SETTINGS } from '../../contract/revision.js';
import type { UndoName, UndoCall } from '../kernel/undos.js';

interface WithUndo<U extends UndoName> {
  undo?: UndoCall<U>;
}

/** The undos of the steps that set up a tenant. */
export interface SettingUndos {
  items?: WithUndo<'restoreItems'>;
  twoFactor?: WithUndo<'restoreTwoFactor'>;
  production?: WithUndo<'accountForProduction'>;
  access?: WithUndo<'restoreTenant'>;
}

/**
 * The undos that restore the settings of a tenant that an earlier run created. Call it only with the turn at the
 * tenant. A tenant of this run is removed as a whole, so there is nothing to restore.
 */
export async function findAdoptedUndos(
  { steps, cloud, revision }: Pick<OperationContext<unknown>, 'steps' | 'cloud' | 'revision'>,
  { tenantId, ownership, there }: MarkedTenant,
  { items, twoFactor }: { items: WantedItem[]; twoFactor: boolean },
): Promise<SettingUndos> {
  if (ownership === 'ours' || revision < RESTORES_ADOPTED_SETTINGS) return {};
  const place = { cloud, tenantId };
  const [held, second] = await steps.allSettled(
    steps.lookUp('findHeldItems', place, { summary: 'What has it now?' }),
    twoFactor ? steps.lookUp('findTwoFactor', place, { summary: 'Does it demand a second factor?' }) : undefined,
  );
  const before = held.filter(({ name }) => items.some((item) => item.name === name));
  return {
    items: { undo: ['restoreItems', { ...place, items, before, came: null }] },
    ...(second?.duty === true
      ? {}
      : { twoFactor: { undo: ['restoreTwoFactor', { ...place, known: second != null }] } }),
    ...(there?.production === true ? {} : { production: { undo: ['accountForProduction', place] } }),
    ...(there?.keepsOut === true
      ? {}
      : { access: { undo: ['restoreTenant', { ...place, to: { ancestral_access: true }, came: null }] } }),
  };
}
