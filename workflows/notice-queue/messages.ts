import { severities, type RoutedNotice } from '../../contract/notice-queue.js';

const LONGEST_TEXT = 500;
const MOST_TIMES = 100;

type Unread<T> = Partial<Record<keyof T, unknown>>;

/** A notice if it is one: anybody can send the signal. */
export function readRouted(content: unknown): RoutedNotice | undefined {
  const { id, cause, name, severity, notice, gatherMs, againMs, times } = partsOf<Unread<RoutedNotice>>(content);
  const { quiet, digest } = partsOf<Unread<RoutedNotice['times']>>(times);
  const isRouted =
    [id, cause, name].every((text) => typeof text === 'string' && text.length <= LONGEST_TEXT) &&
    severities.some((one) => one === severity) &&
    typeof partsOf<{ about: unknown }>(notice).about === 'string' &&
    [gatherMs, againMs].every((length) => isTime(length) && length >= 0) &&
    isList(quiet, (pair) => isList(pair, isTime) && pair.length === 2) &&
    (digest === undefined || isList(digest, isTime));
  return isRouted ? (content as RoutedNotice) : undefined;
}

function isList(content: unknown, isOne: (one: unknown) => boolean): content is unknown[] {
  return Array.isArray(content) && content.length <= MOST_TIMES && content.every(isOne);
}

function isTime(content: unknown): content is number {
  return typeof content === 'number' && Number.isFinite(content);
}

function partsOf<T>(content: unknown): Partial<T> {
  return typeof content === 'object' && content !== null ? content : {};
}
