import { digest } from '../catalogue/input.js';

const SHORT = 12;

/** Stands for a run or a happening in a list that must stay small. */
export function shortened(...parts: string[]): string {
  return digest(JSON.stringify(parts)).slice(0, SHORT);
}

/** The id of an event, always the same for the same happening: a receiver can drop what it has got already. */
export function eventId(...happening: string[]): string {
  return `evt_${digest(JSON.stringify(happening))}`;
}
