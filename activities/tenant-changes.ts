import { isAcronisError, type Acronis, type Tenant, type TenantChange } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { hasSign, markWithoutUndo, tagForRestored } from '../contract/mark.js';
import type { UndoOutcome } from '../contract/steps.js';
import { activity } from './activity.js';
import { earlierTries } from './attempt.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { refuse } from './failures.js';
import { changeMissing, foundDone, lookAgain } from './lost-answers.js';
import { hasTexts, fieldsBefore, type ReconciledChange } from './tenant-texts.js';
import { beginUndo, hasBegun, leaveAsIs, outcomeSoFar, type AnsweredStep, type UndoResult } from './undo.js';

/** The switches of a tenant, as the vendor names them. */
export interface TenantSwitches {
  enabled?: boolean;
  ancestral_access?: boolean;
  update_lock?: { enabled: boolean };
}

/** What a run can set of a tenant. Of a contact only the given fields count. */
export type TenantSettings = TenantSwitches & ReconciledChange;

/** What is known of a change of this run. */
export interface Changed {
  /** The version of the tenant after it; absent when it is not known. */
  version?: number;
  /** The texts that were overwritten; absent when there were none. */
  before?: ReconciledChange;
  /**
   * True when a person may have made the change: the tenant was so already after a block, or a look after a call without
   * answer had shown that it was not.
   */
  doubtful?: true;
}

interface SwitchSpec extends TenantSpec, StepTries {
  /** The version in which the run has found the tenant; absent where a change that is taken back is made again. */
  since?: number;
  /** The version that a person has looked at since, before the step was tried again. */
  shown?: number;
}

interface FormerSettings extends TenantSpec, AnsweredStep<Changed> {
  /** As the run has found it. */
  to: TenantSettings;
  /** The version in which the run has found the tenant, where that is known. */
  since?: number;
}

/**
 * Each reads the version before it uses it, and changes nothing when the tenant is so already, so a repeat is safe.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/ (tenants)
 */
export function createTenantChangeActivities(dependencies: ActivityDependencies) {
  const setTo = (to: TenantSwitches) =>
    activity.change(
      dependencies,
      async (spec: SwitchSpec, attempt: Attempt) =>
        await changeTenant(spec, (tenant) => switchesNeeded(tenant, to, spec, attempt), attempt),
    );
  return {
    /**
     * Disables a tenant: nobody in it or below it can log in, its services stop, its data stay. With `since`, fails with
     * `Tenantry.Unexpected` when somebody may have enabled it after a change of this run that got no answer; the version
     * that the failure carries, given back as `shown`, is disabled.
     */
    disableTenant: setTo({ enabled: false }),
    enableTenant: setTo({ enabled: true }),
    /** Ends our own access to the users and children of the tenant. */
    limitAdministratorAccess: setTo({ ancestral_access: false }),
    allowAdministratorAccess: setTo({ ancestral_access: true }),
    /** From then on only the API client's own tenant may change it. */
    lockTenant: setTo({ update_lock: { enabled: true } }),
    unlockTenant: setTo({ update_lock: { enabled: false } }),
    /**
     * Puts the settings of a tenant back while the tenant still has the version of this run's change, or after a lost
     * answer the version that the change would have made. A tenant with another version is named as a leftover, because
     * others have changed it, and so is one of which neither version is known, or which a person may have changed in the
     * place of this run while it was blocked. When the settings are back already after a lost answer, it gives the tenant
     * a new version, so that the lost call fails if it arrives late. When that is not possible, it looks during a minute
     * and then names the tenant. Safe to repeat.
     */
    restoreTenant: activity.undo(dependencies, restoreTenant),
  };
}

/**
 * Makes the changes that a tenant needs, with the version in which it was read. Safe to repeat: `changesOf` gives none
 * for a tenant that is as wanted.
 */
export async function changeTenant(
  { tenantId, ...tries }: TenantSpec & StepTries,
  changesOf: (tenant: Tenant) => TenantSettings,
  attempt: Attempt,
): Promise<Outcome<Changed | null>> {
  const { acronis, mayHaveActed } = attempt;
  const tenant = await acronis.tenants.get(tenantId);
  const changes = changesOf(tenant);
  const maybeDone = earlierTries(tries, attempt) === 'maybeDone';
  const doubt = maybeDone && !mayHaveActed ? ({ doubtful: true } as const) : foundDone(attempt);
  if (Object.keys(changes).length === 0) return { result: doubt, adopted: true, changed: maybeDone };
  const change: TenantChange = {
    version: tenant.version,
    ...changes,
    // this change decides the switch now, so the sign of our undo is removed from the tag
    ...(changes.enabled !== undefined && hasSign(tenant.internal_tag)
      ? { internal_tag: markWithoutUndo(tenant.internal_tag) }
      : {}),
  };
  const update = async () => await acronis.tenants.update(tenantId, change);
  const { version } = await changeMissing(attempt, maybeDone, update);
  const { enabled: _enabled, ancestral_access: _access, update_lock: _lock, ...texts } = changes;
  const before = fieldsBefore(tenant, texts);
  return { result: { version, ...(Object.keys(before).length > 0 && { before }) } };
}

/**
 * The switches that a tenant needs. A change of ours raises the version by one, and so does a change by others; after a
 * change without an answer, two of them can be ours and the one that takes it back.
 */
function switchesNeeded(tenant: Tenant, to: TenantSwitches, spec: SwitchSpec, attempt: Attempt): TenantSwitches {
  const { id, version } = tenant;
  const { since, shown, ...tries } = spec;
  if (isSetTo(tenant, to)) return {};
  const maybeTakenBack = since !== undefined && version > since + 1 && earlierTries(tries, attempt) === 'maybeDone';
  if (!maybeTakenBack || shown === version) return to;
  const asked = JSON.stringify(to);
  throw refuse(
    FailureType.Unexpected,
    `a change of ${id} to ${asked} got no answer, and others have changed it since: perhaps somebody has taken it back. ` +
      'Look at it in the console; then retry, which sets this again, or abort',
    { shown: version },
  );
}

async function restoreTenant(spec: FormerSettings, attempt: Attempt): Promise<UndoResult> {
  const { tenantId, came, doubted = false } = spec;
  const to = came?.before ?? spec.to;
  const outcome = await switchBack(spec, attempt);
  if (!('asBefore' in outcome)) return { result: outcome };
  if (hasBegun(attempt) || !doubted || (await bumpVersion(attempt.acronis, outcome.asBefore, to)))
    return { result: outcomeSoFar(attempt) };
  const late = await lookAgain(attempt, async () => {
    const seen = await switchBack(spec, attempt);
    return 'asBefore' in seen ? undefined : seen;
  });
  const reason = `a call that was never answered may still change ${JSON.stringify(to)}`;
  return { result: late ?? leaveAsIs('setting', tenantId, reason) };
}

export const CHANGED_SINCE = 'others have changed it since, so it is not known who wants it as it is';

/** The version that a tenant has after the change of this run and no other; undefined when nobody can tell. */
export function versionOfOwnChange(
  came: Pick<Changed, 'version' | 'doubtful'> | null | undefined,
  since: number | undefined,
): number | undefined {
  if (came?.doubtful) return undefined;
  return came?.version ?? (since === undefined ? undefined : since + 1);
}

/** Puts the settings back; answers with the tenant when they already are as they were before. */
async function switchBack(
  { tenantId, to: found, since, came }: FormerSettings,
  attempt: Attempt,
): Promise<UndoOutcome | { asBefore: Tenant }> {
  const { tenants } = attempt.acronis;
  const to = came?.before ?? found;
  const tenant = await tenants.get(tenantId, { allowDeleted: true });
  const { deleted_at, version } = tenant;
  if (deleted_at !== null)
    return leaveAsIs('tenant', tenantId, `it was deleted at ${deleted_at}; "restoreCustomer" may bring it back`);
  if (isSetTo(tenant, to)) return { asBefore: tenant };
  if (!hasBegun(attempt) && version !== versionOfOwnChange(came, since))
    return leaveAsIs('setting', tenantId, `${CHANGED_SINCE}; before, it was ${JSON.stringify(to)}`);
  beginUndo(attempt);
  await tenants.update(tenantId, { version, ...to } satisfies TenantChange);
  return outcomeSoFar(attempt);
}

function isSetTo(tenant: Tenant, to: TenantSettings): boolean {
  const { enabled, ancestral_access, update_lock } = tenant;
  return (
    hasTexts(tenant, to) &&
    (to.enabled ?? enabled) === enabled &&
    (to.ancestral_access ?? ancestral_access !== false) === (ancestral_access !== false) &&
    (to.update_lock?.enabled ?? update_lock?.enabled === true) === (update_lock?.enabled === true)
  );
}

/** The errors that mean that this client may not make the change. */
const refusals = ['forbidden', 'rejected', 'quota', 'taken'];

/**
 * Gives a tenant a new version without changing anything else: then a change that was never answered, and may arrive
 * late, fails. False when that is not possible. Safe to repeat.
 */
export async function bumpVersion(
  acronis: Acronis,
  { id, version, internal_tag }: Pick<Tenant, 'id' | 'version' | 'internal_tag'>,
  same: Omit<TenantChange, 'version'>,
): Promise<boolean> {
  // the sign of an undo counts in one version only, so the new version needs a new sign
  const sign = hasSign(internal_tag) ? { internal_tag: tagForRestored({ internal_tag, version }, version + 1) } : {};
  try {
    return (await acronis.tenants.renew(id, { version, ...same, ...sign })).version > version;
  } catch (error) {
    if (isAcronisError(error) && refusals.includes(error.kind)) return false;
    throw error;
  }
}
