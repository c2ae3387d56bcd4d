import type { CalendarKind } from './calendar.js';
import type { MismatchKind } from './reconcile.js';
import type { SourceHealth } from './source-health.js';

/** What comes to a customer. */
export const calendarWords: Readonly<Record<CalendarKind, string>> = {
  suspend: 'is suspended',
  delete: 'is deleted',
  trialEnd: 'trial ends',
  end: 'subscription ends',
  ask: 'a person is asked',
};

/** The headings of what does not agree. */
export const mismatchWords: Readonly<Record<MismatchKind, string>> = {
  soldWithoutTenant: 'Sold, and there is no tenant',
  tenantWithoutSale: 'A tenant, and nothing is sold',
  soldIsNotSet: 'Set otherwise than sold',
  notSold: 'Set, and not sold',
  suspendedAndBilled: 'Disabled, and still billed',
};

export const sendsWords: Readonly<Record<SourceHealth['sends'], string>> = {
  yes: 'it sends',
  no: 'it does not send',
  unknown: 'whether it sends is not known',
};

/** What is known of a source, in lines. */
export interface SourceTexts {
  /** Its events. */
  heard: string[];
  /** Its signatures, as one gateway has seen them; none where no gateway answers. */
  signed: string[];
  /** Its listings. */
  listed: string[];
}

export function sourceTextsOf({ lastEvent, silence, signatures, sync }: SourceHealth): SourceTexts {
  const usual = silence?.usualSeconds === undefined ? '' : `, at most ${timeText(silence.usualSeconds)} is usual`;
  const type = lastEvent?.type === undefined ? '' : ` ${lastEvent.type}`;
  return {
    heard: [
      lastEvent === undefined ? 'no event is known' : `last event: ${lastEvent.at}${type}`,
      ...(silence === undefined ? [] : [`silent for ${timeText(silence.seconds)}${usual}`]),
    ],
    signed: signatureTexts(signatures),
    listed: syncTexts(sync),
  };
}

function signatureTexts(signatures: SourceHealth['signatures']): string[] {
  if (signatures === undefined) return [];
  const { since, good, bad, lastGood, lastBad } = signatures;
  return [
    `signatures since ${since}: ${good} good, ${bad} refused`,
    ...(lastGood === undefined ? [] : [`last good one: ${lastGood.at}`]),
    ...(lastBad === undefined ? [] : [`last refused one: ${lastBad.at}, because ${lastBad.reason}`]),
  ];
}

function syncTexts(sync: SourceHealth['sync']): string[] {
  if (sync === undefined) return ['it is not listed: its API is not read'];
  const { running, last, failed, next, notDaily } = sync;
  const unusable = last === undefined || last.unusable === 0 ? '' : `, ${last.unusable} need a person`;
  return [
    last === undefined
      ? 'no listing of it is known'
      : `last listed: ${last.at}, ${last.listed} objects, ${last.delivered} facts${unusable}`,
    ...(failed === undefined ? [] : [`the listing of ${failed.at} is not believed: ${failed.why}`]),
    ...(running === undefined ? [] : [`being listed since ${running.since}: ${running.run}`]),
    ...(next === undefined ? [] : [`listed next: ${next}`]),
    ...(notDaily === undefined ? [] : [`not listed daily: ${notDaily}`]),
  ];
}

/** A time in the largest unit that says enough. */
function timeText(seconds: number): string {
  const [unit, size] = (
    [
      ['days', 86_400],
      ['hours', 3600],
      ['minutes', 60],
    ] as const
  ).find(([, one]) => seconds >= 2 * one) ?? ['seconds', 1];
  return `${Math.round(seconds / size)} ${unit}`;
}
