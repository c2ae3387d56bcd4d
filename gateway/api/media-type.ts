import { Problem } from './problem.js';

/**
 * The media type that fits a header "Accept" best; the first one without a header, or where several fit equally. Fails
 * as 406 when none fits.
 */
export function mediaType<Type extends string>(accept: string | undefined, offered: readonly [Type, ...Type[]]): Type {
  const ranges = (accept?.trim() || '*/*').split(',').map(rangeOf);
  const rated = offered.map((type) => ({ type, weight: weightOf(type, ranges) }));
  const best = rated.reduce((one, other) => (other.weight > one.weight ? other : one));
  if (best.weight > 0) return best.type;
  throw new Problem(406, 'Unreadable', `This answers ${offered.join(' or ')}: ask for one of them with "Accept".`);
}

interface Range {
  range: string;
  weight: number;
}

function rangeOf(text: string): Range {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((one) => one.startsWith('q='))?.slice(2) ?? '1';
  return { range, weight: Number(weight) || 0 };
}

/** The most specific range that covers a type counts. */
function weightOf(type: string, ranges: readonly Range[]): number {
  for (const wanted of [type, `${type.split('/')[0]}/*`, '*/*']) {
    const range = ranges.find((one) => one.range === wanted);
    if (range !== undefined) return range.weight;
  }
  return 0;
}
