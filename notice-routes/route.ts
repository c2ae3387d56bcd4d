import type { RoutedNotice, Severity } from '../contract/notice-queue.js';
import type { Notice } from '../contract/notices.js';
import { DEFAULT_CLOUD } from '../contract/ids.js';
import { causeOf, nameOf, withoutLongTexts } from './cause.js';
import type { NoticesFile, Route } from './notices-file.js';
import { digestTimes, quietTimes } from './times.js';

const DAY_MS = 24 * 3_600_000;

/** What routes are chosen by. */
export interface NoticeTraits {
  severity: Severity;
  about: RouteAbout;
  source?: string | undefined;
  cloud?: string | undefined;
  operation?: string | undefined;
}

/** What a notice can be about, for routes: that a cloud is back belongs to the notices about clouds. */
export const routeAbouts = ['run', 'cloud', 'brake', 'rollout', 'customer', 'onboarding', 'source'] as const;
export type RouteAbout = (typeof routeAbouts)[number];

/** A notice with the names of the targets that get it; none means that only the log has it. */
export interface Routing {
  route: Route;
  targets: readonly string[];
  routed: Omit<RoutedNotice, 'id'>;
}

/** Where a notice goes, and when. `clouds` are those of this system; they are needed to read ids of runs. */
export function routeNotice(
  file: NoticesFile,
  notice: Notice,
  { clouds, now }: { clouds: readonly string[]; now: number },
): Routing {
  const traits = traitsOf(notice, clouds, now);
  const route = chooseRoute(file, traits);
  const { severity } = traits;
  const routed = {
    notice: withoutLongTexts(notice),
    severity,
    cause: causeOf(notice, traits.cloud ?? ''),
    name: nameOf(notice),
    gatherMs: file.gatherMs,
    againMs: file.againMs,
    times: timesOf(file, route, severity, now),
  };
  return { route, targets: route.to, routed };
}

/** The first route that fits. The last one fits everything. */
export function chooseRoute({ routes }: NoticesFile, traits: NoticeTraits): Route {
  return routes.find(({ when }) => fits(when, traits)) ?? routes.at(-1)!;
}

/** When a notice of this severity may be sent on this route. */
export function timesOf(file: NoticesFile, route: Route, severity: Severity, now: number): RoutedNotice['times'] {
  if (severity === 'urgent') return { quiet: [] };
  if (route.digest) return { quiet: [], digest: digestTimes(file.digest!, file.timezone, now) };
  return { quiet: route.quiet ? quietTimes(file.quiet, file.timezone, now) : [] };
}

/** `urgent` cannot wait for the morning: a whole cloud, the brake, and a run that goes on without a person within a day. */
export function severityOf(notice: Notice, now: number): Severity {
  switch (notice.about) {
    case 'cloud':
    case 'brake':
      return 'urgent';
    case 'cloud-back':
      return 'low';
    case 'run':
      return notice.until !== undefined && Date.parse(notice.until) - now < DAY_MS ? 'urgent' : 'normal';
    case 'rollout':
    case 'customer':
    case 'onboarding':
    case 'source':
      return 'normal';
  }
}

export function traitsOf(notice: Notice, clouds: readonly string[], now: number): NoticeTraits {
  const severity = severityOf(notice, now);
  const about = notice.about === 'cloud-back' ? 'cloud' : notice.about;
  switch (notice.about) {
    case 'run':
      return { severity, about, operation: notice.operation, cloud: cloudIn(notice.run, clouds) };
    case 'rollout':
      return { severity, about, cloud: cloudIn(notice.rollout, clouds) };
    case 'source':
      return { severity, about, source: notice.source };
    case 'cloud':
    case 'cloud-back':
    case 'brake':
    case 'customer':
    case 'onboarding':
      return { severity, about, cloud: notice.cloud };
  }
}

/** The cloud in an id such as `addUser:eu:key`. Ids of the default cloud do not name it. */
function cloudIn(id: string, clouds: readonly string[]): string {
  const [, second = '', ...rest] = id.split(':');
  return rest.length > 0 && clouds.includes(second) ? second : DEFAULT_CLOUD;
}

function fits(when: Route['when'], { severity, about, source, cloud, operation }: NoticeTraits): boolean {
  const names = (list: readonly string[] | undefined, one: string | undefined) =>
    list === undefined || (one !== undefined && list.includes(one));
  return (
    names(when.severity, severity) &&
    names(when.about, about) &&
    names(when.sources, source) &&
    names(when.clouds, cloud) &&
    names(when.operations, operation)
  );
}
