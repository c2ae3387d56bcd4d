import { createHmac, timingSafeEqual } from 'node:crypto';
import type { VerificationFailure } from './kind.js';

/** How far the time of a signature may lie from our clock, both ways, in seconds. */
const TOLERANCE_S = 300;

/** HMAC-SHA256 of the parts, one after the other. */
export function hmac(key: string | Uint8Array, ...parts: (string | Uint8Array)[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** Compares in a time that depends on the lengths only. */
function isEqual(one: string | Uint8Array, other: string | Uint8Array): boolean {
  const [a, b] = [Buffer.from(one as string), Buffer.from(other as string)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Tries every pair, so that the time does not tell which one fits. */
export function anyEqual(given: readonly string[], expected: readonly string[]): boolean {
  return given.flatMap((one) => expected.map((other) => isEqual(one, other))).some(Boolean);
}

/** A time in whole seconds, written with digits only; undefined for anything else. */
export function readSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

export function missing(header: string): VerificationFailure {
  return { reason: 'missing', message: `The header ${header} is missing.` };
}

export function wrong(header: string): VerificationFailure {
  return {
    reason: 'wrong',
    message: `The signature in ${header} does not fit this body and the secrets of this source.`,
  };
}

/** Undefined while the time of a signature is near enough to our clock. */
export function outOfTime(seconds: number, now: Date): VerificationFailure | undefined {
  const age = Math.floor(now.getTime() / 1000) - seconds;
  if (Math.abs(age) <= TOLERANCE_S) return undefined;
  const past = age > 0;
  return {
    reason: past ? 'tooOld' : 'tooNew',
    message: `The signature was made ${Math.abs(age)} s ${past ? 'ago' : 'ahead of our clock'}; at most ${TOLERANCE_S} s are accepted.`,
  };
}
