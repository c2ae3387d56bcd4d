import type { MarkedTenant } from '../../activities/tenant-adoption.js';
import type { WantedItem } from '../../activities/offer.js';
import type { Begun } from '../kernel/operation.js';
import { PUTS_BACK } from '../../contract/revision.js';
import type { UndoName, UndoTelling } from '../kernel/undos.js';

interface Back<U extends UndoName> {
  undo?: UndoTelling<U>;
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
export async function undosWhereAdopted(
  { run, cloud, revision }: Pick<Begun<unknown>, 'run' | 'cloud' | 'revision'>,
  { tenantId, ownership, there }: MarkedTenant,
  { items, twoFactor }: { items: WantedItem[]; twoFactor: boolean },
): Promise<SettingUndos> {
  if (ownership === 'ours' || revision < PUTS_BACK) return {};
  const place = { cloud, tenantId };
  const [held, second] = await run.together(
    run.look('findHeldItems', place, { summary: 'What has it now?' }),
    twoFactor ? run.look('findTwoFactor', place, { summary: 'Does it demand a second factor?' }) : undefined,
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
