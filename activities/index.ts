import type { ActivityDependencies } from './attempt.js';
import { createAccessActivities } from './access.js';
import { createAccountActivities } from './accounts.js';
import { createActorActivities, type ActorDependencies } from './actors.js';
import { createAdoptedItemActivities } from './adopted-items.js';
import { createAgentTokenActivities } from './agent-tokens.js';
import { createApiClientActivities } from './api-clients.js';
import { createApplicationActivities } from './applications.js';
import { createBrakeActivities, type BrakeDependencies } from './brake.js';
import { createChildActivities } from './children.js';
import { createContactUpdateActivities } from './contact-updates.js';
import { createDeletionActivities } from './deletion.js';
import { createEarlierForUserActivities } from './earlier-for-user.js';
import { createEarlierRunActivities } from './earlier-runs.js';
import { createEditionActivities } from './editions.js';
import { createCustomerAgreementActivities } from './customer-agreement.js';
import { createCustomerContentsActivities } from './customer-contents.js';
import { createCustomerTenantActivities } from './customer-tenants.js';
import { createCustomerActivities } from './customers.js';
import { createEntitlementActivities } from './entitlements.js';
import { createFactActivities, type FactDependencies } from './facts.js';
import type { RowDependencies } from './imported-rows.js';
import { createInputActivities, type InputDependencies } from './input.js';
import { createMemberActivities } from './members.js';
import { createMissingItemActivities } from './missing-items.js';
import { createNoticeActivities, type NoticeDependencies } from './notices.js';
import { createOffboardingActivities } from './offboardings.js';
import { createOfferingItemActivities } from './offering-items.js';
import { createOutgoingActivities, type OutgoingDependencies } from './outgoing-events.js';
import { createOutageActivities } from './outages.js';
import { createPartnerUpdateActivities } from './partner-updates.js';
import { createPlanApplicationActivities } from './plan-applications.js';
import { createPlanResourceActivities } from './plan-resources.js';
import { createPlanTermsActivities, type PlanTermsDependencies } from './plan-terms.js';
import { createPlanActivities } from './plans.js';
import { createPricingActivities } from './pricing.js';
import { createProbeActivities } from './probe.js';
import { createProtectionActivities } from './protection.js';
import { createQuestionActivities, type QuestionDependencies } from './questions.js';
import { createReportOrderActivities } from './report-orders.js';
import { createReportActivities, type ReportDependencies } from './reports.js';
import { createResourceGroupActivities } from './resource-groups.js';
import { createRestorationActivities } from './restoration.js';
import { createRolloutActivities } from './rollouts.js';
import { createSameOrderActivities } from './same-order.js';
import { createSecretActivities } from './secrets.js';
import { createSourceSyncActivities } from './source-sync.js';
import { createStillUsableActivities } from './still-usable.js';
import { createSubscriptionOwnerActivities } from './subscription-owners.js';
import { createTargetActivities } from './targets.js';
import { createTenantListingActivities } from './tenant-listing.js';
import { createTenantChangeActivities } from './tenant-changes.js';
import { createTenantActivities } from './tenants.js';
import { createTriesSoFarActivities } from './tries-so-far.js';
import { createTruthActivities, type TruthDependencies } from './truth.js';
import { createTurnClaimActivities } from './turn-claims.js';
import { createTurnWatchActivities } from './turn-watch.js';
import { createTurnActivities } from './turns.js';
import { createTwoFactorActivities } from './two-factor.js';
import { createUserActivities } from './users.js';

export type { ArtefactFile, ArtefactStore } from '../contract/artefacts.js';
export type { ActivityDependencies } from './attempt.js';
export type { InputDependencies } from './input.js';
export type { Messenger, NoticeDependencies } from './notices.js';
export type { DeliveryResult, OutgoingDependencies, OutgoingDoor } from './outgoing-events.js';
export type { AttemptReport, Observer } from './observer.js';
export { pendingAttempt } from './pending-attempt.js';
export { BudgetSlots } from './call-turns.js';
export { CloudSlots, type AttemptSlots as Slots } from './cloud-slots.js';
export { UnknownCloud } from './failures.js';
export { SourceNotReadable, type ChangeOf, type Truth, type TruthPage } from './truth.js';
export type { QuestionDependencies } from './questions.js';
export type { ImportedRows } from './imported-rows.js';

type AllDependencies = ReportDependencies &
  InputDependencies &
  NoticeDependencies &
  EventDependencies &
  BrakeDependencies &
  ActorDependencies &
  OutgoingDependencies &
  RowDependencies &
  QuestionDependencies;

/** Every activity of the product, made from what the worker has assembled. */
export function createActivities(dependencies: AllDependencies) {
  return {
    ...createInputActivities(dependencies),
    ...createTenantReadingActivities(dependencies),
    ...createStillUsableActivities(dependencies),
    ...createTenantActivities(dependencies),
    ...createTenantChangeActivities(dependencies),
    ...createContactUpdateActivities(dependencies),
    ...createTemporalActivities(dependencies),
    ...createSameOrderActivities(dependencies),
    ...createItemActivities(dependencies),
    ...createApplicationActivities(dependencies),
    ...createTwoFactorActivities(dependencies),
    ...createUserActivities(dependencies),
    ...createAccessActivities(dependencies),
    ...createAccountActivities(dependencies),
    ...createAgentTokenActivities(dependencies),
    ...createApiClientActivities(dependencies),
    ...createSecretActivities(dependencies),
    ...createMemberActivities(dependencies),
    ...createOffboardingActivities(dependencies),
    ...createActivitiesForPlans(dependencies),
    ...createDeletionActivities(dependencies),
    ...createRestorationActivities(dependencies),
    ...createReportActivities(dependencies),
    ...createReportOrderActivities(dependencies),
    ...createPartnerUpdateActivities(dependencies),
    ...createPricingActivities(dependencies),
    ...createProbeActivities(dependencies),
    ...createProtectionActivities(dependencies),
    ...createQuestionActivities(dependencies),
    ...createNoticeActivities(dependencies),
    ...createActorActivities(dependencies),
    ...createEventActivities(dependencies),
    ...createOutgoingActivities(dependencies),
  };
}

/** The activities that find and read tenants. */
function createTenantReadingActivities(dependencies: ActivityDependencies & { environment: string }) {
  return {
    ...createTargetActivities(dependencies),
    ...createCustomerTenantActivities(dependencies),
    ...createCustomerContentsActivities(dependencies),
    ...createTenantListingActivities(dependencies),
  };
}

function createActivitiesForPlans(dependencies: ActivityDependencies) {
  return {
    ...createPlanActivities(dependencies),
    ...createPlanApplicationActivities(dependencies),
    ...createPlanResourceActivities(dependencies),
    ...createResourceGroupActivities(dependencies),
  };
}

type EventDependencies = FactDependencies & PlanTermsDependencies & TruthDependencies;

/** The activities that read what senders say. */
function createEventActivities(dependencies: EventDependencies) {
  return {
    ...createFactActivities(dependencies),
    ...createPlanTermsActivities(dependencies),
    ...createTruthActivities(dependencies),
    ...createSourceSyncActivities(dependencies),
  };
}

/** The activities about offering items of tenants. */
function createItemActivities(dependencies: ActivityDependencies) {
  return {
    ...createAdoptedItemActivities(dependencies),
    ...createOfferingItemActivities(dependencies),
    ...createMissingItemActivities(dependencies),
    ...createEditionActivities(dependencies),
    ...createEntitlementActivities(dependencies),
  };
}

/** The activities that ask only Temporal. */
function createTemporalActivities(dependencies: BrakeDependencies & RowDependencies) {
  return {
    ...createBrakeActivities(dependencies),
    ...createChildActivities(),
    ...createCustomerActivities(),
    ...createCustomerAgreementActivities(),
    ...createSubscriptionOwnerActivities(),
    ...createRolloutActivities(dependencies),
    ...createTurnActivities(),
    ...createTurnClaimActivities(),
    ...createTurnWatchActivities(),
    ...createEarlierRunActivities(),
    ...createTriesSoFarActivities(),
    ...createEarlierForUserActivities(),
    ...createOutageActivities(),
  };
}

/** What workflows know of the activities: their names, arguments and answers, never their code. */
export type Activities = ReturnType<typeof createActivities>;
