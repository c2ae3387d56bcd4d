import type { FoundMember } from '../../activities/members.js';
import type { Activation } from '../../contract/orders.js';
import { CHECKS_REFERENCES } from '../../contract/revision.js';
import type { StepName } from '../kernel/activity-calls.js';
import type { Steps } from '../kernel/steps.js';

interface Reader {
  cloud: string;
  /** Of the run. */
  revision: number;
}

interface Reference extends Reader {
  /** Absent when the order refers to no secret. */
  secretRef: string | undefined;
  /** The field of the order with the reference. */
  field: string;
}

/** The step that reads a secret of the order in advance, if the order refers to one. */
export function secretSteps(of: object | undefined, revision: number): StepName[] {
  return of && 'secretRef' in of && revision >= CHECKS_REFERENCES ? ['checkSecret'] : [];
}

/** Checks before the first change whether this worker can read a secret that the order refers to. */
export async function checkSecret(
  steps: Pick<Steps, 'lookUp'>,
  { cloud, secretRef, field, revision }: Reference,
): Promise<void> {
  if (secretRef === undefined || revision < CHECKS_REFERENCES) return;
  await steps.lookUp('checkSecret', { cloud, secretRef, field }, { summary: `Can ${secretRef} be read?` });
}

/**
 * Checks the secret of a new user's password. A user who is active already keeps their password, so the secret may be
 * gone by then. When the user could not be looked up, it is checked too: so all refusals are reported together.
 */
export async function checkPassword(
  steps: Pick<Steps, 'lookUp' | 'leaveOut'>,
  { activation, ...reader }: Reader & { activation: Activation },
  member: Promise<FoundMember> | undefined,
): Promise<void> {
  const [step] = secretSteps(activation, reader.revision);
  if (step === undefined || activation.by !== 'password') return;
  const known = await member?.catch(() => undefined);
  if (known?.activated) return steps.leaveOut(step);
  await checkSecret(steps, { ...reader, secretRef: activation.secretRef, field: 'activation.secretRef' });
}

/** The step that checks the artefact store in advance. */
export function storeSteps(revision: number): StepName[] {
  return revision >= CHECKS_REFERENCES ? ['checkArtefactStore'] : [];
}

/** Checks before the first change whether the artefact store accepts files. */
export async function checkArtefactStore(steps: Pick<Steps, 'lookUp'>, { cloud, revision }: Reader): Promise<void> {
  if (revision < CHECKS_REFERENCES) return;
  await steps.lookUp('checkArtefactStore', { cloud }, { summary: 'Can the report be stored?' });
}
