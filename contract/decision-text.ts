import { actorText } from './actors.js';
import type { Decision } from './decisions.js';

/** Who has decided what, where, when and why. */
export function decisionText({ choice, step, at, reason, ...by }: Decision): string {
  return `${actorText(by)} chose ${choice} for ${step} at ${at} (${reason})`;
}
