import type { Completed } from './status.js';

/** Who gets access by a run, as its input names the person. */
export interface PersonOfRun {
  login?: string;
  email?: string;
}

interface Known {
  person?: PersonOfRun;
  /** The management console of the cloud. */
  consoleUrl?: string | undefined;
}

const MAIL = 'sendActivationEmail';

/** In one line what a completed run has made or found: tenant, user, mail and console. Undefined when it has neither. */
export function resultText(status: Completed, { person = {}, consoleUrl }: Known = {}): string | undefined {
  const { tenantId, userId, steps } = status;
  const isMailed = steps.some(({ name, state }) => name === MAIL && state === 'done');
  const parts = [
    ...(tenantId === undefined ? [] : [`tenant ${tenantId}`]),
    ...(userId === undefined
      ? []
      : [person.login === undefined ? `user ${userId}` : `user ${person.login} (${userId})`]),
    ...(isMailed
      ? [person.email === undefined ? 'activation mail sent' : `activation mail sent to ${person.email}`]
      : []),
  ];
  if (parts.length === 0) return undefined;
  return `result: ${[...parts, ...(consoleUrl === undefined ? [] : [`console ${consoleUrl}`])].join(', ')}`;
}
