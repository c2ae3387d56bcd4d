import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { didYouMean } from '../../contract/misspellings.js';
import type { Placement } from '../../contract/sales-plans.js';
import { placementFor } from '../../sales-plans/mapping.js';
import type { SalesPlan, SalesPlans } from '../../sales-plans/plans-file.js';
import { hasClouds, hasSecretStore } from '../../settings/client.js';
import { loadSourcesPath } from '../../settings/sources.js';
import type { Sources } from '../../sources/sources-file.js';
import { loadSources } from './event-files.js';
import { findings, findingsOfClouds, mergeFindings, type FileFindings } from './findings.js';

/** Where the customers of a plan are created: by the plan alone, or by a source that sells it. */
export interface PlacedPlan {
  plan: SalesPlan;
  placement: Placement;
  /** Present where the source has a part in the placement. */
  source?: string;
}

/** What is wrong with the sources and the clouds that the plans name. */
export async function findingsOfPlans({ plans }: SalesPlans): Promise<FileFindings> {
  const sources = await configuredSources();
  return mergeFindings(
    findingsOfSold(plans, sources),
    findingsOfClouds(namedClouds(placedPlans(plans, sources))),
    findingsOfProtect(plans),
  );
}

/** Undefined when TENANTRY_SOURCES is not set. */
export async function configuredSources(): Promise<Sources | undefined> {
  return loadSourcesPath() === undefined ? undefined : (await loadSources()).content;
}

/** Each plan in every place in which its customers may be created. */
export function placedPlans(plans: SalesPlans['plans'], sources: Sources = {}): PlacedPlan[] {
  return Object.values(plans).flatMap((plan) => {
    const sellers = Object.keys(Object.keys(plan.sold).length === 0 ? sources : plan.sold);
    const places = sellers.map((source) => ({ plan, placement: placementFor(plan, sources[source] ?? {}), source }));
    const elsewhere = places.filter(({ placement }) => !isSamePlace(placement, plan.placement));
    const isAlwaysElsewhere = sellers.length > 0 && elsewhere.length === sellers.length;
    return isAlwaysElsewhere ? elsewhere : [{ plan, placement: plan.placement }, ...elsewhere];
  });
}

function isSamePlace(one: Placement, other: Placement): boolean {
  return one.cloud === other.cloud && one.parentTenantId === other.parentTenantId;
}

function findingsOfSold(plans: SalesPlans['plans'], sources: Sources | undefined): FileFindings {
  const named = Object.values(plans).flatMap(({ name, sold }) =>
    Object.keys(sold).map((source) => ({ path: `plans.${name}.sold.${source}`, source })),
  );
  if (named.length === 0) return findings();
  if (sources === undefined) {
    const message = 'TENANTRY_SOURCES is not set';
    return findings({ unchecked: [{ path: 'whether the sources of "sold" exist', message }] });
  }
  const known = Object.keys(sources);
  const problems = named
    .filter(({ source }) => !known.includes(source))
    .map(({ path, source }) => ({ path, message: `sources.json has no source ${source}${didYouMean(source, known)}` }));
  return findings({ problems });
}

/** Whether the token for the installer can be stored, where a plan protects. */
function findingsOfProtect(plans: SalesPlans['plans']): FileFindings {
  const protecting = Object.values(plans).filter(({ protect }) => protect !== undefined);
  if (protecting.length === 0 || hasSecretStore()) return findings();
  const message = 'no secrets are kept here, and a worker stores the token for the installer';
  const remedy = 'Give the workers TENANTRY_SECRETS_STORE and TENANTRY_CODEC_KEYS: docs/protected.md';
  return findings({
    warnings: protecting.map(({ name }) => ({ path: `plans.${name}.protect`, message, remedy })),
  });
}

/** The clouds by the fields that name them. The cloud of a source belongs to the check of sources.json. */
function namedClouds(placed: readonly PlacedPlan[]): Map<string, string> {
  const named = new Map<string, string>();
  for (const { plan, placement } of placed) {
    const { cloud } = plan.placement;
    if (plan.ownPlacement.cloud !== undefined) named.set(`plans.${plan.name}.cloud`, plan.ownPlacement.cloud);
    else if (cloud !== undefined) named.set('defaults.cloud', cloud);
    else if (placement.cloud === undefined && hasClouds()) named.set('defaults.cloud', DEFAULT_CLOUD);
  }
  return named;
}
